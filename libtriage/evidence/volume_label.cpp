// SPDX-License-Identifier: Apache-2.0
// NTFS: attribute $VOLUME_NAME of inode 3. FAT12/16: boot sector 43, FAT32: 71. ext: superblock (at 1024) s_volume_name
// 0x78, s_inode_size 0x58. ISO 9660: primary volume descriptor 40. exFAT keeps its label in the root directory, listed
// by libtsk as an entry of its own.
#include "evidence/volume_label.h"

#include <algorithm>
#include <array>

#include "bytes/text.h"

namespace triage {

namespace {

constexpr std::uint64_t kVolumeInode = 3;

std::vector<std::byte> read_fs(const FileSystemView& view, std::uint64_t at, std::size_t length) {
  std::vector<std::byte> bytes(length);
  const ssize_t got = tsk_fs_read(view.fs, static_cast<TSK_OFF_T>(at),
                                  static_cast<char*>(static_cast<void*>(bytes.data())), bytes.size());
  bytes.resize(got > 0 ? std::min(static_cast<std::size_t>(got), length) : 0);
  tsk_error_reset();
  return bytes;
}

std::string trimmed(std::string text) {
  text = text.substr(0, text.find('\0'));
  text.erase(text.find_last_not_of(' ') + 1);
  return decode_name(text);
}

std::string ntfs_label(const FileSystemView& view) {
  const TskFileHandle file(tsk_fs_file_open_meta(view.fs, nullptr, kVolumeInode));
  if (!file) return {};
  const TSK_FS_ATTR* attribute = tsk_fs_file_attr_get_type(file.get(), TSK_FS_ATTR_TYPE_NTFS_VNAME, 0, 0);
  if (attribute == nullptr || (attribute->flags & TSK_FS_ATTR_RES) == 0 || attribute->rd.buf == nullptr) return {};
  const std::size_t size =
      std::min(static_cast<std::size_t>(std::max<TSK_OFF_T>(attribute->size, 0)), attribute->rd.buf_size);
  return utf16le_zstring(Bytes(static_cast<const std::byte*>(static_cast<const void*>(attribute->rd.buf)), size));
}

}  // namespace

std::string volume_label(const FileSystemView& view) {
  const TSK_FS_TYPE_ENUM type = view.fs->ftype;
  std::string label;
  if (TSK_FS_TYPE_ISNTFS(type)) label = ntfs_label(view);
  if (TSK_FS_TYPE_ISEXT(type)) label = trimmed(std::string(as_chars(read_fs(view, 1024 + 0x78, 16))));
  if (type == TSK_FS_TYPE_FAT12 || type == TSK_FS_TYPE_FAT16)
    label = trimmed(std::string(as_chars(read_fs(view, 43, 11))));
  if (type == TSK_FS_TYPE_FAT32) label = trimmed(std::string(as_chars(read_fs(view, 71, 11))));
  if (TSK_FS_TYPE_ISISO9660(type)) label = trimmed(std::string(as_chars(read_fs(view, 16 * 2048 + 40, 32))));
  tsk_error_reset();
  return label == "NO NAME" ? "" : label;
}

std::string volume_serial(const FileSystemView& view) {
  const TSK_FS_TYPE_ENUM type = view.fs->ftype;
  if (TSK_FS_TYPE_ISISO9660(type)) return {};  // libtsk gives the label there
  const std::size_t used = std::min<std::size_t>(view.fs->fs_id_used, TSK_FS_INFO_FS_ID_LEN);
  std::vector<std::byte> id;
  for (std::size_t i = 0; i < used; ++i) id.push_back(std::byte{view.fs->fs_id[i]});
  if (TSK_FS_TYPE_ISHFS(type)) return from_hex(as_chars(id)) ? std::string(as_chars(id)) : "";  // hex digits already
  if (TSK_FS_TYPE_ISNTFS(type) || TSK_FS_TYPE_ISFAT(type)) std::reverse(id.begin(), id.end());
  return to_hex(id);
}

bool holds_nanoseconds(const FileSystemView& view) {
  if (!TSK_FS_TYPE_ISEXT(view.fs->ftype)) return true;
  if (view.fs->ftype != TSK_FS_TYPE_EXT4) return false;  // libtsk reads them on ext4 only
  const std::vector<std::byte> size = read_fs(view, 1024 + 0x58, 2);
  ByteCursor cursor(size);
  return cursor.le<std::uint16_t>("s_inode_size") > 128;
}

}  // namespace triage
