// SPDX-License-Identifier: Apache-2.0
// Which attributes become streams: NTFS every $DATA and every index (a directory's own bytes are its
// $INDEX_ALLOCATION where it has one); HFS+ and APFS also the resource fork and extended attributes; others the
// default.
#include "evidence/entry_streams.h"

#include <fmt/format.h>

#include <cstring>

#include "bytes/digest.h"
#include "bytes/text.h"

namespace triage {

namespace {

struct ChosenAttribute {
  const TSK_FS_ATTR* content = nullptr;  // nullptr: the entry has no content attribute
  std::string name;                      // raw; empty for the default stream
  bool directory = false;
};

std::string attribute_name(const TSK_FS_ATTR& attribute) {
  if (attribute.name == nullptr) return {};
  return std::string(attribute.name, ::strnlen(attribute.name, attribute.name_size));
}

const TSK_FS_ATTR* index_allocation(TSK_FS_FILE& file, const std::string& name, int count) {
  for (int i = 0; i < count; ++i) {
    const TSK_FS_ATTR* attribute = tsk_fs_file_attr_get_idx(&file, i);
    if (attribute != nullptr && attribute->type == TSK_FS_ATTR_TYPE_NTFS_IDXALLOC &&
        attribute_name(*attribute) == name) {
      return attribute;
    }
  }
  return nullptr;
}

std::vector<ChosenAttribute> choose_ntfs(TSK_FS_FILE& file) {
  std::vector<ChosenAttribute> out;
  const int count = tsk_fs_file_attr_getsize(&file);
  for (int i = 0; i < count; ++i) {
    const TSK_FS_ATTR* attribute = tsk_fs_file_attr_get_idx(&file, i);
    if (attribute == nullptr) continue;
    std::string name = attribute_name(*attribute);
    if (attribute->type == TSK_FS_ATTR_TYPE_NTFS_DATA) {
      out.push_back({attribute, std::move(name), false});
    } else if (attribute->type == TSK_FS_ATTR_TYPE_NTFS_IDXROOT) {
      const TSK_FS_ATTR* blocks = index_allocation(file, name, count);
      const bool listing = name == "$I30";
      out.push_back({blocks != nullptr ? blocks : attribute, listing ? std::string{} : std::move(name), listing});
    }
  }
  return out;
}

std::vector<ChosenAttribute> choose_others(const FileSystemView& view, TSK_FS_FILE& file) {
  std::vector<ChosenAttribute> out;
  const bool directory = TSK_FS_IS_DIR_META(file.meta->type);
  const TSK_FS_ATTR* main = tsk_fs_file_attr_get(&file);
  out.push_back({main, {}, directory});
  if (!TSK_FS_TYPE_ISHFS(view.fs->ftype) && view.fs->ftype != TSK_FS_TYPE_APFS) return out;
  const int count = tsk_fs_file_attr_getsize(&file);
  for (int i = 0; i < count; ++i) {
    const TSK_FS_ATTR* attribute = tsk_fs_file_attr_get_idx(&file, i);
    if (attribute == nullptr || attribute == main) continue;
    if (attribute->type == TSK_FS_ATTR_TYPE_HFS_RSRC) out.push_back({attribute, "rsrc", false});
    if (attribute->type == TSK_FS_ATTR_TYPE_HFS_EXT_ATTR) out.push_back({attribute, attribute_name(*attribute), false});
  }
  return out;
}

StreamKind kind_of(TSK_FS_META_TYPE_ENUM meta, TSK_FS_NAME_TYPE_ENUM name) {
  switch (meta) {
    case TSK_FS_META_TYPE_REG: return StreamKind::kFile;
    case TSK_FS_META_TYPE_DIR:
    case TSK_FS_META_TYPE_VIRT_DIR: return StreamKind::kDirectory;
    case TSK_FS_META_TYPE_VIRT: return StreamKind::kMetadata;
    case TSK_FS_META_TYPE_UNDEF: return TSK_FS_IS_DIR_NAME(name) ? StreamKind::kDirectory : StreamKind::kFile;
    default: return StreamKind::kLink;
  }
}

Stream base_stream(const FileSystemView& view, const EntryName& name) {
  Stream stream;
  stream.volume = view.volume;
  stream.volume_offset = view.offset;
  stream.file_system = view.name;
  stream.path = name.path;
  if (name.raw_path != name.path) stream.raw_path = name.raw_path;
  return stream;
}

/// How much of a deleted content is left: blocks now in use belong to others.
void grade_deleted(const FileSystemView& view, const AllocationMap& allocation, bool has_content, Stream& stream) {
  std::uint64_t placed = 0;
  std::uint64_t taken = 0;
  for (const Extent& extent : stream.extents) {
    if (extent.sparse) continue;
    placed += extent.length.value;
    taken += allocation.allocated_bytes({extent.at.value, (extent.at + extent.length).value});
  }
  const bool forgets = TSK_FS_TYPE_ISEXT(view.fs->ftype) || TSK_FS_TYPE_ISFFS(view.fs->ftype);
  if (placed == 0) {
    const bool nothing = !stream.extents.empty() || (!has_content && (stream.size.value > 0 || forgets)) ||
                         (forgets && stream.size.value == 0);
    if (nothing) {
      stream.availability = Availability::kNameOnly;
      stream.survive_percent = 0;
    }
    return;
  }
  if (taken == 0) return;
  stream.availability = Availability::kOverwritten;
  stream.survive_percent =
      static_cast<std::uint8_t>(100.0 * static_cast<double>(placed - taken) / static_cast<double>(placed));
}

/// $BadClus:$Bad is as large as the volume and holds nothing but its bad clusters; its holes are not content (icat
/// gives none either).
bool is_bad_cluster_map(const FileSystemView& view, const TSK_FS_META& meta, const ChosenAttribute& chosen) {
  return TSK_FS_TYPE_ISNTFS(view.fs->ftype) && meta.addr == 8 && chosen.name == "$Bad";
}

/// The bytes of a resident attribute; libtsk holds them in memory with the entry.
std::string resident_content(const TSK_FS_ATTR& attribute) {
  constexpr TSK_OFF_T kLongest = 64 * 1024;
  if ((attribute.flags & TSK_FS_ATTR_RES) == 0 || attribute.rd.buf == nullptr || attribute.size <= 0 ||
      attribute.size > kLongest || static_cast<std::size_t>(attribute.size) > attribute.rd.buf_size)
    return {};
  const auto* begin = static_cast<const char*>(static_cast<const void*>(attribute.rd.buf));
  return std::string(begin, static_cast<std::size_t>(attribute.size));
}

EntryStream content_stream(const FileSystemView& view, const EntryName& name, TSK_FS_FILE& file,
                           const ChosenAttribute& chosen, std::vector<Extent>& slack) {
  EntryStream out;
  Stream& stream = out.stream;
  stream = base_stream(view, name);
  const TSK_FS_META& meta = *file.meta;
  stream.kind = chosen.directory ? StreamKind::kDirectory : kind_of(meta.type, name.type);
  if (!chosen.name.empty()) {
    stream.kind = StreamKind::kNamedStream;
    stream.path += ":" + decode_name(chosen.name);
    const std::string raw = name.raw_path + ":" + chosen.name;
    stream.raw_path = raw == stream.path ? "" : raw;
  }
  const TSK_FS_ATTR* content = chosen.content;
  if (content == nullptr) {
    const bool ntfs = TSK_FS_TYPE_ISNTFS(view.fs->ftype);
    stream.key = stream_key(view, meta.addr, ntfs ? 0 : 1, 0);
    stream.size = ByteCount{meta.size > 0 ? static_cast<std::uint64_t>(meta.size) : 0};
    out.lost = stream.size.value > 0 && stream.kind != StreamKind::kDirectory && stream.kind != StreamKind::kLink;
    return out;
  }
  stream.key = stream_key(view, meta.addr, static_cast<std::uint32_t>(content->type), content->id);
  stream.size = ByteCount{content->size > 0 ? static_cast<std::uint64_t>(content->size) : 0};
  ContentRuns runs = content_runs(view, *content);
  stream.extents = std::move(runs.extents);
  out.out_of_range = runs.out_of_range;
  // FAT and exFAT have no holes: what no run covers is a chain that ends too soon, and its bytes are unknown.
  if ((TSK_FS_TYPE_ISFAT(view.fs->ftype) || view.fs->ftype == TSK_FS_TYPE_EXFAT) && runs.uncovered != 0) {
    out.uncovered = runs.uncovered;
    while (!stream.extents.empty() && stream.extents.back().sparse) stream.extents.pop_back();
    if (stream.extents.empty()) stream.availability = Availability::kNameOnly;
  }
  slack = std::move(runs.slack);
  stream.inline_content = resident_content(*content);
  if (is_bad_cluster_map(view, meta, chosen)) {
    std::erase_if(stream.extents, [](const Extent& extent) { return extent.sparse; });
    stream.size = ByteCount{0};
    for (const Extent& extent : stream.extents) stream.size = stream.size + extent.length;
  }
  if ((content->flags & TSK_FS_ATTR_ENC) != 0) stream.availability = Availability::kEncrypted;
  return out;
}

Stream slack_stream(const Stream& owner, std::vector<Extent> extents) {
  Stream slack;
  slack.key = owner.key + ".slack";
  slack.kind = StreamKind::kSlack;
  slack.volume = owner.volume;
  slack.volume_offset = owner.volume_offset;
  slack.file_system = owner.file_system;
  slack.path = owner.path;
  slack.raw_path = owner.raw_path;
  slack.size = ByteCount{owner.slack_bytes};
  slack.extents = std::move(extents);
  return slack;
}

}  // namespace

std::string stream_key(const FileSystemView& view, std::uint64_t inode, std::uint32_t type, std::uint32_t id) {
  return fmt::format("v{}.i{}.a{}-{}", view.offset.value, inode, type, id);
}

Stream name_only_stream(const FileSystemView& view, const EntryName& name, std::uint64_t inode) {
  Stream stream = base_stream(view, name);
  stream.key = fmt::format("v{}.n{}-{}", view.offset.value, name.parent_inode, sha256_hex(name.leaf).substr(0, 16));
  stream.kind = TSK_FS_IS_DIR_NAME(name.type) ? StreamKind::kDirectory : StreamKind::kFile;
  stream.availability = Availability::kNameOnly;
  stream.survive_percent = 0;
  stream.view = true;
  EntryMeta meta;
  meta.inode = inode;
  meta.parent_inode = name.parent_inode;
  meta.allocated = false;
  meta.name_allocated = name.allocated;
  stream.meta = std::move(meta);
  return stream;
}

std::vector<EntryStream> entry_streams(const FileSystemView& view, const EntryName& name, TSK_FS_FILE& file,
                                       const AllocationMap& allocation) {
  std::vector<EntryStream> out;
  const bool meta_allocated = file.meta != nullptr && (file.meta->flags & TSK_FS_META_FLAG_ALLOC) != 0;
  if (file.meta == nullptr || (!name.allocated && meta_allocated)) {
    out.push_back({name_only_stream(view, name, file.name != nullptr ? file.name->meta_addr : 0)});
    out.back().stream.meta->allocated = meta_allocated;
    return out;
  }
  EntryMeta meta = entry_meta(view, file);
  meta.parent_inode = name.parent_inode;
  meta.name_allocated = name.allocated;
  std::vector<ChosenAttribute> chosen =
      TSK_FS_TYPE_ISNTFS(view.fs->ftype) ? choose_ntfs(file) : choose_others(view, file);
  if (chosen.empty()) chosen.push_back({});
  tsk_error_reset();
  for (const ChosenAttribute& each : chosen) {
    std::vector<Extent> slack;
    EntryStream entry = content_stream(view, name, file, each, slack);
    entry.owner = meta_allocated;
    entry.stream.meta = meta;
    if (!meta_allocated) {
      entry.stream.view = true;
      grade_deleted(view, allocation, each.content != nullptr, entry.stream);
      out.push_back(std::move(entry));
      continue;
    }
    if (entry.lost) {
      entry.stream.availability = Availability::kNameOnly;
      entry.stream.survive_percent = 0;
    }
    for (const Extent& extent : slack) entry.stream.slack_bytes += extent.length.value;
    out.push_back(std::move(entry));
    if (!slack.empty()) {
      Stream rest = slack_stream(out.back().stream, std::move(slack));
      out.push_back({std::move(rest), true});
    }
  }
  return out;
}

}  // namespace triage
