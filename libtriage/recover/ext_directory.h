// SPDX-License-Identifier: Apache-2.0
// One block of an ext2/3/4 directory: its entries, and deleted ones that still lie between them.
// Spec: kernel Documentation/filesystems/ext4/directory.rst.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

struct ExtEntry {
  std::uint32_t inode = 0;
  std::uint8_t type = 0;  ///< 0 unknown, 1 file, 2 directory, 7 symbolic link …
  std::string name;       ///< raw bytes
  bool deleted = false;   ///< found in the space of the entry before
};

struct ExtDirectoryBlock {
  std::vector<ExtEntry> entries;  ///< without "." and ".."
  std::uint32_t self = 0;         ///< inode of "."; 0 unless this is a directory's first block
  std::uint32_t parent = 0;       ///< inode of ".."
  bool sound = false;             ///< the entries fill the block exactly
};

/// `inode_count`: entries that name a larger inode are not believed. `typed`: entries carry the type.
ExtDirectoryBlock parse_ext_directory(Bytes block, std::uint32_t inode_count, bool typed);

}  // namespace triage
