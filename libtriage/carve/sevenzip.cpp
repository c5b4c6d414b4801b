// SPDX-License-Identifier: Apache-2.0
// 7z: the signature header places the end header; both have a CRC-32.
//   file := "7z" bc af 27 1c version(2) crc(le32) next_offset(le64) next_size(le64) next_crc(le32) packed* end_header
// Spec: 7-Zip "7zFormat.txt" (LZMA SDK 23.01).
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver sevenzip;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "7z\xbc\xaf\x27\x1c") || data.size() < 32) return {};
  if (crc32(part(data, 12, 20)) != le_at<std::uint32_t>(data, 8)) return {};
  const auto offset = le_at<std::uint64_t>(data, 12);
  const auto size = le_at<std::uint64_t>(data, 20);
  if (offset > std::uint64_t{1} << 48 || size > std::uint64_t{1} << 32) return {};
  const std::uint64_t end = 32 + offset + size;
  if (end > data.size()) return carve_more(data, "7z");
  const bool same = crc32(part(data, 32 + offset, size)) == le_at<std::uint32_t>(data, 28);
  return same ? carve_whole(end, "7z") : carve_cut(end, "7z");
}

constexpr CarveMagic kMagics[] = {{0, "7z\xbc\xaf\x27\x1c"}};
constexpr std::string_view kReferences[] = {"7-Zip 7zFormat.txt (LZMA SDK 23.01)"};

}  // namespace

constinit const Carver sevenzip{
    .id = "sevenzip",
    .extension = "7z",
    .title_en = "7-Zip archive",
    .title_ja = "7-Zip 書庫",
    .magics = kMagics,
    .min_length = ByteCount{32},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
