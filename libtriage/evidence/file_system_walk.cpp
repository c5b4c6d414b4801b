// SPDX-License-Identifier: Apache-2.0
#include "evidence/file_system_walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"

namespace triage {

namespace {

constexpr int kMaxDepth = 512;
constexpr std::size_t kMaxPathBytes = 32 * 1024;
constexpr std::uint64_t kMaxRepeated = 200'000;

/// A component never holds the separator; every byte has a readable form.
std::string component(std::string_view raw) {
  std::string text = decode_name(raw);
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at)) text.replace(at, 1, "\\x2f");
  return text;
}

bool is_dot(std::string_view name) { return name == "." || name == ".."; }

}  // namespace

bool FileSystemWalk::skips(std::uint64_t inode) const {
  return options_.skip_inodes.contains({view_.offset.value, inode});
}

void FileSystemWalk::run_entries(const AllocationMap& allocation) {
  allocation_ = &allocation;
  const Place root{view_.fs->root_inum, "", "", 0};
  out_.entering(view_.offset, root.inode);
  const TskFileHandle file(tsk_fs_file_open_meta(view_.fs, nullptr, root.inode));
  if (file && !skips(root.inode)) emit({"/", "/", "/", root.inode, true, TSK_FS_NAME_TYPE_DIR}, *file);
  tsk_error_reset();
  walk_directory(root);
}

/// libtsk looks for orphans among the unallocated inodes no name points to; what it would walk the whole tree for a
/// second time is told to it here.
void FileSystemWalk::remember_named(const TSK_FS_FILE& file) {
  if (file.meta == nullptr || (file.meta->flags & TSK_FS_META_FLAG_UNALLOC) == 0) return;
  tsk_list_add(&view_.fs->list_inum_named, file.meta->addr);
}

void FileSystemWalk::walk_directory(const Place& place) {
  const std::string shown = place.path.empty() ? "/" : place.path;
  if (skips(place.inode)) {
    out_.damage(DamageKind::kSkipped, "", shown, "directory", "left out, because an earlier reader died on it");
    return;
  }
  const bool orphans = place.inode == TSK_FS_ORPHANDIR_INUM(view_.fs);
  // A key no orphan can have keeps libtsk from walking the tree again when nothing deleted has a name.
  if (orphans) tsk_list_add(&view_.fs->list_inum_named, place.inode);
  out_.entering(view_.offset, place.inode);
  const TskDirHandle directory(tsk_fs_dir_open_meta(view_.fs, place.inode));
  if (!directory) {
    out_.damage(DamageKind::kRange, "", shown, "directory", "cannot be read: " + take_tsk_error());
    return;
  }
  tsk_error_reset();
  const bool again = opened_[place.inode]++ > 0;
  ancestors_.push_back(place.inode);
  const std::size_t count = tsk_fs_dir_getsize(directory.get());
  std::vector<std::size_t> last;  // the orphans come last, when all names are known
  for (std::size_t i = 0; i < count && !full_; ++i) {
    if (again) ++repeated_;
    const TSK_FS_NAME* name = tsk_fs_dir_get_name(directory.get(), i);
    if (name != nullptr && name->meta_addr == TSK_FS_ORPHANDIR_INUM(view_.fs) && place.depth == 0) {
      last.push_back(i);
    } else {
      visit(*directory, i, place);
    }
  }
  for (const std::size_t i : last) visit(*directory, i, place);
  ancestors_.pop_back();
}

void FileSystemWalk::visit(TSK_FS_DIR& directory, std::size_t index, const Place& place) {
  const TSK_FS_NAME* entry = tsk_fs_dir_get_name(&directory, index);
  if (entry == nullptr || entry->name == nullptr || is_dot(entry->name)) return;
  if (++entries_ > options_.max_entries) {
    full_ = true;
    out_.damage(DamageKind::kLimit, "", place.path, "entries",
                fmt::format("more than {} entries; the rest is not listed", options_.max_entries));
    return;
  }
  EntryName name;
  name.leaf = entry->name;
  name.path = place.path + "/" + component(name.leaf);
  name.raw_path = place.raw_path + "/" + name.leaf;
  name.parent_inode = place.inode;
  name.allocated = (entry->flags & TSK_FS_NAME_FLAG_ALLOC) != 0;
  name.type = entry->type;
  if (skips(entry->meta_addr)) {
    Stream stream = name_only_stream(view_, name, entry->meta_addr);
    out_.damage(DamageKind::kSkipped, stream.key, stream.path, "inode",
                "content left out, because an earlier reader died on it");
    out_.stream(std::move(stream), false);
    return;
  }
  out_.entering(view_.offset, entry->meta_addr);
  const TskFileHandle file(tsk_fs_dir_get(&directory, index));
  if (!file) {
    out_.damage(DamageKind::kRange, "", name.path, "entry", "cannot be read: " + take_tsk_error());
    out_.stream(name_only_stream(view_, name, entry->meta_addr), false);
    return;
  }
  // tsk_fs_dir_get() drops metadata whose sequence moved on by the deletion; fls keeps it, and so do we.
  const bool may_have_meta = entry->meta_addr != 0 || name.allocated;
  if (file->meta == nullptr && may_have_meta) view_.fs->file_add_meta(view_.fs, file.get(), entry->meta_addr);
  tsk_error_reset();
  emit(name, *file);
  remember_named(*file);
  const Place next{entry->meta_addr, name.path, name.raw_path, place.depth + 1};
  if (may_descend(*file, next)) walk_directory(next);
}

