// SPDX-License-Identifier: Apache-2.0
// Partition tables → regions of the image in order, disjoint, clipped to the image.
#pragma once

#include <string>
#include <vector>

#include "evidence/map_emitter.h"
#include "evidence/tsk_handles.h"

namespace triage {

struct Region {
  ByteRange range;
  std::string table;        ///< dos, gpt, mac, bsd, sun, none
  std::string description;  ///< the table's own text
};

/// Volume offset a MapSink hears with inode 0 when the partition table itself is opened.
inline constexpr ByteOffset kPartitionTable{~std::uint64_t{0}};

/// Allocated partitions of the image; one region over everything ("none") where no table is found. Where partitions
/// overlap the one that starts first owns the bytes. With `skip` the table is not looked at.
std::vector<Region> find_regions(TSK_IMG_INFO& image, bool skip, MapEmitter& out);

/// Partitions of a BSD or Sun label inside `outer`; empty when there is none.
std::vector<Region> find_nested_regions(TSK_IMG_INFO& image, const Region& outer);

}  // namespace triage
