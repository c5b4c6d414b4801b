// SPDX-License-Identifier: Apache-2.0
// PNG: walks the chunks, each with its CRC-32, to IEND.
//   file := signature(8) IHDR chunk* IDAT+ chunk* IEND      chunk := length(be32) type(4) data crc(be32)
// Spec: ISO/IEC 15948:2004 (W3C PNG third edition) §5.
#include "carve/carver.h"
#include "formats/checksum.h"

namespace triage {

extern const Carver png;

namespace {

bool is_chunk_type(Bytes type) {
  if (type.size() != 4) return false;
  for (const std::byte b : type) {
    const auto c = std::to_integer<unsigned>(b) | 0x20;
    if (c < 'a' || c > 'z') return false;
  }
  return true;
}

CarveResult validate(Bytes data) {
  CarveResult result;
  if (!has_at(data, 0, "\x89PNG\r\n\x1a\n")) return result;
  result.extension = "png";
  std::size_t at = 8;
  bool image = false;
  for (bool first = true;; first = false) {
    ByteCursor cursor(data.subspan(at));
    const auto length = cursor.be<std::uint32_t>("length");
    const Bytes type = cursor.take(4, "type");
    const bool known = cursor.ok();
    const bool wrong = known && (length > 0x7fffffffU || !is_chunk_type(type) ||
                                 (first && (length != 13 || as_chars(type) != "IHDR")));
    cursor.skip(length, "data");
    const auto stored = cursor.be<std::uint32_t>("crc");
    result.length = ByteCount{at};
    if (wrong || (cursor.ok() && crc32(data.subspan(at + 4, 4 + std::size_t{length})) != stored)) {
      if (first) return {};
      result.grade = CarveGrade::kTruncated;
      return result;
    }
    if (!cursor.ok()) {
      result.grade = CarveGrade::kTruncated;
      result.more_needed = true;
      result.length = ByteCount{data.size()};
      return result;
    }
    at += cursor.position();
    image = image || as_chars(type) == "IDAT";
    if (as_chars(type) == "IEND") break;
  }
  if (!image) return {};
  result.grade = CarveGrade::kComplete;
  result.length = ByteCount{at};
  return result;
}

constexpr CarveMagic kMagics[] = {{0, "\x89PNG\r\n\x1a\n"}};
constexpr std::string_view kReferences[] = {"ISO/IEC 15948:2004 §5, annex D"};

}  // namespace

constinit const Carver png{
    .id = "png",
    .extension = "png",
    .title_en = "PNG picture",
    .title_ja = "PNG 画像",
    .magics = kMagics,
    .min_length = ByteCount{57},
    .max_length = ByteCount{512ULL << 20},
    .references = kReferences,
    .validate = validate,
    .gaps = GapRule::kForward,
};

}  // namespace triage
