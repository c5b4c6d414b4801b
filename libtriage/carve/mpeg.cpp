// SPDX-License-Identifier: Apache-2.0
// MPEG program streams: packs and packets to the end code, or to what is neither.
//   file := (pack_header [system_header] packet*)+ [000001b9]      packet := 000001 id size(be16) content
// Spec: ISO/IEC 13818-1 §2.5.3; ISO/IEC 11172-1 §2.4.3. Plain video streams (000001b3) are not handled.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver mpeg;

namespace {

using namespace std::string_view_literals;
/// Length of the pack header at `at`: 12 bytes in MPEG-1, 14 and stuffing in MPEG-2; 0 where the marker bits are wrong.
std::uint64_t pack_length(Bytes data, std::uint64_t at) {
  const auto mark = le_at<std::uint8_t>(data, at + 4);
  if ((mark & 0xf1) == 0x21) {
    const bool bits = (le_at<std::uint8_t>(data, at + 6) & 1) != 0 && (le_at<std::uint8_t>(data, at + 8) & 1) != 0 &&
                      (le_at<std::uint8_t>(data, at + 9) & 0x80) != 0 && (le_at<std::uint8_t>(data, at + 11) & 1) != 0;
    return bits ? 12 : 0;
  }
  if ((mark & 0xc4) != 0x44) return 0;
  const bool bits = (le_at<std::uint8_t>(data, at + 6) & 4) != 0 && (le_at<std::uint8_t>(data, at + 8) & 4) != 0 &&
                    (le_at<std::uint8_t>(data, at + 9) & 1) != 0 && (le_at<std::uint8_t>(data, at + 12) & 3) == 3;
  return bits ? 14 + (le_at<std::uint8_t>(data, at + 13) & 7U) : 0;
}

CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  std::uint64_t packs = 0;
  std::uint64_t packets = 0;
  for (;;) {
    if (!holds(data, at, 16)) {
      if (has_at(data, at, "\0\0\1\xb9"sv)) return carve_whole(at + 4, "mpg");
      if (packets < 2) return {};
      return part(data, at, 3).size() < 3 || has_at(data, at, "\0\0\1"sv) ? carve_more(data, "mpg")
                                                                          : carve_cut(at, "mpg");
    }
    if (!has_at(data, at, "\0\0\1"sv)) break;
    const auto id = le_at<std::uint8_t>(data, at + 3);
    std::uint64_t length = 0;
    if (id == 0xb9) {
      at += 4;
      if (packets < 2) return {};
      return carve_whole(at, "mpg");
    }
    if (id == 0xba) {
      length = pack_length(data, at);
      ++packs;
    } else if (id >= 0xbb) {
      length = 6 + std::uint64_t{be_at<std::uint16_t>(data, at + 4)};
      ++packets;
    }
    if (length == 0) break;
    at += length;
    if (at > data.size()) return packs > 0 && packets > 1 ? carve_more(data, "mpg") : CarveResult{};
  }
  if (packs == 0 || packets < 2) return {};
  // Many recordings have no end code: whole when a pack's worth of zeros follows, cut otherwise.
  return is_filled(part(data, at, 64), 0) ? carve_whole(at, "mpg") : carve_cut(at, "mpg");
}

constexpr CarveMagic kMagics[] = {{0, "\0\0\1\xba"sv}};
constexpr std::string_view kReferences[] = {"ISO/IEC 13818-1 §2.5.3", "ISO/IEC 11172-1 §2.4.3"};

}  // namespace

constinit const Carver mpeg{
    .id = "mpeg",
    .extension = "mpg",
    .title_en = "MPEG film",
    .title_ja = "MPEG 動画",
    .magics = kMagics,
    .min_length = ByteCount{2048},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
