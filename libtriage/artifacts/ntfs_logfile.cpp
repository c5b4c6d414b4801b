// SPDX-License-Identifier: Apache-2.0
// NTFS log file ($LogFile): file names that were created, renamed and deleted in the last minutes to hours of use, with
// the stamps their entries had. Log records have no clock: what an entry's own stamps do not say stays unknown, and the
// nearest stamps before and after it in the log stand beside it.
//   file := see formats/ntfs_log_file.h. One event a name: begun (created), renamed (taken out and put in within one
//           transaction), put in, taken out.
// Spec: libyal/libfsntfs, "New Technologies File System (NTFS)" §13; operations as in Linux, fs/ntfs3/fslog.c.
#include "formats/ntfs_log_file.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "artifacts/parser.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxDamages = 100;
constexpr std::uint8_t kDosName = 2;
constexpr std::uint32_t kFolderFlag = 0x10000000;
using Kind = NtfsLogName::Kind;

/// One use of a transaction, and the file in it.
using Work = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;
Work work_of(const NtfsLogName& name) {
  const std::uint64_t file = name.file ? name.file->number | (std::uint64_t{name.file->sequence} << 48) : 0;
  return {name.transaction, name.turn, file};
}
bool is_short(const NtfsLogName& name) { return name.name.space == kDosName; }

void add_stamp(Event& event, std::string_view attribute, const Timestamp& when) {
  if (const auto text = when.text()) event.attribute(attribute, *text);
}

class LogReader {
 public:
  LogReader(const Artifact& in, EventSink& out) : in_(in), out_(out), log_(in.data) {}

  Outcome run() {
    names_ = log_.names();
    mark_pairs();
    note_neighbours();
    for (std::size_t i = 0; i < names_.size(); ++i) tell(i);
    return report() ? Outcome::kComplete : Outcome::kPartial;
  }

 private:
  /// Which names belong together: a removed name and the one that takes its place, a new record and its names. A short
  /// name goes with the long one of the same transaction.
  void mark_pairs() {
    old_name_.assign(names_.size(), nullptr);
    told_.assign(names_.size(), false);
    std::map<Work, std::size_t> begun, removed;
    std::set<Work> long_names;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const NtfsLogName& name = names_[i];
      if (!name.file) continue;
      if (name.kind == Kind::kRecordBegun) told_[i] = !begun.emplace(work_of(name), i).second;  // written twice
      if (!is_short(name)) long_names.insert(work_of(name));
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const NtfsLogName& name = names_[i];
      if (!name.file || name.kind == Kind::kRecordBegun) continue;
      const Work work = work_of(name);
      if (is_short(name)) {
        told_[i] = long_names.contains(work);
      } else if (name.kind == Kind::kRemoved) {
        removed[work] = i;
      } else if (const auto found = removed.find(work); found != removed.end()) {
        old_name_[i] = &names_[found->second];
        told_[found->second] = true;
        removed.erase(found);
      } else if (begun.contains(work)) {
        told_[i] = true;  // the record's own event says it
      }
    }
  }

  /// The newest stamp in each name, and the nearest one before and behind it in the log.
  void note_neighbours() {
    before_.assign(names_.size(), nullptr);
    after_.assign(names_.size(), nullptr);
    const Timestamp* last = nullptr;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      before_[i] = last;
      if (names_[i].kind != Kind::kRemoved && names_[i].name.times.changed.utc_nanos)
        last = &names_[i].name.times.changed;
    }
    last = nullptr;
    for (std::size_t i = names_.size(); i-- > 0;) {
      after_[i] = last;
      if (names_[i].kind != Kind::kRemoved && names_[i].name.times.changed.utc_nanos)
        last = &names_[i].name.times.changed;
    }
  }

  void tell(std::size_t index) {
    if (told_[index]) return;
    const NtfsLogName& one = names_[index];
    const NtfsLogName* old_name = old_name_[index];
    Event event;
    event.attributes.reserve(14);
    const bool is_folder = (one.name.flags & kFolderFlag) != 0;
    event.object_kind = is_folder ? "directory" : "file";
    event.object = one.name.name;
    event.record = one.lsn;
    event.locator = in_.at(one.at, one.length);
    if (one.kind == Kind::kRecordBegun) {
      event.what = action::kFileCreated;
      event.how = "file record begun";
      event.when = one.created.value_or(one.name.times.created);
      event.when_meaning = Meaning::kCreated;
    } else if (one.kind == Kind::kAdded) {
      event.what = old_name != nullptr ? action::kFileRenamed : action::kFileChanged;
      event.how = old_name != nullptr ? "name replaced in a folder's index" : "name put into a folder's index";
      event.when = one.name.times.changed;
      event.when_meaning = Meaning::kChanged;
    } else {
      event.what = action::kFileDeleted;
      event.how = "name taken out of a folder's index";
      event.when_meaning = Meaning::kDeleted;
    }
    if (event.when.status == TimeStatus::kNotSet) event.when = Timestamp{};
    if (one.file) {
      event.attribute("inode", one.file->number);
      event.attribute("sequence", std::uint64_t{one.file->sequence});
    }
    event.attribute("parent_inode", one.name.parent.number);
    event.attribute("parent_sequence", std::uint64_t{one.name.parent.sequence});
    if (old_name != nullptr) {
      event.attribute("old_name", old_name->name.name);
      event.attribute("old_parent_inode", old_name->name.parent.number);
      event.attribute("old_parent_sequence", std::uint64_t{old_name->name.parent.sequence});
    }
    add_stamp(event, "entry_created", one.name.times.created);
    add_stamp(event, "entry_modified", one.name.times.modified);
    add_stamp(event, "entry_changed", one.name.times.changed);
    add_stamp(event, "entry_accessed", one.name.times.accessed);
    if (before_[index] != nullptr) add_stamp(event, "logged_after", *before_[index]);
    if (after_[index] != nullptr) add_stamp(event, "logged_before", *after_[index]);
    event.attribute("transaction", std::uint64_t{one.transaction});
    out_.event(std::move(event));
  }

  /// True when nothing was found wrong.
  bool report() {
    const bool is_cut = log_.header().file_size > in_.data.size();
    if (is_cut)
      out_.damage(DamageKind::kTruncated, in_.data.size(), "file size",
                  fmt::format("{} of {} bytes are there", in_.data.size(), log_.header().file_size));
    if (!log_.header().restart_found)
      out_.damage(DamageKind::kChecksum, 0, "restart page",
                  "no restart page holds; the usual values for a log of this size are taken");
    std::size_t said = 0;
    for (const NtfsLogFault& fault : log_.faults())
      if (++said <= kMaxDamages)
        out_.damage(DamageKind::kChecksum, fault.at, fault.is_restart ? "restart page" : "record page",
                    "its sectors were not written together");
    if (said > kMaxDamages)
      out_.damage(DamageKind::kLimit, 0, "record page", fmt::format("{} pages cannot be read, 100 are named", said));
    return !is_cut && log_.header().restart_found && said == 0;
  }

  const Artifact& in_;
  EventSink& out_;
  NtfsLogFile log_;
  std::vector<NtfsLogName> names_;
  std::vector<const NtfsLogName*> old_name_;
  std::vector<bool> told_;
  std::vector<const Timestamp*> before_, after_;
};

