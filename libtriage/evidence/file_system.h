// SPDX-License-Identifier: Apache-2.0
// What the walk knows about one open file system, and the places of its blocks in the image.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "evidence/reader.h"
#include "evidence/stream_map.h"
#include "evidence/tsk_handles.h"

namespace triage {

/// One open file system and the bytes of the image it may own.
struct FileSystemView {
  TSK_FS_INFO* fs = nullptr;
  ByteRange range;           ///< of the volume, clipped to the image
  std::uint64_t base = 0;    ///< byte place of block 0
  ByteOffset offset;         ///< the volume's name in keys: its first byte in the image
  std::uint32_t volume = 0;  ///< index into the evidence's volumes
  std::string name;          ///< "ntfs", "ext4" …
  bool direct = true;        ///< block addresses are places in the image
  bool nanoseconds = true;   ///< ext: inodes are large enough to hold them
};

/// Which blocks the file system says are in use.
struct AllocationMap {
  std::vector<ByteRange> allocated;    ///< in order, disjoint, clipped to the volume
  std::vector<ByteRange> unallocated;  ///< likewise
  std::string fault;                   ///< why it is incomplete; empty when whole
  /// Bytes of `range` that lie in allocated blocks.
  [[nodiscard]] std::uint64_t allocated_bytes(ByteRange range) const;
};

/// Asks libtsk about every block of `view`.
AllocationMap read_allocation(const FileSystemView& view);

/// Content of one attribute as runs of the image.
struct ContentRuns {
  std::vector<Extent> extents;  ///< of the content; empty where libtsk must read it
  std::vector<Extent> slack;    ///< bytes after its end (after its valid data) in its own blocks
  bool out_of_range = false;    ///< a run pointed outside the volume; it reads as zeros
  std::uint64_t uncovered = 0;  ///< bytes of the content that no run covers
};
ContentRuns content_runs(const FileSystemView& view, const TSK_FS_ATTR& attribute);

/// What the metadata of `file` says: owner, times, link.
EntryMeta entry_meta(const FileSystemView& view, TSK_FS_FILE& file);

}  // namespace triage
