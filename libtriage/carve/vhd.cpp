// SPDX-License-Identifier: Apache-2.0
// Virtual PC disks, dynamic and differencing: a copy of the footer first, then the block table; the file ends with the
// footer behind the last block.     file := footer(512) header(1024) table … block* footer(512)
// Fixed disks have a footer only and cannot be found by their beginning.    Spec: Microsoft "Virtual Hard Disk Image
// Format Specification" 1.0. All numbers big-endian.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver vhd;

namespace {
constexpr std::uint64_t kSector = 512;

/// One's complement of the sum of the bytes, the checksum's own left out.
bool sum_holds(Bytes block, std::uint64_t sum_at) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i)
    if (i < sum_at || i >= sum_at + 4) sum += std::to_integer<std::uint32_t>(block[i]);
  return ~sum == be_at<std::uint32_t>(block, sum_at);
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "conectix") || data.size() < 1536) return {};
  const auto type = be_at<std::uint32_t>(data, 60);
  if (!sum_holds(part(data, 0, kSector), 64) || (type != 3 && type != 4)) return {};
  const auto header = be_at<std::uint64_t>(data, 16);
  if (header > 1U << 20 || !has_at(data, header, "cxsparse") || !sum_holds(part(data, header, 1024), 36)) return {};
  const auto table = be_at<std::uint64_t>(data, header + 16);
  const std::uint64_t entries = be_at<std::uint32_t>(data, header + 28);
  const std::uint64_t block = be_at<std::uint32_t>(data, header + 32);
  if (entries > 1U << 22 || block < kSector || block > 1U << 28 || block % kSector != 0 || table > 1U << 24) return {};
  if (!holds(data, table, 4 * entries)) return carve_more(data, "vhd");
  const std::uint64_t bitmap = (block / kSector / 8 + kSector - 1) / kSector * kSector;
  std::uint64_t end = table + (4 * entries + kSector - 1) / kSector * kSector;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint64_t at = be_at<std::uint32_t>(data, table + 4 * i);
    if (at != 0xffffffffU) end = std::max(end, at * kSector + bitmap + block);
  }
  if (end > data.size() || data.size() - end < kSector) return carve_more(data, "vhd");
  // Writers place blocks on 4096 bytes, so that a little room may stand before the footer.
  for (std::uint64_t room = 0; room <= 8 * kSector && holds(data, end + room, kSector); room += kSector)
    if (has_at(data, end + room, "conectix") && sum_holds(part(data, end + room, kSector), 64))
      return carve_whole(end + room + kSector, "vhd");
  return carve_cut(end, "vhd");
}

constexpr CarveMagic kMagics[] = {{0, "conectix"}};
constexpr std::string_view kReferences[] = {"Microsoft: Virtual Hard Disk Image Format Specification 1.0"};

}  // namespace

constinit const Carver vhd{
    .id = "vhd",
    .extension = "vhd",
    .title_en = "Virtual PC disk",
    .title_ja = "Virtual PC 仮想ディスク",
    .magics = kMagics,
    .min_length = ByteCount{2048},
    .max_length = ByteCount{64ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
