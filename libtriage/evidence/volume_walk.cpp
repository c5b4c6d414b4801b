// SPDX-License-Identifier: Apache-2.0
#include "evidence/volume_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bytes/text.h"

namespace triage {

namespace {

constexpr std::size_t kMaxPartitions = 4096;

std::string_view table_name(TSK_VS_TYPE_ENUM type) {
  switch (type) {
    case TSK_VS_TYPE_DOS: return "dos";
    case TSK_VS_TYPE_GPT: return "gpt";
    case TSK_VS_TYPE_MAC: return "mac";
    case TSK_VS_TYPE_BSD: return "bsd";
    case TSK_VS_TYPE_SUN: return "sun";
    default: return "none";
  }
}

/// Byte place of a sector of the table, saturated to the end of the image.
std::uint64_t place_of(const TSK_VS_INFO& table, TSK_DADDR_T sector, std::uint64_t image_size) {
  const std::uint64_t block = table.block_size;
  if (block == 0 || table.offset > image_size || sector > (image_size - table.offset) / block) return image_size;
  return table.offset + sector * block;
}

/// A partition as the table says it.
struct Partition {
  Region region;
  std::pair<int, int> slot;  ///< table and row: what came first in the table owns bytes that several claim
};

std::vector<Partition> partitions_of(const TSK_VS_INFO& table, std::uint64_t image_size, MapEmitter* out) {
  std::vector<Partition> found;
  for (const TSK_VS_PART_INFO* part = table.part_list; part != nullptr && found.size() < kMaxPartitions;
       part = part->next) {
    if ((part->flags & TSK_VS_PART_FLAG_ALLOC) == 0 || (part->flags & TSK_VS_PART_FLAG_META) != 0) continue;
    const std::uint64_t begin = place_of(table, part->start, image_size);
    const TSK_DADDR_T last = part->len > ~part->start ? ~TSK_DADDR_T{0} : part->start + part->len;
    const std::uint64_t end = place_of(table, last, image_size);
    const bool cut =
        table.block_size != 0 && last > (image_size - std::min(table.offset, image_size)) / table.block_size;
    if (cut && out != nullptr) {
      out->damage(DamageKind::kTruncated, fmt::format("v{}", begin), "", "partition",
                  fmt::format("the table says sectors {} to {}; the image ends before", part->start, last - 1));
    }
    if (begin >= end) continue;
    found.push_back(
        {{{begin, end}, std::string(table_name(table.vstype)), part->desc == nullptr ? "" : to_valid_utf8(part->desc)},
         {part->table_num, part->slot_num}});
  }
  return found;
}

/// The parts of `range` that none of the `taken` (sorted, disjoint) holds.
std::vector<ByteRange> free_parts(ByteRange range, const std::vector<Region>& taken) {
  std::vector<ByteRange> parts;
  for (const Region& one : taken) {
    if (one.range.end <= range.begin) continue;
    if (one.range.begin >= range.end) break;
    if (one.range.begin > range.begin) parts.push_back({range.begin, one.range.begin});
    range.begin = std::min(range.end, one.range.end);
  }
  if (range.begin < range.end) parts.push_back(range);
  return parts;
}

/// Sorts by place; what several claim goes to the first in the table, others keep what is left of them.
std::vector<Region> disjoint(std::vector<Partition> partitions, MapEmitter* out) {
  std::stable_sort(partitions.begin(), partitions.end(),
                   [](const Partition& a, const Partition& b) { return a.slot < b.slot; });
  std::vector<Region> kept;
  for (const Partition& partition : partitions) {
    const std::vector<ByteRange> parts = free_parts(partition.region.range, kept);
    const bool whole = parts.size() == 1 && parts.front() == partition.region.range;
    if (!whole && out != nullptr) {
      out->damage(DamageKind::kRange, fmt::format("v{}", partition.region.range.begin), "", "partition",
                  "overlaps a partition that stands before it in the table; that one owns the bytes");
    }
    for (const ByteRange& part : parts) {
      Region region = partition.region;
      region.range = part;
      const auto after =
          std::find_if(kept.begin(), kept.end(), [&](const Region& one) { return one.range.begin >= part.end; });
      kept.insert(after, std::move(region));
    }
  }
  return kept;
}

}  // namespace

std::vector<Region> find_regions(TSK_IMG_INFO& image, bool skip, MapEmitter& out) {
  const std::uint64_t size = static_cast<std::uint64_t>(image.size);
  std::vector<Region> regions;
  if (skip) {
    out.damage(DamageKind::kSkipped, "", "", "partition table", "left out, because an earlier reader died on it");
  } else {
    out.entering(kPartitionTable, 0);
    // Where several tables match, the newest kind is meant: a GPT disk carries a DOS table for old systems.
    static constexpr std::array kTypes = {TSK_VS_TYPE_DETECT, TSK_VS_TYPE_GPT, TSK_VS_TYPE_DOS, TSK_VS_TYPE_MAC};
    for (const TSK_VS_TYPE_ENUM type : kTypes) {
      const TskVsHandle table(tsk_vs_open(&image, 0, type));
      if (table) regions = disjoint(partitions_of(*table, size, &out), &out);
      const bool several = !table && tsk_found_several();
      tsk_error_reset();
      if (!regions.empty() || (type == TSK_VS_TYPE_DETECT && !several)) break;
    }
  }
  if (regions.empty()) regions.push_back({{0, size}, "none", ""});
  return regions;
}

std::vector<Region> find_nested_regions(TSK_IMG_INFO& image, const Region& outer) {
  for (const TSK_VS_TYPE_ENUM type : {TSK_VS_TYPE_BSD, TSK_VS_TYPE_SUN}) {
    const TskVsHandle table(tsk_vs_open(&image, outer.range.begin, type));
    tsk_error_reset();
    if (!table) continue;
    std::vector<Partition> inside;
    for (Partition& partition : partitions_of(*table, static_cast<std::uint64_t>(image.size), nullptr)) {
      ByteRange& range = partition.region.range;
      range = {std::max(range.begin, outer.range.begin), std::min(range.end, outer.range.end)};
      const bool whole = range == outer.range;  // BSD's slice c covers everything
      if (range.begin < range.end && !whole) inside.push_back(std::move(partition));
    }
    std::vector<Region> regions = disjoint(std::move(inside), nullptr);
    if (!regions.empty()) return regions;
  }
  return {};
}

}  // namespace triage
