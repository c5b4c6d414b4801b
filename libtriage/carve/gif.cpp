// SPDX-License-Identifier: Apache-2.0
// GIF: walks the blocks to the trailer byte.
//   file := header(6) screen(7) colours? (extension | image)* 3B
//   extension := 21 label sub_blocks      image := 2C descriptor(9) colours? code_size(1) sub_blocks
//   sub_blocks := (size(1) data)* 00      Spec: GIF89a, CompuServe 1990, §17–27.
#include "carve/carver.h"

namespace triage {

extern const Carver gif;

namespace {

std::size_t colour_table_size(std::uint8_t packed) {
  return (packed & 0x80) != 0 ? std::size_t{3} << ((packed & 7) + 1) : 0;
}

void skip_sub_blocks(ByteCursor& cursor) {
  for (;;) {
    const auto size = cursor.le<std::uint8_t>("sub_block");
    if (size == 0) return;  // the end, or a fault
    cursor.skip(size, "sub_block");
  }
}

/// One block; false at the trailer or at a byte that begins no block (then `known` is false).
bool read_block(ByteCursor& cursor, bool& known, int& images) {
  const auto kind = cursor.le<std::uint8_t>("block");
  if (!cursor.ok()) return false;
  if (kind == 0x21) {
    cursor.skip(1, "label");
    skip_sub_blocks(cursor);
    return cursor.ok();
  }
  if (kind == 0x2c) {
    cursor.skip(8, "place");
    const auto packed = cursor.le<std::uint8_t>("packed");
    cursor.skip(colour_table_size(packed), "colours");
    const auto code_size = cursor.le<std::uint8_t>("code_size");
    if (cursor.ok() && (code_size < 1 || code_size > 11)) {
      known = false;
      return false;
    }
    skip_sub_blocks(cursor);
    images += cursor.ok() ? 1 : 0;
    return cursor.ok();
  }
  known = kind == 0x3b;
  return false;
}

CarveResult validate(Bytes data) {
  CarveResult result;
  if (!has_at(data, 0, "GIF87a") && !has_at(data, 0, "GIF89a")) return result;
  result.extension = "gif";
  ByteCursor cursor(data);
  cursor.skip(6, "signature");
  const auto width = cursor.le<std::uint16_t>("width");
  const auto height = cursor.le<std::uint16_t>("height");
  const auto packed = cursor.le<std::uint8_t>("packed");
  cursor.skip(2, "background, aspect");
  cursor.skip(colour_table_size(packed), "colours");
  if (cursor.ok() && (width == 0 || height == 0)) return result;
  bool known = true;
  int images = 0;
  std::size_t held = cursor.position();
  while (cursor.ok() && read_block(cursor, known, images)) held = cursor.position();
  if (!cursor.ok()) {
    result.grade = CarveGrade::kTruncated;
    result.more_needed = true;
    result.length = ByteCount{data.size()};
  } else if (known && images > 0) {
    result.grade = CarveGrade::kComplete;
    result.length = ByteCount{cursor.position()};
  } else if (images > 0) {
    result.grade = CarveGrade::kTruncated;
    result.length = ByteCount{held};
  }
  return result;
}

constexpr CarveMagic kMagics[] = {{0, "GIF87a"}, {0, "GIF89a"}};
constexpr std::string_view kReferences[] = {"Graphics Interchange Format version 89a, 1990"};

}  // namespace

constinit const Carver gif{
    .id = "gif",
    .extension = "gif",
    .title_en = "GIF picture",
    .title_ja = "GIF 画像",
    .magics = kMagics,
    .min_length = ByteCount{14},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
