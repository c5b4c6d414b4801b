// SPDX-License-Identifier: Apache-2.0
// Equal stamps of one entry are one event: a freshly written file is one row (created,modified,accessed,changed), not
// four. NTFS $FILE_NAME stamps are a set of their own, because programs that forge times seldom reach them.
#include "artifacts/fs_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "bytes/digest.h"

namespace triage {
namespace {

/// What all events of the entry have in common.
Event describe(const Stream& stream, const EntryMeta& meta, const Locator& base) {
  Event event;
  event.artifact_version = kFsTimesVersion;
  event.path = stream.path;
  event.object = stream.path;
  event.object_kind = stream.kind == StreamKind::kDirectory ? "directory" : "file";
  if (stream.kind != StreamKind::kDirectory) event.object_size = stream.size.value;
  event.sid = meta.sid;
  event.uid = meta.uid;
  event.source = stream.path;
  event.recovered = !meta.allocated || !meta.name_allocated;
  event.locator = base;
  event.locator.begin.reset();
  event.locator.length.reset();
  if (stream.alias_of) event.locator.stream += ".n" + sha256_hex(stream.path).substr(0, 16);
  event.attribute("inode", meta.inode);
  if (meta.mode) event.attribute("mode", fmt::format("{:06o}", *meta.mode));
  if (meta.link_target && !meta.link_target->empty()) event.attribute("link_target", *meta.link_target);
  return event;
}

void emit_set(std::span<const NamedStamp> stamps, std::string_view artifact, const Event& plain, EventSink& out) {
  for (const DistinctStamp& stamp : distinct_stamps(stamps)) {
    Event event = plain;
    event.artifact = artifact;
    event.when = *stamp.when;
    event.when_meaning = stamp.meaning;
    event.what = action_of_meaning(stamp.meaning);
    out.event(std::move(event));
  }
}

bool is_whole_second(const Timestamp& when) { return *when.utc_nanos % 1'000'000'000 == 0; }

}  // namespace

std::string_view action_of_meaning(MeaningSet meaning) {
  if (meaning.has(Meaning::kCreated)) return action::kFileCreated;
  if (meaning.has(Meaning::kDeleted)) return action::kFileDeleted;
  if (meaning.has(Meaning::kModified)) return action::kFileModified;
  if (meaning.has(Meaning::kChanged)) return action::kFileChanged;
  if (meaning.has(Meaning::kAccessed)) return action::kFileAccessed;
  return action::kOther;
}

std::vector<DistinctStamp> distinct_stamps(std::span<const NamedStamp> stamps) {
  std::vector<DistinctStamp> out;
  for (const NamedStamp& stamp : stamps) {
    if (stamp.when->status == TimeStatus::kNotSet) continue;
    const auto same =
        std::find_if(out.begin(), out.end(), [&](const DistinctStamp& one) { return *one.when == *stamp.when; });
    if (same == out.end()) {
      out.push_back({stamp.when, stamp.meaning});
    } else {
      same->meaning.add(stamp.meaning);
    }
  }
  return out;
}

std::string odd_times(const EntryTimes& inode, const EntryTimes& name) {
  std::string out;
  if (!inode.created.utc_nanos || !name.created.utc_nanos) return out;
  if (*inode.created.utc_nanos < *name.created.utc_nanos) out = "created_before_name";
  if (is_whole_second(inode.created) && !is_whole_second(name.created))
    out += out.empty() ? "created_whole_second" : "|created_whole_second";
  return out;
}

void emit_fs_times(const Stream& stream, const Locator& base, EventSink& out) {
  if (!stream.meta || stream.path.empty()) return;
  const EntryMeta& meta = *stream.meta;
  const Event plain = describe(stream, meta, base);
  static const Timestamp kNever;
  const std::array inode_stamps = {NamedStamp{&meta.times.created, Meaning::kCreated},
                                   NamedStamp{&meta.times.modified, Meaning::kModified},
                                   NamedStamp{&meta.times.accessed, Meaning::kAccessed},
                                   NamedStamp{&meta.times.changed, Meaning::kChanged},
                                   NamedStamp{meta.deleted ? &*meta.deleted : &kNever, Meaning::kDeleted},
                                   NamedStamp{meta.backed_up ? &*meta.backed_up : &kNever, Meaning::kBackedUp}};
  if (!meta.file_name_times) {
    emit_set(inode_stamps, kFsTimesId, plain, out);
    return;
  }
  Event own = plain;
  if (const std::string odd = odd_times(meta.times, *meta.file_name_times); !odd.empty())
    own.attribute(kOddTimes.name, odd);
  emit_set(inode_stamps, kFsTimesId, own, out);
  const EntryTimes& name = *meta.file_name_times;
  const std::array name_stamps = {
      NamedStamp{&name.created, Meaning::kCreated}, NamedStamp{&name.modified, Meaning::kModified},
      NamedStamp{&name.accessed, Meaning::kAccessed}, NamedStamp{&name.changed, Meaning::kChanged}};
  emit_set(name_stamps, kFileNameTimesId, plain, out);
}

std::span<const FieldSpec> fs_times_fields() {
  static constexpr std::array kFields = {
      FieldSpec{"inode", "count", "number of the entry in its file system (MFT entry on NTFS)"},
      FieldSpec{"mode", "octal", "file type and permissions as in POSIX st_mode"},
      FieldSpec{"link_target", "", "what a symbolic link points to"}, kOddTimes};
  return kFields;
}

}  // namespace triage
