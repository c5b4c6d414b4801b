// SPDX-License-Identifier: Apache-2.0
// Folders of NTFS as their indexes list them ($I30), and what the slack of index records still lists: files that were
// renamed, moved or deleted, with the stamps they had then. The index does not name its folder: outside of a mounted
// volume only the folder's entry and sequence number are known.
//   stream := record*      see formats/ntfs_index.h
// Spec: libyal/libfsntfs, "New Technologies File System (NTFS)" §9.
#include "artifacts/ntfs_i30.h"

#include <fmt/format.h>

#include <array>
#include <unordered_set>

#include "artifacts/fs_times.h"
#include "formats/ntfs_index.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kStep = 512;
constexpr std::size_t kMaxDamages = 100;
constexpr std::uint32_t kFolderFlag = 0x10000000;

std::uint64_t number_of(const MftReference& reference) {
  return reference.number | (std::uint64_t{reference.sequence} << 48);
}

/// What tells two entries apart: the file, its folder, its name and when its metadata last changed.
std::uint64_t key_of(const IndexName& one, bool with_file) {
  const auto mix = [](std::uint64_t sum, std::uint64_t value) {  // FNV-1a over 64-bit words, then spread
    sum = (sum ^ value) * 0x100000001b3ULL;
    return sum ^ (sum >> 29);
  };
  std::uint64_t key = mix(0xcbf29ce484222325ULL, with_file && one.file ? number_of(*one.file) : 0);
  key = mix(key, number_of(one.name.parent));
  key = mix(key, static_cast<std::uint64_t>(one.name.times.changed.utc_nanos.value_or(0)));
  for (const char c : one.name.name) key = mix(key, static_cast<unsigned char>(c));
  return key;
}

Event describe(const IndexName& one, bool is_slack) {
  const MftName& name = one.name;
  Event event;
  const bool is_folder = (name.flags & kFolderFlag) != 0;
  event.object_kind = is_folder ? "directory" : "file";
  event.object = name.name;
  if (!is_folder) event.object_size = name.size;
  event.how = is_slack ? "slack of a folder's index" : "folder's index";
  if (one.file) {
    event.attribute("inode", one.file->number);
    event.attribute("sequence", std::uint64_t{one.file->sequence});
  }
  event.attribute("parent_inode", name.parent.number);
  event.attribute("parent_sequence", std::uint64_t{name.parent.sequence});
  event.attribute("file_attributes", fmt::format("{:#x}", name.flags & ~kFolderFlag));
  event.attribute("name_space", std::uint64_t{name.space});
  return event;
}

class IndexReader {
 public:
  IndexReader(const Artifact& in, IndexNames which, EventSink& out) : in_(in), which_(which), out_(out) {}

  IndexNamesFound run(std::size_t begin) {
    if (which_ == IndexNames::kSlackOnly) note_live(begin);
    each_record(begin, [this](std::size_t at, std::size_t size) { tell(at, size); });
    return found_;
  }

 private:
  template <typename Each>
  void each_record(std::size_t begin, Each each) {
    for (std::size_t at = begin; at < in_.data.size();) {
      const auto size = index_record_size(in_.data.subspan(at));
      const bool fits = size && *size <= in_.data.size() - at;
      if (fits) each(at, *size);
      if (size && !fits && which_ == IndexNames::kAll) note_broken(at, "its end is missing", DamageKind::kTruncated);
      at += fits ? *size : kStep;
    }
  }

  /// Splits of an index leave copies of live entries behind: a name that another record lists is no news.
  void note_live(std::size_t begin) {
    each_record(begin, [this](std::size_t at, std::size_t size) {
      const auto record = read_index_record(in_.data.subspan(at, size));
      if (!record) return;
      for (const IndexName& one : record->live) {
        live_.insert(key_of(one, true));
        live_.insert(key_of(one, false));
      }
    });
  }

