// SPDX-License-Identifier: Apache-2.0
// NTFS master file table as a file of its own ($MFT copied out by a collector, or carved): both stamp sets of every
// entry, live or deleted, with its whole path. In a mounted volume the same facts come from the file system (fs.times,
// ntfs.filename), so the volume's own $MFT and $MFTMirr are left alone.
//   table := record{n}: see formats/mft_record.h; extension records are joined to their entry (formats/mft_table.h)
// One event a distinct stamp of a set; further names (hard links) have events of their own $FILE_NAME stamps.
// Spec: libyal/libfsntfs, "New Technologies File System (NTFS)" §5-§9.
#include "formats/mft_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "artifacts/fs_times.h"
#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxDamages = 100;  // bad records named one by one
constexpr std::size_t kMaxText = 1024;    // of Zone.Identifier
constexpr std::size_t kMaxListed = 64;    // further names or streams of one entry
constexpr std::uint8_t kDosName = 2;
constexpr std::uint64_t kTableCopy = 1;

/// "size" of the unnamed $DATA, and the named ones.
struct Contents {
  std::optional<std::uint64_t> size;
  std::string streams;
  std::string zone;
};

Contents contents_of(const MftRecord& record) {
  Contents out;
  std::size_t listed = 0;
  for (const MftAttribute& attribute : record.attributes) {
    if (attribute.type != kMftData || attribute.first_vcn != 0) continue;
    if (attribute.name.empty()) {
      out.size = attribute.size;
      continue;
    }
    if (++listed > kMaxListed) continue;
    if (!out.streams.empty()) out.streams += ", ";
    out.streams += fmt::format("{} ({} bytes)", attribute.name, attribute.size);
    if (attribute.resident && attribute.name == "Zone.Identifier")
      out.zone = to_valid_utf8(std::string_view(attribute.value).substr(0, kMaxText));
  }
  return out;
}

class TableReader {
 public:
  TableReader(const Artifact& in, EventSink& out) : in_(in), out_(out), table_(in.data) {}

  Outcome run() {
    for (std::size_t i = 0; i < table_.count(); ++i) read(i);
    const std::size_t rest = in_.data.size() % table_.record_size();
    if (rest != 0) {
      out_.damage(DamageKind::kTruncated, in_.data.size() - rest, "record",
                  fmt::format("{} of {} bytes of the last record are there", rest, table_.record_size()));
      ++bad_;
    }
    if (bad_ > kMaxDamages)
      out_.damage(DamageKind::kLimit, 0, "records", fmt::format("{} records cannot be read, 100 are named", bad_));
    if (bad_ == 0) return Outcome::kComplete;
    return events_ > 0 ? Outcome::kPartial : Outcome::kNotMine;
  }

 private:
  void read(std::size_t index) {
    const Bytes raw = table_.raw(index);
    if (!has_at(raw, 0, "FILE")) {
      if (!is_filled(raw, 0)) note_bad(index, has_at(raw, 0, "BAAD") ? "NTFS marked it as bad" : "no record is here");
      return;
    }
    const std::optional<MftRecord> record = table_.entry(index);
    if (record) {
      give(index, *record);
    } else if (!parse_mft_record(raw)) {
      note_bad(index, "its sectors were not written together, or its head does not hold");
    }  // else an extension record, told with its entry
  }

  void note_bad(std::size_t index, std::string_view why) {
    if (++bad_ <= kMaxDamages)
      out_.damage(DamageKind::kRange, index * table_.record_size(), "record",
                  fmt::format("entry {}: {}", table_.number(index), why));
  }

  /// Sets path and object; the path stays unknown where a folder on the way is another one now.
  void give_path(const MftName& name, std::uint64_t number, Event& event) {
    if (number == kMftRootFolder) {
      event.path = event.object = "/";
      return;
    }
    std::string tail;
    const auto folder = table_.folder_path(name.parent, &tail);
    if (folder) {
      event.path = *folder == "/" ? "/" + name.name : *folder + "/" + name.name;
      event.object = event.path;
    } else {
      event.object = name.name;
      if (!tail.empty()) event.attribute("path_tail", tail + "/" + name.name);
    }
    event.attribute("parent_inode", name.parent.number);
    event.attribute("parent_sequence", std::uint64_t{name.parent.sequence});
  }

  /// What all events of the entry have in common, but for its name.
  Event describe(std::size_t index, const MftRecord& record, const Contents& contents) const {
    Event event;
    event.attributes.reserve(16);
    event.object_kind = record.directory ? "directory" : "file";
    if (!record.directory) event.object_size = contents.size;
    event.how = "master file table";
    event.record = table_.number(index);
    event.recovered = !record.in_use;
    event.locator = in_.at(index * table_.record_size(), table_.record_size());
    event.attribute("inode", table_.number(index));
    event.attribute("sequence", std::uint64_t{record.sequence});
    if (record.file_attributes) event.attribute("file_attributes", fmt::format("{:#x}", *record.file_attributes));
    if (record.security_id.value_or(0) != 0) event.attribute("security_id", *record.security_id);
    if (record.usn.value_or(0) != 0) event.attribute("usn", *record.usn);
    if (const auto more = table_.extensions(table_.number(index)); !more.empty())
      event.attribute("extension_records", more.size());
    if (!contents.streams.empty()) event.attribute("streams", contents.streams);
    if (!contents.zone.empty()) event.attribute("zone_identifier", contents.zone);
    return event;
  }

