// SPDX-License-Identifier: Apache-2.0
// LZ4 frames: header with its checksum byte, blocks with their sizes (and checksums, where the frame has them) to the
// end mark.   frame := magic flags bd [size(8)] [dictionary(4)] hc block* 00000000 [checksum(4)]
// Spec: "LZ4 Frame Format Description" 1.6.2.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver lz4;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "\x04\x22\x4d\x18") || data.size() < 7) return {};
  const auto flags = le_at<std::uint8_t>(data, 4);
  const auto bd = le_at<std::uint8_t>(data, 5);
  if (flags >> 6 != 1 || (flags & 2) != 0 || (bd & 0x8f) != 0 || bd >> 4 < 4) return {};
  const std::uint64_t descriptor = 2 + ((flags & 8) != 0 ? 8U : 0U) + ((flags & 1) != 0 ? 4U : 0U);
  if (!holds(data, 4, descriptor + 1)) return carve_more(data, "lz4");
  if ((xxh32(part(data, 4, descriptor)) >> 8 & 0xff) != le_at<std::uint8_t>(data, 4 + descriptor)) return {};
  const std::uint64_t most = std::uint64_t{1} << (8 + 2 * (bd >> 4));
  const bool checked = (flags & 0x10) != 0;
  std::uint64_t at = 5 + descriptor;
  for (;;) {
    if (!holds(data, at, 4)) return carve_more(data, "lz4");
    const auto word = le_at<std::uint32_t>(data, at);
    const std::uint64_t size = word & 0x7fffffffU;
    if (word == 0) break;
    if (size > most) return carve_cut(at, "lz4");
    if (!holds(data, at + 4, size + (checked ? 4 : 0))) return carve_more(data, "lz4");
    if (checked && xxh32(part(data, at + 4, size)) != le_at<std::uint32_t>(data, at + 4 + size))
      return carve_cut(at, "lz4");
    at += 4 + size + (checked ? 4 : 0);
  }
  return carve_stated(data, at + 4 + ((flags & 4) != 0 ? 4 : 0), "lz4");
}

constexpr CarveMagic kMagics[] = {{0, "\x04\x22\x4d\x18"}};
constexpr std::string_view kReferences[] = {"LZ4 Frame Format Description 1.6.2"};

}  // namespace

constinit const Carver lz4{
    .id = "lz4",
    .extension = "lz4",
    .title_en = "LZ4 file",
    .title_ja = "LZ4 ファイル",
    .magics = kMagics,
    .min_length = ByteCount{11},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
