// SPDX-License-Identifier: Apache-2.0
// Paths of deleted files on NTFS whose folder is gone: the file's own record still has its folder's reference, and
// index slack, the log file or the change journal may still have that folder's name. Read only where there are such
// files.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/ntfs_index.h"
#include "formats/ntfs_log_file.h"
#include "recover/mft_search.h"
#include "recover/ntfs_folders.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::string_view kOrphans = "/$OrphanFiles/";
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kMaxLog = 64ULL << 20;      ///< Windows' own limit
constexpr std::uint64_t kMaxJournal = 64ULL << 20;  ///< the end of it, the newest
constexpr std::uint64_t kMaxIndex = 64ULL << 20;    ///< of all folders together
constexpr std::size_t kLargestIndexRecord = 65'536;

class NtfsNames {
 public:
  explicit NtfsNames(RecoveryContext& context) : context_(context) {}

  void run() {
    std::vector<std::size_t> orphans;
    for (const std::size_t index : context_.volume.held) {
      const Stream& stream = context_.held[index].stream;
      if (stream.path.starts_with(kOrphans) && stream.method == RecoveryMethod::kMetadata && stream.meta->inode != 0)
        orphans.push_back(index);
    }
    if (orphans.empty() || context_.volume.table.empty()) return;
    read_indexes();
    read_log();
    read_journal();
    if (folders_.size() == 0) return;
    for (const std::size_t index : orphans) rename(context_.held[index].stream);
  }

 private:
  /// The stream's place below its folder's path, where that says more than "an orphan".
  void rename(Stream& stream) {
    const auto record = record_in_table(context_.image, context_.volume.table, stream.meta->inode);
    const MftName* name = record ? best_name(*record) : nullptr;
    if (name == nullptr) return;
    // "/$OrphanFiles/name" and "/$OrphanFiles/name:stream"; below a folder that is an orphan itself libtsk knows more.
    const std::string leaf = stream.path.substr(kOrphans.size());
    if (leaf.find('/') != std::string::npos) return;
    const std::string own = path_component(name->name);
    if (leaf != own && !leaf.starts_with(own + ":")) return;
    stream.path = folders_.path(name->parent, context_.volume) + "/" + leaf;
    stream.meta->parent_inode = name->parent.number;
  }

  /// Every name in the index records of folders in use, those left over first: what is in use replaces them.
  void read_indexes() {
    std::uint64_t left = kMaxIndex;
    for (const DirectoryRun& run : context_.volume.directory_runs) {
      if (run.range.end - run.range.begin > left) break;
      left -= run.range.end - run.range.begin;
      const auto raw = context_.image.read(run.range.begin, static_cast<std::size_t>(run.range.end - run.range.begin));
      if (!raw) continue;
      for (std::size_t at = 0; at + 512 <= raw->size();) {
        const Bytes rest = Bytes(*raw).subspan(at);
        const auto size = index_record_size(rest.first(512));
        if (size && *size <= std::min(rest.size(), kLargestIndexRecord)) add_index(rest.first(*size));
        at += size && *size != 0 ? std::min(*size, rest.size()) : 512;
      }
    }
  }

  void add_index(Bytes raw) {
    const auto record = read_index_record(raw);
    if (!record) return;
    for (const IndexName& one : record->slack) {
      if (one.file) folders_.add(*one.file, one.name.parent, one.name.name, true);
    }
  }

  void read_log() {
    const std::vector<std::byte> data = content_of(context_.volume.log_file, kMaxLog);
    if (data.empty()) return;
    for (const NtfsLogName& one : NtfsLogFile(data).names()) {
      if (one.file && one.name.space != kDosName) folders_.add(*one.file, one.name.parent, one.name.name);
    }
  }

  void read_journal() {
    const std::vector<std::byte> data = content_of(context_.volume.change_journal, kMaxJournal);
    for (std::size_t at = 0; at + kPage <= data.size(); at += kPage)
      folders_.add_journal_page(Bytes(data).subspan(at, static_cast<std::size_t>(kPage)));
  }

  /// The last `most` bytes that have a place; what cannot be read is left out.
  std::vector<std::byte> content_of(const std::vector<Extent>& extents, std::uint64_t most) {
    std::uint64_t total = 0;
    for (const Extent& extent : extents) total += extent.sparse ? 0 : extent.length.value;
    std::uint64_t skipped = total > most ? (total - most + kPage - 1) / kPage * kPage : 0;
    std::vector<std::byte> out;
    for (const Extent& extent : extents) {
      if (extent.sparse) continue;
      const std::uint64_t skip = std::min(skipped, extent.length.value);
      skipped -= skip;
      if (skip == extent.length.value) continue;
      const auto raw =
          context_.image.read(extent.at.value + skip, static_cast<std::size_t>(extent.length.value - skip));
      if (raw) out.insert(out.end(), raw->begin(), raw->end());
    }
    return out;
  }

  static constexpr std::uint8_t kDosName = 2;

  RecoveryContext& context_;
  NtfsFolders folders_;
};

}  // namespace

void recover_ntfs_names(RecoveryContext& context) { NtfsNames(context).run(); }

}  // namespace triage
