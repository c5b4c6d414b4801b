// SPDX-License-Identifier: Apache-2.0
// Where ext2, ext3 and ext4 keep their inodes: superblock and group descriptors, as far as recovery needs them.
// Spec: kernel Documentation/filesystems/ext4/globals.rst, super.rst, group_descr.rst.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "recover/image_bytes.h"

namespace triage {

struct ExtLayout {
  std::uint64_t begin = 0;  ///< byte place of block 0 in the image
  std::uint64_t block_count = 0;
  std::uint32_t block_size = 0;
  std::uint32_t inode_count = 0;
  std::uint32_t inode_size = 0;
  std::uint32_t inodes_per_group = 0;
  std::uint32_t journal_inode = 0;  ///< 0: none, or on another device
  bool extents = false;
  bool file_types = false;                    ///< directory entries name the type
  std::vector<std::uint64_t> inode_tables;    ///< first block, by group
  std::vector<std::uint32_t> table_order;     ///< groups by the place of their inode table
  std::vector<std::byte> journal_map_backup;  ///< 60 bytes of the journal inode's block map, kept in the superblock

  /// Byte place of `inode` in the image; nullopt where there is no such inode.
  [[nodiscard]] std::optional<std::uint64_t> inode_place(std::uint64_t inode) const;
  /// First inode stored in `block`; nullopt where it is no block of an inode table.
  [[nodiscard]] std::optional<std::uint64_t> first_inode_of(std::uint64_t block) const;
  [[nodiscard]] std::uint64_t place(std::uint64_t block) const { return begin + block * block_size; }
};

/// Reads the superblock of the volume at `begin`; nullopt where there is none that can be.
std::optional<ExtLayout> read_ext_layout(ImageBytes& image, std::uint64_t begin);

}  // namespace triage
