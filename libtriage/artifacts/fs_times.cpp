// SPDX-License-Identifier: Apache-2.0
// Equal stamps of one entry are one event: a freshly written file is one row (created,modified,accessed,changed), not
// four. NTFS $FILE_NAME stamps are a set of their own, because programs that forge times seldom reach them.
#include "artifacts/fs_times.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "bytes/digest.h"

namespace triage {
namespace {

struct Stamp {
  const Timestamp* when = nullptr;
  Meaning meaning = Meaning::kOther;
};

std::string_view action_of(MeaningSet meaning) {
  if (meaning.has(Meaning::kCreated)) return action::kFileCreated;
  if (meaning.has(Meaning::kDeleted)) return action::kFileDeleted;
  if (meaning.has(Meaning::kModified)) return action::kFileModified;
  if (meaning.has(Meaning::kChanged)) return action::kFileChanged;
  if (meaning.has(Meaning::kAccessed)) return action::kFileAccessed;
  return action::kOther;
}

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

void emit_set(std::span<const Stamp> stamps, std::string_view artifact, const Event& plain, EventSink& out) {
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    if (stamps[i].when->status == TimeStatus::kNotSet) continue;
    MeaningSet meaning;
    bool said = false;
    for (std::size_t j = 0; j < stamps.size(); ++j) {
      if (*stamps[j].when != *stamps[i].when) continue;
      said = said || j < i;
      meaning.add(stamps[j].meaning);
    }
    if (said) continue;
    Event event = plain;
    event.artifact = artifact;
    event.when = *stamps[i].when;
    event.when_meaning = meaning;
    event.what = action_of(meaning);
    out.event(std::move(event));
  }
}

}  // namespace

void emit_fs_times(const Stream& stream, const Locator& base, EventSink& out) {
  if (!stream.meta || stream.path.empty()) return;
  const EntryMeta& meta = *stream.meta;
  const Event plain = describe(stream, meta, base);
  static const Timestamp kNever;
  const std::array inode_stamps = {Stamp{&meta.times.created, Meaning::kCreated},
                                   Stamp{&meta.times.modified, Meaning::kModified},
                                   Stamp{&meta.times.accessed, Meaning::kAccessed},
                                   Stamp{&meta.times.changed, Meaning::kChanged},
                                   Stamp{meta.deleted ? &*meta.deleted : &kNever, Meaning::kDeleted},
                                   Stamp{meta.backed_up ? &*meta.backed_up : &kNever, Meaning::kBackedUp}};
  emit_set(inode_stamps, kFsTimesId, plain, out);
  if (!meta.file_name_times) return;
  const EntryTimes& name = *meta.file_name_times;
  const std::array name_stamps = {Stamp{&name.created, Meaning::kCreated}, Stamp{&name.modified, Meaning::kModified},
                                  Stamp{&name.accessed, Meaning::kAccessed}, Stamp{&name.changed, Meaning::kChanged}};
  emit_set(name_stamps, kFileNameTimesId, plain, out);
}

std::span<const FieldSpec> fs_times_fields() {
  static constexpr std::array kFields = {
      FieldSpec{"inode", "count", "number of the entry in its file system (MFT entry on NTFS)"},
      FieldSpec{"mode", "octal", "file type and permissions as in POSIX st_mode"},
      FieldSpec{"link_target", "", "what a symbolic link points to"}};
  return kFields;
}

}  // namespace triage
