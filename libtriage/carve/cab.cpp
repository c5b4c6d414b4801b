// SPDX-License-Identifier: Apache-2.0
// Cabinet: header with its size, folders, files; data blocks are walked and their checksums compared where set.
//   file := header folder* file* data*        Spec: [MS-CAB] §2.1–§2.4, §3.1 (checksum).
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver cab;

namespace {

using namespace std::string_view_literals;
/// [MS-CAB] §3.1
std::uint32_t block_sum(Bytes data, std::uint32_t seed) {
  std::uint32_t sum = xor32(data, seed);
  const std::size_t rest = data.size() % 4;
  std::uint32_t last = 0;
  for (std::size_t i = data.size() - rest; i < data.size(); ++i)
    last = last << 8 | std::to_integer<std::uint32_t>(data[i]);
  return sum ^ last;
}

struct Header {
  std::uint32_t size = 0;
  std::uint32_t files_at = 0;
  std::uint16_t folders = 0;
  std::uint16_t files = 0;
  std::uint16_t flags = 0;
};

/// The data blocks of the folder whose entry is at `entry`; false when one does not hold.
bool folder_holds(Bytes data, std::uint64_t entry, const Header& h, std::uint64_t block_reserve) {
  std::uint64_t at = le_at<std::uint32_t>(data, entry);
  const auto blocks = le_at<std::uint16_t>(data, entry + 4);
  for (unsigned i = 0; i < blocks; ++i) {
    if (at > h.size || h.size - at < 8 + block_reserve) return false;
    const auto stored = le_at<std::uint32_t>(data, at);
    const std::uint64_t packed = le_at<std::uint16_t>(data, at + 4);
    if (packed > h.size - at - 8 - block_reserve) return false;
    const std::uint32_t sum =
        block_sum(part(data, at + 4, 4 + block_reserve), block_sum(part(data, at + 8 + block_reserve, packed), 0));
    if (stored != 0 && stored != sum) return false;
    at += 8 + block_reserve + packed;
  }
  return true;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "MSCF\0\0\0\0"sv) || data.size() < 36) return {};
  Header h;
  h.size = le_at<std::uint32_t>(data, 8);
  h.files_at = le_at<std::uint32_t>(data, 16);
  h.folders = le_at<std::uint16_t>(data, 26);
  h.files = le_at<std::uint16_t>(data, 28);
  h.flags = le_at<std::uint16_t>(data, 30);
  if (le_at<std::uint16_t>(data, 24) != 0x0103 || h.flags > 7 || h.folders == 0 || h.files == 0 || h.size < 60 ||
      h.files_at < 44 || h.files_at >= h.size || le_at<std::uint32_t>(data, 12) != 0)
    return {};
  if (h.size > data.size()) return carve_more(data, "cab");
  std::uint64_t at = 36;
  std::uint64_t folder_reserve = 0;
  std::uint64_t block_reserve = 0;
  if ((h.flags & 4) != 0) {
    folder_reserve = le_at<std::uint8_t>(data, 38);
    block_reserve = le_at<std::uint8_t>(data, 39);
    at = 40 + std::uint64_t{le_at<std::uint16_t>(data, 36)};
  }
  const int names = ((h.flags & 1) != 0 ? 2 : 0) + ((h.flags & 2) != 0 ? 2 : 0);
  for (int i = 0; i < names; ++i)
    while (at < h.size && data[static_cast<std::size_t>(at++)] != std::byte{0}) {
    }
  for (unsigned i = 0; i < h.folders; ++i, at += 8 + folder_reserve)
    if (!holds(data, at, 8) || !folder_holds(data, at, h, block_reserve)) return carve_cut(h.size, "cab");
  return carve_whole(h.size, "cab");
}

constexpr CarveMagic kMagics[] = {{0, "MSCF\0\0\0\0"sv}};
constexpr std::string_view kReferences[] = {"[MS-CAB] §2, §3.1"};

}  // namespace

constinit const Carver cab{
    .id = "cab",
    .extension = "cab",
    .title_en = "Cabinet archive",
    .title_ja = "CAB 書庫",
    .magics = kMagics,
    .min_length = ByteCount{60},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
