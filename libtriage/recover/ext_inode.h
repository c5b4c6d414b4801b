// SPDX-License-Identifier: Apache-2.0
// One ext2/3/4 inode and its way to the blocks: extent tree or indirect blocks.
// Spec: kernel Documentation/filesystems/ext4/inodes.rst, ifork.rst.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "bytes/cursor.h"
#include "model/stream.h"
#include "recover/ext_layout.h"

namespace triage {

struct ExtInode {
  std::uint16_t mode = 0;
  std::uint16_t links = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;
  std::uint32_t flags = 0;
  std::uint32_t generation = 0;
  std::uint32_t deleted_seconds = 0;  ///< while an orphan: the next orphan's inode
  EntryTimes times;
  std::array<std::byte, 60> map{};  ///< i_block

  [[nodiscard]] bool is_file() const { return (mode & 0xf000) == 0x8000; }
  [[nodiscard]] bool is_directory() const { return (mode & 0xf000) == 0x4000; }
  [[nodiscard]] bool is_link() const { return (mode & 0xf000) == 0xa000; }
  [[nodiscard]] bool uses_extents() const { return (flags & 0x80000) != 0; }
  [[nodiscard]] bool is_inline() const { return (flags & 0x10000000) != 0; }
  [[nodiscard]] bool is_encrypted() const { return (flags & 0x800) != 0; }
  /// True while the map names blocks (or holds the content itself).
  [[nodiscard]] bool has_map() const;
};

/// `raw`: exactly one inode of the file system, at least 128 bytes. nullopt for an inode that was never used.
std::optional<ExtInode> parse_ext_inode(Bytes raw);

/// A run of file blocks.
struct ExtRun {
  std::uint64_t file_block = 0;
  std::uint64_t block = 0;
  std::uint64_t count = 0;
  bool unwritten = false;  ///< allocated but never written: reads as zeros
};

/// Gives a block of the map (extent node, indirect block) as it was at the time in question; nullopt: not known.
using ExtBlockFetch = std::function<std::optional<std::vector<std::byte>>(std::uint64_t block)>;

struct ExtRuns {
  std::vector<ExtRun> runs;  ///< by file block, disjoint
  bool complete = true;      ///< false: a node was unknown, impossible or too many
};

/// Blocks of the file. `steps` is a budget shared by all files of a volume: one step a node or run.
ExtRuns ext_runs(const ExtInode& inode, const ExtLayout& layout, const ExtBlockFetch& fetch, std::uint64_t& steps);

/// The runs as extents of the image that cover `size` bytes; holes and unwritten runs are sparse.
std::vector<Extent> ext_extents(const ExtRuns& runs, const ExtLayout& layout, std::uint64_t size);

}  // namespace triage
