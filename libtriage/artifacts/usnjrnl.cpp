// SPDX-License-Identifier: Apache-2.0
// NTFS change journal, stream $UsnJrnl:$J: what was created, renamed, changed and deleted, in order. Records of version
// 2 and 3; version 4 (byte ranges, no name) is counted and left out. Little-endian, FILETIME in UTC, UTF-16LE.
//   journal := (zeros | record)*     a record begins at a multiple of 8 and holds its own USN: its place in the stream
//   record  := u32 length, u16 major, u16 minor, file(8|16), parent(8|16), i64 usn, FILETIME, u32 reason, u32 source,
//              u32 security, u32 attributes, u16 name bytes, u16 name offset, name, zeros to a multiple of 8
// Paths are rewound: a folder is called what it was called at that place of the journal (usn_folders.h), by its own
// records and by the $MFT beside the journal, where there is one. Where a folder on the way is not known, the path is
// unknown and path_tail holds its end.
// Spec: MS-FSCC §2.3 (USN_RECORD_V2, V3, V4).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "artifacts/parser.h"
#include "artifacts/usn_folders.h"
#include "bytes/text.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kAlign = 8;
constexpr std::size_t kZeroBlock = 4096;
constexpr std::size_t kMinRecord = 60;  // version 2 without a name
constexpr std::size_t kMaxRecord = 65536;
constexpr std::size_t kMaxDamages = 100;  // bad regions named one by one
constexpr std::uint32_t kFolder = 0x10;   // file attribute
constexpr std::uint32_t kRenamedTo = 0x2000;

struct Reason {
  std::uint32_t bit;
  std::string_view name;
};
constexpr std::array kReasons = {Reason{0x00000001, "data_overwrite"},
                                 Reason{0x00000002, "data_extend"},
                                 Reason{0x00000004, "data_truncation"},
                                 Reason{0x00000010, "named_data_overwrite"},
                                 Reason{0x00000020, "named_data_extend"},
                                 Reason{0x00000040, "named_data_truncation"},
                                 Reason{0x00000100, "file_create"},
                                 Reason{0x00000200, "file_delete"},
                                 Reason{0x00000400, "ea_change"},
                                 Reason{0x00000800, "security_change"},
                                 Reason{0x00001000, "rename_old_name"},
                                 Reason{0x00002000, "rename_new_name"},
                                 Reason{0x00004000, "indexable_change"},
                                 Reason{0x00008000, "basic_info_change"},
                                 Reason{0x00010000, "hard_link_change"},
                                 Reason{0x00020000, "compression_change"},
                                 Reason{0x00040000, "encryption_change"},
                                 Reason{0x00080000, "object_id_change"},
                                 Reason{0x00100000, "reparse_point_change"},
                                 Reason{0x00200000, "stream_change"},
                                 Reason{0x00400000, "transacted_change"},
                                 Reason{0x00800000, "integrity_change"},
                                 Reason{0x80000000, "close"}};

std::string reason_text(std::uint32_t reason) {
  std::string out;
  for (const Reason& one : kReasons) {
    if ((reason & one.bit) == 0) continue;
    if (!out.empty()) out += '|';
    out += one.name;
    reason &= ~one.bit;
  }
  if (reason != 0) out += fmt::format("{}{:#x}", out.empty() ? "" : "|", reason);
  return out;
}

/// The last word of what a record sums up: a file made and deleted before it was closed is deleted.
std::string_view action_of(std::uint32_t reason) {
  if ((reason & 0x00000200) != 0) return action::kFileDeleted;
  if ((reason & 0x00000100) != 0) return action::kFileCreated;
  if ((reason & 0x00003000) != 0) return action::kFileRenamed;
  if ((reason & 0x00000077) != 0) return action::kFileModified;
  if ((reason & 0x00fffc00) != 0) return action::kFileChanged;
  return action::kOther;
}

