// SPDX-License-Identifier: Apache-2.0
// BMP: the file size in the header must agree with the size that the picture's own measures give.
//   header := "BM" size(le32) 0(4) pixels_at(le32) info_size(le32) …      Spec: [MS-WMF] §2.2.2, BITMAPFILEHEADER.
// Not read: OS/2 arrays, compressed pixels without a size field.
#include <cstdlib>

#include "carve/carver.h"

namespace triage {

extern const Carver bmp;

namespace {

struct Header {
  std::uint64_t file_size = 0;
  std::uint32_t reserved = 0;
  std::uint64_t pixels_at = 0;
  std::uint32_t info_size = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::uint16_t planes = 0;
  std::uint16_t bits = 0;
  std::uint32_t compression = 0;
  std::uint64_t pixels_size = 0;
};

Header read_header(ByteCursor& cursor) {
  Header h;
  cursor.skip(2, "signature");
  h.file_size = cursor.le<std::uint32_t>("size");
  h.reserved = cursor.le<std::uint32_t>("reserved");
  h.pixels_at = cursor.le<std::uint32_t>("pixels_at");
  h.info_size = cursor.le<std::uint32_t>("info_size");
  if (h.info_size == 12) {
    h.width = cursor.le<std::uint16_t>("width");
    h.height = cursor.le<std::int16_t>("height");
  } else {
    h.width = cursor.le<std::int32_t>("width");
    h.height = cursor.le<std::int32_t>("height");
  }
  h.planes = cursor.le<std::uint16_t>("planes");
  h.bits = cursor.le<std::uint16_t>("bits");
  if (h.info_size >= 40) {
    h.compression = cursor.le<std::uint32_t>("compression");
    h.pixels_size = cursor.le<std::uint32_t>("pixels_size");
  }
  return h;
}

bool is_sane(const Header& h) {
  const bool info = h.info_size == 12 || h.info_size == 40 || h.info_size == 52 || h.info_size == 56 ||
                    h.info_size == 64 || h.info_size == 108 || h.info_size == 124;
  const bool bits = h.bits == 1 || h.bits == 4 || h.bits == 8 || h.bits == 16 || h.bits == 24 || h.bits == 32;
  return h.reserved == 0 && info && bits && h.planes == 1 && h.compression <= 6 && h.width > 0 && h.width <= 65535 &&
         h.height != 0 && h.height > -65536 && h.height < 65536 && h.pixels_at >= 14U + h.info_size &&
         h.pixels_at <= 14U + h.info_size + 16U + 1024U;
}

CarveResult validate(Bytes data) {
  CarveResult result;
  ByteCursor cursor(data);
  const Header h = read_header(cursor);
  if (!has_at(data, 0, "BM") || !cursor.ok() || !is_sane(h)) return result;
  const std::uint64_t row = (static_cast<std::uint64_t>(h.width) * h.bits + 31) / 32 * 4;
  const auto rows = static_cast<std::uint64_t>(std::abs(static_cast<std::int64_t>(h.height)));
  const bool plain = h.compression == 0 || h.compression == 3 || h.compression == 6;
  const std::uint64_t pixels = plain ? row * rows : h.pixels_size;
  const std::uint64_t end = h.pixels_at + pixels;
  // Writers pad to words, and some leave the size field 0.
  if (pixels == 0 || (h.file_size != 0 && (h.file_size < end || h.file_size - end > 64))) return result;
  const std::uint64_t size = h.file_size != 0 ? h.file_size : end;
  result.extension = "bmp";
  result.more_needed = size > data.size();
  result.grade = result.more_needed ? CarveGrade::kTruncated : CarveGrade::kComplete;
  result.length = ByteCount{result.more_needed ? data.size() : size};
  return result;
}

constexpr CarveMagic kMagics[] = {{0, "BM"}};
constexpr std::string_view kReferences[] = {"Microsoft Learn: Bitmap Storage (BITMAPFILEHEADER, BITMAPINFOHEADER)"};

}  // namespace

constinit const Carver bmp{
    .id = "bmp",
    .extension = "bmp",
    .title_en = "BMP picture",
    .title_ja = "BMP 画像",
    .magics = kMagics,
    .min_length = ByteCount{30},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