  void tell(std::size_t at, std::size_t size) {
    ++found_.records;
    const auto record = read_index_record(in_.data.subspan(at, size));
    if (!record) {
      note_broken(at, "its sectors were not written together", DamageKind::kChecksum);
      return;
    }
    if (!record->sound) note_broken(at, "its entries break off", DamageKind::kRange);
    if (which_ != IndexNames::kSlackOnly)
      for (const IndexName& one : record->live) give(one, at, which_ == IndexNames::kRecovered, false);
    for (const IndexName& one : record->slack)
      if (!live_.contains(key_of(one, one.file.has_value()))) give(one, at, true, true);
  }

  void note_broken(std::size_t at, std::string_view why, DamageKind kind) {
    ++found_.broken;
    if (which_ == IndexNames::kAll && found_.broken <= kMaxDamages)
      out_.damage(kind, at, "index record", fmt::format("index record: {}", why));
  }

  void give(const IndexName& one, std::size_t record, bool recovered, bool is_slack) {
    const EntryTimes& times = one.name.times;
    const std::array stamps = {
        NamedStamp{&times.created, Meaning::kCreated}, NamedStamp{&times.modified, Meaning::kModified},
        NamedStamp{&times.accessed, Meaning::kAccessed}, NamedStamp{&times.changed, Meaning::kChanged}};
    Event plain = describe(one, is_slack);
    plain.recovered = recovered;
    if (in_.stream.path.empty()) plain.source = in_.stream.key;  // a region has no path
    if (in_.stream.kind == StreamKind::kDirectory && in_.stream.meta &&
        in_.stream.meta->inode == one.name.parent.number)
      plain.path = in_.stream.path + (in_.stream.path.ends_with('/') ? "" : "/") + one.name.name;
    plain.locator = in_.at(record + one.at, kMftNameHeader);
    for (const DistinctStamp& stamp : distinct_stamps(stamps)) {
      Event event = plain;
      event.when = *stamp.when;
      event.when_meaning = stamp.meaning;
      event.what = action_of_meaning(stamp.meaning);
      event.artifact = kIndexNamesId;
      event.artifact_version = kIndexNamesVersion;
      out_.event(std::move(event));
      ++found_.events;
    }
  }

  const Artifact& in_;
  IndexNames which_;
  EventSink& out_;
  std::unordered_set<std::uint64_t> live_;  // keys
  IndexNamesFound found_;
};

Outcome parse_ntfs_i30(const Artifact& in, EventSink& out) {
  if (!index_record_size(in.data)) return Outcome::kNotMine;
  const IndexNamesFound found = emit_index_names(in, 0, IndexNames::kAll, out);
  if (found.broken == 0) return Outcome::kComplete;
  return found.events > 0 ? Outcome::kPartial : Outcome::kNotMine;
}

constexpr std::array kMagics = {Magic{0, "INDX\x28\0"sv}};
constexpr std::array kFields = {FieldSpec{"inode", "count", "MFT entry of the file"},
                                FieldSpec{"sequence", "count", "sequence number of that MFT entry"},
                                FieldSpec{"parent_inode", "count", "MFT entry of the folder"},
                                FieldSpec{"parent_sequence", "count", "sequence number of that MFT entry"},
                                FieldSpec{"file_attributes", "hex", "FILE_ATTRIBUTE_* flags"},
                                FieldSpec{"name_space", "count", "0 POSIX, 1 Windows, 2 short (DOS), 3 both"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/libfsntfs/blob/main/documentation/New%20Technologies%20File%20System%20(NTFS).asciidoc"sv};

}  // namespace

IndexNamesFound emit_index_names(const Artifact& in, std::size_t begin, IndexNames which, EventSink& out) {
  return IndexReader(in, which, out).run(begin);
}

extern const ArtifactParser ntfs_i30;
constinit const ArtifactParser ntfs_i30{
    .id = "ntfs.i30",
    .version = kIndexNamesVersion,
    .title_en = "NTFS folder indexes and their slack",
    .title_ja = "NTFSフォルダー索引とその残り",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_ntfs_i30,
};

}  // namespace triage
