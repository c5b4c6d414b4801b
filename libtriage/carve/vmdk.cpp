// SPDX-License-Identifier: Apache-2.0
// VMware disks, sparse extents: header, descriptor, grain directories, grain tables and the grain that lies farthest.
// Stream-optimised extents end in a footer and an end marker.     Spec: VMware "Virtual Disk Format 5.0".
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver vmdk;

namespace {
constexpr std::uint64_t kSector = 512;

/// Walks the markers of a stream-optimised extent from `at`; returns its end, or 0 when the data ends first.
std::uint64_t end_of_stream(Bytes data, std::uint64_t at) {
  while (holds(data, at, kSector)) {
    const auto value = le_at<std::uint64_t>(data, at);
    const std::uint64_t size = le_at<std::uint32_t>(data, at + 8);
    if (size != 0) {  // a compressed grain
      at += (12 + size + kSector - 1) / kSector * kSector;
      continue;
    }
    const auto type = le_at<std::uint32_t>(data, at + 12);
    if (type == 0 && value == 0) return at + kSector;
    if (type == 0 || type > 3 || value > 1U << 20) return 0;
    at += kSector + value * kSector;
  }
  return 0;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "KDMV") || data.size() < kSector) return {};
  const auto version = le_at<std::uint32_t>(data, 4);
  const auto flags = le_at<std::uint32_t>(data, 8);
  const auto capacity = le_at<std::uint64_t>(data, 12);
  const auto grain = le_at<std::uint64_t>(data, 20);
  const std::uint64_t entries = le_at<std::uint32_t>(data, 44);
  const auto directory = le_at<std::uint64_t>(data, 56);
  const auto overhead = le_at<std::uint64_t>(data, 64);
  const bool newline = has_at(data, 73, "\n \r\n");
  if (version < 1 || version > 3 || !newline || grain < 8 || grain > 2048 || (grain & (grain - 1)) != 0 ||
      entries == 0 || entries > 4096 || capacity == 0 || capacity > std::uint64_t{1} << 40 || overhead > 1U << 24)
    return {};
  if ((flags & 0x10000) != 0) {
    const std::uint64_t end = end_of_stream(data, overhead * kSector);
    return end == 0 ? carve_more(data, "vmdk") : carve_whole(end, "vmdk");
  }
  const std::uint64_t tables = (capacity + grain * entries - 1) / (grain * entries);
  if (tables > 1U << 20 || directory > 1U << 30) return {};
  std::uint64_t end = overhead * kSector;
  if (!holds(data, directory * kSector, tables * 4)) return carve_more(data, "vmdk");
  for (std::uint64_t t = 0; t < tables; ++t) {
    const std::uint64_t table = std::uint64_t{le_at<std::uint32_t>(data, directory * kSector + 4 * t)} * kSector;
    if (table == 0) continue;
    if (!holds(data, table, entries * 4)) return carve_more(data, "vmdk");
    for (std::uint64_t e = 0; e < entries; ++e) {
      const std::uint64_t at = le_at<std::uint32_t>(data, table + 4 * e);
      if (at > 1) end = std::max(end, (at + grain) * kSector);
    }
  }
  return carve_stated(data, end, "vmdk");
}

constexpr CarveMagic kMagics[] = {{0, "KDMV"}};
constexpr std::string_view kReferences[] = {"VMware: Virtual Disk Format 5.0"};

}  // namespace

constinit const Carver vmdk{
    .id = "vmdk",
    .extension = "vmdk",
    .title_en = "VMware disk",
    .title_ja = "VMware 仮想ディスク",
    .magics = kMagics,
    .min_length = ByteCount{1024},
    .max_length = ByteCount{64ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