/// The rule of tsk_fs_dir_walk(), with limits of our own instead of a fixed depth.
bool FileSystemWalk::may_descend(const TSK_FS_FILE& file, const Place& next) {
  const bool named_dir = TSK_FS_IS_DIR_NAME(file.name->type) || file.name->type == TSK_FS_NAME_TYPE_UNDEF;
  if (!named_dir || file.meta == nullptr || !TSK_FS_IS_DIR_META(file.meta->type)) return false;
  const bool name_allocated = (file.name->flags & TSK_FS_NAME_FLAG_ALLOC) != 0;
  if (!name_allocated && (file.meta->flags & TSK_FS_META_FLAG_UNALLOC) == 0) return false;
  if (std::find(ancestors_.begin(), ancestors_.end(), next.inode) != ancestors_.end()) {
    out_.damage(DamageKind::kRange, "", next.path, "directory", "is one of its own parents; not entered again");
    return false;
  }
  if (repeated_ > kMaxRepeated && opened_.contains(next.inode)) {
    out_.damage(DamageKind::kLimit, "", next.path, "directory", "was listed before under another name");
    return false;
  }
  if (next.depth > kMaxDepth || next.path.size() > kMaxPathBytes) {
    out_.damage(DamageKind::kLimit, "", next.path.substr(0, 4096), "directory", "lies too deep; not entered");
    return false;
  }
  return true;
}

void FileSystemWalk::emit(const EntryName& name, TSK_FS_FILE& file) {
  std::vector<EntryStream> entries = entry_streams(view_, name, file, *allocation_);
  emit_entries(std::move(entries), file);
}

void FileSystemWalk::emit_entries(std::vector<EntryStream> entries, const TSK_FS_FILE& file) {
  const bool has_meta =
      file.meta != nullptr && !entries.empty() && entries.front().stream.key.find(".i") != std::string::npos;
  const bool repeats = has_meta && !TSK_FS_IS_DIR_META(file.meta->type) &&
                       (file.meta->nlink > 1 || (file.meta->flags & TSK_FS_META_FLAG_ALLOC) == 0);
  std::optional<std::uint64_t> first;
  if (repeats) {
    const auto [found, added] = first_stream_.try_emplace(file.meta->addr, out_.next_sequence());
    if (!added) first = found->second;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EntryStream& entry = entries[i];
    if (entry.out_of_range) {
      out_.damage(DamageKind::kRange, entry.stream.key, entry.stream.path, "runs",
                  "point outside the volume; those parts read as zeros");
    }
    if (entry.uncovered != 0 && entry.owner) {
      out_.damage(DamageKind::kTruncated, entry.stream.key, entry.stream.path, "cluster chain",
                  fmt::format("the chain ends {} bytes before the stated {}; the rest is unknown", entry.uncovered,
                              entry.stream.size.value));
    }
    if (entry.lost) {
      out_.damage(DamageKind::kRange, entry.stream.key, entry.stream.path, "content",
                  fmt::format("the file system states {} bytes but not where they are", entry.stream.size.value));
    }
    if (first) {
      if (entry.stream.kind == StreamKind::kSlack) continue;
      entry.stream.alias_of = *first + i;
    }
    out_.stream(std::move(entry.stream), entry.owner && !first);
  }
}

void FileSystemWalk::emit_region(std::string_view suffix, StreamKind kind, const std::vector<ByteRange>& ranges) {
  Stream stream;
  for (const ByteRange range : ranges) {
    for (const ByteRange part : out_.claims().unclaimed(range)) {
      append_extent(stream.extents, Extent{ByteOffset{part.begin}, ByteCount{part.end - part.begin}, false});
    }
  }
  if (stream.extents.empty()) return;
  for (const Extent& extent : stream.extents) stream.size = stream.size + extent.length;
  stream.key = fmt::format("v{}.{}", view_.offset.value, suffix);
  stream.kind = kind;
  stream.volume = view_.volume;
  stream.volume_offset = view_.offset;
  stream.file_system = view_.name;
  out_.stream(std::move(stream), true);
}

void FileSystemWalk::run_rest(const AllocationMap& allocation) {
  if (!allocation.fault.empty()) {
    out_.damage(DamageKind::kRange, fmt::format("v{}", view_.offset.value), "", "blocks",
                "the table of used blocks cannot be read to its end: " + allocation.fault);
  }
  emit_region("meta", StreamKind::kMetadata, allocation.allocated);
  emit_region("unalloc", StreamKind::kUnallocated, allocation.unallocated);
  for (const ByteRange gap : out_.claims().unclaimed(view_.range)) {
    Stream stream;
    stream.key = fmt::format("gap.{}", gap.begin);
    stream.kind = StreamKind::kGap;
    stream.volume = view_.volume;
    stream.volume_offset = view_.offset;
    stream.size = ByteCount{gap.end - gap.begin};
    stream.extents.push_back(Extent{ByteOffset{gap.begin}, stream.size, false});
    out_.stream(std::move(stream), true);
  }
}

}  // namespace triage
