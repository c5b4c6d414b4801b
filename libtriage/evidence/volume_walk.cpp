// SPDX-License-Identifier: Apache-2.0
#include "evidence/volume_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

std::vector<Region> partitions_of(const TSK_VS_INFO& table, std::uint64_t image_size) {
  std::vector<Region> out;
  for (const TSK_VS_PART_INFO* part = table.part_list; part != nullptr && out.size() < kMaxPartitions;
       part = part->next) {
    if ((part->flags & TSK_VS_PART_FLAG_ALLOC) == 0 || (part->flags & TSK_VS_PART_FLAG_META) != 0) continue;
    const std::uint64_t begin = place_of(table, part->start, image_size);
    const TSK_DADDR_T last = part->len > ~part->start ? ~TSK_DADDR_T{0} : part->start + part->len;
    const std::uint64_t end = place_of(table, last, image_size);
    if (begin >= end) continue;
    out.push_back(
        {{begin, end}, std::string(table_name(table.vstype)), part->desc == nullptr ? "" : to_valid_utf8(part->desc)});
  }
  return out;
}

/// Sorts by place and takes from later ones what earlier ones hold.
std::vector<Region> disjoint(std::vector<Region> regions, MapEmitter* out) {
  std::stable_sort(regions.begin(), regions.end(),
                   [](const Region& a, const Region& b) { return a.range.begin < b.range.begin; });
  std::vector<Region> kept;
  std::uint64_t at = 0;
  for (Region& region : regions) {
    if (region.range.begin < at) {
      if (out != nullptr) {
        out->damage(DamageKind::kRange, fmt::format("v{}", region.range.begin), "", "partition",
                    "overlaps an earlier partition; the earlier one owns the bytes");
      }
      region.range.begin = std::min(at, region.range.end);
    }
    if (region.range.begin >= region.range.end) continue;
    at = region.range.end;
    kept.push_back(std::move(region));
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
      if (table) regions = disjoint(partitions_of(*table, size), &out);
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
    std::vector<Region> inside;
    for (Region& region : partitions_of(*table, static_cast<std::uint64_t>(image.size))) {
      region.range.begin = std::max(region.range.begin, outer.range.begin);
      region.range.end = std::min(region.range.end, outer.range.end);
      const bool whole = region.range == outer.range;  // BSD's slice c covers everything
      if (region.range.begin < region.range.end && !whole) inside.push_back(std::move(region));
    }
    inside = disjoint(std::move(inside), nullptr);
    if (!inside.empty()) return inside;
  }
  return {};
}

}  // namespace triage