/// NTFS file reference (48 bits of inode, 16 of sequence) or, in ReFS, a 128-bit file id.
struct FileReference {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

struct Record {
  std::uint32_t length = 0;
  std::uint16_t major = 0;
  FileReference file, parent;
  std::uint64_t usn = 0;
  std::uint64_t time = 0;
  std::uint32_t reason = 0, source = 0, security = 0, attributes = 0;
  std::string name;
};

FileReference parse_reference(ByteCursor& c, std::uint16_t major, std::string_view field) {
  FileReference out;
  out.low = c.le<std::uint64_t>(field);
  if (major >= 3) out.high = c.le<std::uint64_t>(field);
  return out;
}

/// Reads the record at the start of `data`. The cursor faults where it cannot be one.
Record parse_record(ByteCursor& c) {
  Record r;
  r.length = c.le<std::uint32_t>("record length");
  r.major = c.le<std::uint16_t>("major version");
  const auto minor = c.le<std::uint16_t>("minor version");
  if (c.ok() && (r.length < kMinRecord || r.length > kMaxRecord || r.length % kAlign != 0 || r.length > c.size()))
    c.reject("record length");
  if (r.major < 2 || r.major > 4 || minor != 0) c.reject("version");
  if (!c.ok() || r.major == 4) return r;
  r.file = parse_reference(c, r.major, "file reference");
  r.parent = parse_reference(c, r.major, "parent reference");
  r.usn = c.le<std::uint64_t>("usn");
  r.time = c.le<std::uint64_t>("time");
  r.reason = c.le<std::uint32_t>("reason");
  r.source = c.le<std::uint32_t>("source info");
  r.security = c.le<std::uint32_t>("security id");
  r.attributes = c.le<std::uint32_t>("attributes");
  const auto name_bytes = c.le<std::uint16_t>("name length");
  const auto name_at = c.le<std::uint16_t>("name offset");
  if (c.ok() && (name_at < c.position() || name_at > r.length || name_bytes > r.length - name_at))
    c.reject("name offset");
  const ByteCursor name = c.sub(name_at, name_bytes, "name");
  if (c.ok()) r.name = utf16le_to_utf8(name.data());
  return r;
}

void add_reference(Event& event, std::string_view inode, std::string_view sequence, const FileReference& reference) {
  if (reference.high != 0) {
    event.attribute(inode, fmt::format("{:016x}{:016x}", reference.high, reference.low));
    return;
  }
  event.attribute(inode, reference.low & 0xffffffffffffULL);
  event.attribute(sequence, reference.low >> 48);
}

Event event_of(const Record& r) {
  Event event;
  event.when = from_filetime(r.time);
  event.when_meaning = Meaning::kLogged;
  event.what = action_of(r.reason);
  event.object_kind = (r.attributes & 0x10) != 0 ? "directory" : "file";
  if (!r.name.empty()) event.object = r.name;
  event.how = "change journal";
  event.record = r.usn;
  event.attributes.reserve(8);
  event.attribute("reasons", reason_text(r.reason));
  add_reference(event, "file_inode", "file_sequence", r.file);
  add_reference(event, "parent_inode", "parent_sequence", r.parent);
  event.attribute("file_attributes", fmt::format("{:#x}", r.attributes));
  if (r.source != 0) event.attribute("source_info", fmt::format("{:#x}", r.source));
  if (r.security != 0) event.attribute("security_id", r.security);
  return event;
}

/// First place at or after `at` (a multiple of 8) that is not zero; the sparse head of a journal may be gigabytes.
std::size_t skip_zeros(Bytes data, std::size_t at) {
  static constexpr std::array<std::byte, kZeroBlock> kZeros{};
  const auto is_zero = [&](std::size_t from, std::size_t count) {
    return std::memcmp(data.subspan(from, count).data(), kZeros.data(), count) == 0;
  };
  while (data.size() - at >= kZeroBlock && is_zero(at, kZeroBlock)) at += kZeroBlock;
  while (at < data.size()) {
    const std::size_t count = std::min(kAlign, data.size() - at);
    if (!is_zero(at, count)) return at;
    at += count;
  }
  return data.size();
}

/// Walks the journal and keeps count of what it could not read.
class JournalReader {
 public:
  JournalReader(const Artifact& in, EventSink& out) : in_(in), out_(out) {}

  Outcome run() {
    see_folders();
    std::size_t at = skip_zeros(in_.data, 0);
    while (at < in_.data.size()) {
      at = step(at);
      at = skip_zeros(in_.data, std::min(at, in_.data.size()));
    }
    report_bad_region(in_.data.size());
    if (ranges_ > 0)
      out_.damage(DamageKind::kVersion, first_range_, "version",
                  fmt::format("{} records of version 4 (byte ranges without a name) are left out", ranges_));
    if (bad_regions_ > kMaxDamages)
      out_.damage(DamageKind::kLimit, 0, "records", fmt::format("{} damaged regions, 100 are named", bad_regions_));
    if (bad_regions_ == 0 && ranges_ == 0) return Outcome::kComplete;
    return events_ > 0 || ranges_ > 0 ? Outcome::kPartial : Outcome::kNotMine;
  }

 private:
  /// First pass: the records of folders.
  void see_folders() {
    for (const Companion& companion : in_.companions)
      if (companion.suffix == "$MFT" && mft_record_size(companion.data)) table_.emplace(companion.data);
    if (table_) folders_.set_table(&*table_);
    for (std::size_t at = skip_zeros(in_.data, 0); at < in_.data.size();
         at = skip_zeros(in_.data, std::min(at, in_.data.size())))
      at = see_folder(at);
  }

