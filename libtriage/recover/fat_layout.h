// SPDX-License-Identifier: Apache-2.0
// The cluster area of a FAT12/16/32 or exFAT volume, and where the clusters of deleted files can be: deletion forgets
// the chain, only the first cluster and the size stay.
// Spec: Microsoft, FAT32 File System Specification 1.03, "Boot Sector and BPB"; exFAT file system specification 3.1.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/stream_map.h"
#include "recover/image_bytes.h"

namespace triage {

/// Neighbouring clusters.
struct FatSpan {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  bool operator==(const FatSpan&) const = default;
};

struct FatLayout {
  std::uint64_t first = 0;    ///< byte place of the first cluster
  std::uint64_t cluster = 0;  ///< bytes
  std::uint64_t count = 0;    ///< clusters, clipped to the image
  [[nodiscard]] std::optional<std::uint64_t> index_of(std::uint64_t place) const;
  [[nodiscard]] ByteRange range_of(const FatSpan& span) const {
    return {first + span.first * cluster, first + (span.first + span.count) * cluster};
  }
};

/// Reads the boot sector of the volume at `begin`; nullopt where it describes no FAT.
std::optional<FatLayout> read_fat_layout(ImageBytes& image, std::uint64_t begin);

/// A deleted file as far as the chain matters. Cluster indices count from 0.
struct FatFile {
  std::uint64_t start = 0;
  std::uint64_t clusters = 0;
  std::int64_t created = 0;     ///< ns; when its first cluster was taken
  std::int64_t last_write = 0;  ///< ns; when its last one was, not before `created`
  bool gone = false;            ///< its first cluster holds something else now: it stands in nobody's way
  /// Its clusters are its own for all one can see: no other file's run covers its first one, or its content says so.
  /// Without that it stands in the way only of files that were being written when it was made.
  bool vouched = true;
};

/// A file's clusters in order; shorter than wanted where the volume ends.
using FatChain = std::vector<FatSpan>;

/// Plays the writing of the files again, each taking the next cluster that nobody held at that time: clusters in use
/// now (outside `free`), and those of deleted files that were there before. One chain a file, in the given order; empty
/// where a budget of steps ran out.
std::vector<FatChain> replay_fat_writes(const FatLayout& layout, const RangeSet& free,
                                        const std::vector<FatFile>& files);

/// The cluster `start` and those after it that are free and not in `blocked`, `count` in all.
FatChain lay_out(const FatLayout& layout, const RangeSet& free, const RangeSet& blocked, std::uint64_t start,
                 std::uint64_t count);

}  // namespace triage