  void give(std::size_t index, const MftRecord& record) {
    const MftName* best = best_name(record);
    if (best == nullptr && !record.times) return;  // prepared, never used
    const Event plain = describe(index, record, contents_of(record));
    Event own = plain;
    if (best != nullptr) give_path(*best, table_.number(index), own);
    if (best != nullptr && record.times)
      if (const std::string odd = odd_times(*record.times, best->times); !odd.empty())
        own.attribute(kOddTimes.name, odd);
    if (const std::string others = other_names(record, best); !others.empty()) own.attribute("other_names", others);
    if (record.times) give_stamps(*record.times, "standard_information", own);
    if (best == nullptr) return;
    give_stamps(best->times, "file_name", own);
    std::size_t given = 0;
    for (const MftName& name : record.names) {
      if (&name == best || name.space == kDosName || ++given > kMaxListed) continue;
      Event link = plain;
      give_path(name, table_.number(index), link);
      give_stamps(name.times, "file_name", link);
    }
  }

  /// Names beside the best: the short one, and further hard links.
  static std::string other_names(const MftRecord& record, const MftName* best) {
    std::string out;
    std::size_t listed = 0;
    for (const MftName& name : record.names) {
      if (&name == best || ++listed > kMaxListed) continue;
      if (!out.empty()) out += ", ";
      out += name.name;
    }
    return out;
  }

  void give_stamps(const EntryTimes& times, std::string_view set, const Event& plain) {
    const std::array stamps = {
        NamedStamp{&times.created, Meaning::kCreated}, NamedStamp{&times.modified, Meaning::kModified},
        NamedStamp{&times.accessed, Meaning::kAccessed}, NamedStamp{&times.changed, Meaning::kChanged}};
    for (const DistinctStamp& stamp : distinct_stamps(stamps)) {
      Event event = plain;
      event.when = *stamp.when;
      event.when_meaning = stamp.meaning;
      event.what = action_of_meaning(stamp.meaning);
      event.attribute("stamps", set);
      out_.event(std::move(event));
      ++events_;
    }
  }

  const Artifact& in_;
  EventSink& out_;
  MftTable table_;
  std::size_t bad_ = 0;
  std::size_t events_ = 0;
};

/// The volume's own table, and the copy of its first entries.
bool told_elsewhere(const Stream& stream) {
  if (stream.file_system == "ntfs" && stream.meta && stream.meta->inode <= kTableCopy) return true;
  return glob_match("**$MFTMirr", stream.path);
}

Outcome parse_mft(const Artifact& in, EventSink& out) {
  if (!mft_record_size(in.data)) return Outcome::kNotMine;
  return TableReader(in, out).run();
}

constexpr std::array kMagics = {Magic{0, "FILE0\0"sv}, Magic{0, "FILE*\0"sv}};
constexpr std::array kFields = {
    FieldSpec{"inode", "count", "number of the MFT entry"},
    FieldSpec{"sequence", "count", "how often the entry has been used"},
    FieldSpec{"file_attributes", "hex", "FILE_ATTRIBUTE_* flags"},
    FieldSpec{"security_id", "count", "entry of $Secure that holds owner and access rights"},
    FieldSpec{"usn", "count", "place of the entry's last record in the change journal"},
    FieldSpec{"extension_records", "count", "further records that carry on the entry"},
    FieldSpec{"streams", "", "named streams with their sizes"},
    FieldSpec{"zone_identifier", "", "text of the stream Zone.Identifier: where a download came from"},
    FieldSpec{"path_tail", "", "end of the path where a folder on the way is another one now"},
    FieldSpec{"parent_inode", "count", "MFT entry of the folder"},
    FieldSpec{"parent_sequence", "count", "sequence number of that MFT entry"},
    kOddTimes,
    FieldSpec{"other_names", "", "the short name and further hard links"},
    FieldSpec{"stamps", "", "which set the stamp is of: standard_information or file_name"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/libfsntfs/blob/main/documentation/New%20Technologies%20File%20System%20(NTFS).asciidoc"sv,
    "https://learn.microsoft.com/en-us/windows/win32/devnotes/master-file-table"sv};

}  // namespace

extern const ArtifactParser mft;
constinit const ArtifactParser mft{
    .id = "ntfs.mft",
    .version = 1,
    .title_en = "NTFS master file table",
    .title_ja = "NTFSマスターファイルテーブル",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{4} << 30},
    .parse = parse_mft,
    .plugins = nullptr,
    .skips = told_elsewhere,
};

}  // namespace triage
