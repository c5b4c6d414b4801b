// SPDX-License-Identifier: Apache-2.0
// What the map of an evidence tells the recovery of deleted files about each volume.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "evidence/stream_map.h"
#include "model/records.h"
#include "model/stream.h"

namespace triage {

/// A deleted entry that waits for a better description. `sequence` is its number in the map as it was made.
struct HeldStream {
  Stream stream;
  bool added = false;   ///< found by recovery, not by the map
  bool proven = false;  ///< its content is whole by its own structure, so its runs are its own
};

/// A run of blocks of a directory that is in use.
struct DirectoryRun {
  ByteRange range;
  std::uint64_t inode = 0;
};

/// Indirect block of ext2 or ext3 → the blocks it names.
using PointerBlocks = std::map<std::uint64_t, std::vector<std::uint32_t>>;

/// A run of blocks whose file is known, and when that file was created (ns since 1970).
struct DatedRun {
  ByteRange range;
  std::int64_t created = 0;
};

struct VolumeFacts {
  VolumeRecord record;
  std::string file_system;                                     ///< "ext4", "ntfs" …; empty where none was read
  std::uint64_t content = 0;                                   ///< where that begins: behind the header of LUKS
  RangeSet free;                                               ///< bytes of unallocated blocks
  std::unordered_map<std::uint64_t, std::string> directories;  ///< inode of a directory in use → its path
  std::unordered_map<std::uint64_t, std::uint32_t> sequences;  ///< NTFS: inode of that directory → its sequence
  std::vector<DirectoryRun> directory_runs;                    ///< ext; NTFS: of indexes
  std::vector<DatedRun> dated_runs;                            ///< ext4 only: of files in use
  PointerBlocks indirect;                                      ///< ext2, ext3: in unallocated blocks
  std::vector<Extent> table;                                   ///< NTFS: content of $MFT
  std::vector<Extent> log_file;                                ///< NTFS: content of $LogFile
  std::vector<Extent> change_journal;                          ///< NTFS: content of $UsnJrnl:$J
  std::vector<std::size_t> held;                               ///< indices of its deleted entries
  [[nodiscard]] std::uint64_t begin() const { return record.offset.value; }
  [[nodiscard]] std::uint64_t end() const { return (record.offset + record.length).value; }
};

}  // namespace triage
