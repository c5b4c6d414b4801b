// SPDX-License-Identifier: Apache-2.0
// Times of file-system entries as events. No parser of content: the facts come from Stream::meta, and the engine calls
// this once for each entry.
#pragma once

#include <span>
#include <string_view>

#include "artifacts/parser.h"
#include "model/sink.h"
#include "model/stream.h"

namespace triage {

/// Artifact ids of the events: inode times (NTFS $STANDARD_INFORMATION), and NTFS $FILE_NAME times apart.
inline constexpr std::string_view kFsTimesId = "fs.times";
inline constexpr std::string_view kFileNameTimesId = "ntfs.filename";
inline constexpr std::uint16_t kFsTimesVersion = 1;

/// One event per distinct stamp of the entry, with all meanings the stamp has; stamps that are not set give none,
/// stamps that are no date give an event without a time. Nothing for a stream without meta or without a path. The
/// locator is `base` without a range. A further name of an entry (alias_of) has the same stream key as the first:
/// ".n" and 16 hex digits of the SHA-256 of its path are added, so that its events have ids of their own.
void emit_fs_times(const Stream& stream, const Locator& base, EventSink& out);

/// The attributes of these events.
std::span<const FieldSpec> fs_times_fields();

}  // namespace triage
