// SPDX-License-Identifier: Apache-2.0
// Times of file-system entries as events. No parser of content: the facts come from Stream::meta, and the engine calls
// this once for each entry.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "artifacts/parser.h"
#include "model/sink.h"
#include "model/stream.h"

namespace triage {

/// Artifact ids of the events: inode times (NTFS $STANDARD_INFORMATION), and NTFS $FILE_NAME times apart.
inline constexpr std::string_view kFsTimesId = "fs.times";
inline constexpr std::string_view kFileNameTimesId = "ntfs.filename";
inline constexpr std::uint16_t kFsTimesVersion = 2;

/// One event per distinct stamp of the entry, with all meanings the stamp has; stamps that are not set give none,
/// stamps that are no date give an event without a time. Nothing for a stream without meta or without a path. The
/// locator is `base` without a range. A further name of an entry (alias_of) has the same stream key as the first:
/// ".n" and 16 hex digits of the SHA-256 of its path are added, so that its events have ids of their own.
void emit_fs_times(const Stream& stream, const Locator& base, EventSink& out);

/// What is odd about an NTFS entry's own stamps beside those of its name record, which programs that forge times seldom
/// reach: "created_before_name", "created_whole_second" (the name record has a fraction), joined by "|"; "" for
/// neither.
std::string odd_times(const EntryTimes& inode, const EntryTimes& name);
inline constexpr FieldSpec kOddTimes{
    "odd_times", "",
    "created_before_name, created_whole_second: the entry's own stamps beside those of its name record"};

struct NamedStamp {
  const Timestamp* when = nullptr;
  Meaning meaning = Meaning::kOther;
};
struct DistinctStamp {
  const Timestamp* when = nullptr;
  MeaningSet meaning;
};
/// Equal stamps as one with all their meanings, in the order given; those that are not set are left out.
std::vector<DistinctStamp> distinct_stamps(std::span<const NamedStamp> stamps);

/// What happened by what a stamp means: the strongest of created, deleted, modified, changed, accessed.
std::string_view action_of_meaning(MeaningSet meaning);

/// The attributes of these events.
std::span<const FieldSpec> fs_times_fields();

}  // namespace triage