  /// Looks at no more of a record than it needs: nearly all are of files.
  std::size_t see_folder(std::size_t at) {
    const auto length = le_at<std::uint32_t>(in_.data, at);
    const auto major = le_at<std::uint16_t>(in_.data, at + 4);
    const std::size_t rest = in_.data.size() - at;
    if (length < kMinRecord || length > kMaxRecord || length % kAlign != 0 || length > rest || major < 2 || major > 4)
      return at + kAlign;
    const std::size_t attributes_at = at + (major == 2 ? 52U : 68U);
    if (major != 4 && (le_at<std::uint32_t>(in_.data, attributes_at) & kFolder) == 0) return at + length;
    ByteCursor c(in_.data.subspan(at, length));
    const Record record = parse_record(c);
    if (!c.ok()) return at + kAlign;
    if (record.major != 4 && record.file.high == 0)
      folders_.see(at, record.file.low, record.parent.low, record.name, (record.reason & kRenamedTo) != 0);
    return at + length;
  }

  void give_path(const Record& record, std::size_t at, Event& event) {
    if (record.parent.high != 0 || record.name.empty()) return;
    folders_.go_to(at);
    std::string tail;
    if (const auto folder = folders_.path(record.parent.low, &tail)) {
      event.path = *folder == "/" ? "/" + record.name : *folder + "/" + record.name;
    } else if (!tail.empty()) {
      event.attribute("path_tail", tail + "/" + record.name);
    }
  }

  /// Reads what is at `at`; returns where to go on.
  std::size_t step(std::size_t at) {
    const Bytes rest = in_.data.subspan(at);
    ByteCursor c(rest.first(std::min(rest.size(), kMaxRecord)));
    const Record record = parse_record(c);
    if (!c.ok()) {
      if (!bad_since_) {
        bad_since_ = at;
        bad_field_ = c.fault()->field;
      }
      return at + kAlign;
    }
    report_bad_region(at);
    if (record.major == 4) {
      if (ranges_++ == 0) first_range_ = at;
      return at + record.length;
    }
    Event event = event_of(record);
    event.locator = in_.at(at, record.length);
    give_path(record, at, event);
    out_.event(std::move(event));
    ++events_;
    return at + record.length;
  }

  void report_bad_region(std::size_t end) {
    if (!bad_since_) return;
    if (++bad_regions_ <= kMaxDamages)
      out_.damage(DamageKind::kRange, *bad_since_, bad_field_,
                  fmt::format("no record can be read in {} bytes: {}", end - *bad_since_, bad_field_));
    bad_since_.reset();
  }

  const Artifact& in_;
  EventSink& out_;
  std::optional<MftTable> table_;
  UsnFolders folders_;
  std::optional<std::size_t> bad_since_;
  std::string_view bad_field_;
  std::size_t bad_regions_ = 0;
  std::size_t ranges_ = 0;
  std::size_t first_range_ = 0;
  std::size_t events_ = 0;
};

Outcome parse_usnjrnl(const Artifact& in, EventSink& out) { return JournalReader(in, out).run(); }

constexpr std::array kPaths = {"**$UsnJrnl:$J"sv, "**/$J"sv, "$J"sv};  // the last two: copied out by a collector
constexpr std::array kFields = {
    FieldSpec{"reasons", "", "what had happened to the file since it was opened, the record's reason flags by name"},
    FieldSpec{"file_inode", "count", "MFT entry of the file (128-bit id in hex on ReFS)"},
    FieldSpec{"file_sequence", "count", "sequence number of that MFT entry"},
    FieldSpec{"parent_inode", "count", "MFT entry of the folder (128-bit id in hex on ReFS)"},
    FieldSpec{"parent_sequence", "count", "sequence number of that MFT entry"},
    FieldSpec{"file_attributes", "hex", "file attributes at that moment"},
    FieldSpec{"source_info", "hex", "set where a service, not a user's program, made the change"},
    FieldSpec{"security_id", "count", "index of the security descriptor in $Secure"},
    FieldSpec{"path_tail", "", "end of the path where a folder on the way is not known"}};
// The table lies beside the folder of the journal, or beside the journal where a collector put both into one folder.
constexpr std::array kCompanions = {
    "$MFT|$Extend/$UsnJrnl:$J|$Extend/$J|$UsnJrnl:$J|$J|$Extend/$UsnJrnl_$J|$UsnJrnl_$J"sv};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-fscc/d2a2b53e-bf78-4ef3-90c7-21b918fab304"sv,
    "https://learn.microsoft.com/en-us/windows/win32/api/winioctl/ns-winioctl-usn_record_v2"sv};

}  // namespace

extern const ArtifactParser usnjrnl;
constinit const ArtifactParser usnjrnl{
    .id = "ntfs.usnjrnl",
    .version = 2,
    .title_en = "NTFS change journal",
    .title_ja = "NTFS変更ジャーナル",
    .magics = {},
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{4} << 30},
    .parse = parse_usnjrnl,
};

}  // namespace triage