Outcome parse_ntfs_logfile(const Artifact& in, EventSink& out) { return LogReader(in, out).run(); }

constexpr std::array kMagics = {Magic{0, "RSTR"sv}, Magic{0, "CHKD"sv}, Magic{4096, "RSTR"sv}};
constexpr std::array kFields = {
    FieldSpec{"inode", "count", "MFT entry of the file"},
    FieldSpec{"sequence", "count", "sequence number of that MFT entry"},
    FieldSpec{"parent_inode", "count", "MFT entry of the folder"},
    FieldSpec{"parent_sequence", "count", "sequence number of that MFT entry"},
    FieldSpec{"old_name", "", "name before a rename"},
    FieldSpec{"old_parent_inode", "count", "MFT entry of the folder before a move"},
    FieldSpec{"old_parent_sequence", "count", "sequence number of that MFT entry"},
    FieldSpec{"entry_created", "", "creation stamp of the name's entry, UTC"},
    FieldSpec{"entry_modified", "", "modification stamp of the name's entry, UTC"},
    FieldSpec{"entry_changed", "", "metadata change stamp of the name's entry, UTC"},
    FieldSpec{"entry_accessed", "", "access stamp of the name's entry, UTC"},
    FieldSpec{"logged_after", "", "change stamp of the nearest earlier log record that has one, UTC"},
    FieldSpec{"logged_before", "", "change stamp of the nearest later log record that has one, UTC"},
    FieldSpec{"transaction", "count", "transaction of the log record"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/libfsntfs/blob/main/documentation/New%20Technologies%20File%20System%20(NTFS).asciidoc"sv,
    "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/fs/ntfs3/fslog.c"sv};

}  // namespace

extern const ArtifactParser ntfs_logfile;
constinit const ArtifactParser ntfs_logfile{
    .id = "ntfs.logfile",
    .version = 1,
    .title_en = "NTFS log file ($LogFile)",
    .title_ja = "NTFSログファイル（$LogFile）",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_ntfs_logfile,
};

}  // namespace triage
