// SPDX-License-Identifier: Apache-2.0
// Programs for Windows (PE): the farthest of headers, sections, certificates, COFF symbols and an overlay whose own
// header tells its size (Nullsoft, ZIP, 7z, RAR, CAB appended to a self-extractor).
//   file := MZ header … PE header section_headers sections [symbols] [overlay] [certificates]
// An overlay of another kind cannot be told from what follows the file and is left out.   Spec: Microsoft PE Format.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver pe;

namespace {

using namespace std::string_view_literals;
constexpr std::uint64_t kMost = std::uint64_t{1} << 32;

struct Image {
  std::uint64_t end = 0;
  std::uint64_t certificates_at = 0;
  std::uint64_t certificates = 0;
  bool dll = false;
  bool driver = false;
};

/// Header, section table, certificate directory, symbols; false when this is no PE file.
bool read_image(Bytes data, Image& image) {
  const std::uint64_t pe = le_at<std::uint32_t>(data, 0x3c);
  if (pe < 0x40 || pe > 0x10000 || !has_at(data, pe, "PE\0\0"sv) || !holds(data, pe, 24)) return false;
  const auto sections = le_at<std::uint16_t>(data, pe + 6);
  const std::uint64_t symbols_at = le_at<std::uint32_t>(data, pe + 12);
  const std::uint64_t symbols = le_at<std::uint32_t>(data, pe + 16);
  const auto optional_size = le_at<std::uint16_t>(data, pe + 20);
  const auto characteristics = le_at<std::uint16_t>(data, pe + 22);
  const auto magic = le_at<std::uint16_t>(data, pe + 24);
  if ((magic != 0x10b && magic != 0x20b) || sections == 0 || sections > 96 || (characteristics & 2) == 0) return false;
  const std::uint64_t directories = pe + 24 + (magic == 0x10b ? 96U : 112U);
  const auto directory_count = le_at<std::uint32_t>(data, directories - 4);
  const std::uint64_t table = pe + 24 + optional_size;
  if (!holds(data, table, 40ULL * sections)) return false;
  image.end = le_at<std::uint32_t>(data, pe + 84);  // SizeOfHeaders
  if (image.end > 1U << 20) return false;
  for (unsigned i = 0; i < sections; ++i) {
    const std::uint64_t size = le_at<std::uint32_t>(data, table + 40ULL * i + 16);
    const std::uint64_t at = le_at<std::uint32_t>(data, table + 40ULL * i + 20);
    if (size != 0 && at != 0) image.end = std::max(image.end, at + size);
  }
  if (directory_count > 4) {
    image.certificates_at = le_at<std::uint32_t>(data, directories + 32);
    image.certificates = le_at<std::uint32_t>(data, directories + 36);
  }
  if (symbols_at != 0 && symbols < 1U << 24 && symbols_at >= image.end) {
    const std::uint64_t strings = symbols_at + 18 * symbols;  // its size stands in its first word
    image.end = std::max(image.end, strings + std::max<std::uint64_t>(4, le_at<std::uint32_t>(data, strings)));
  }
  image.dll = (characteristics & 0x2000) != 0;
  image.driver = le_at<std::uint16_t>(data, pe + 92) == 1;
  return image.end < kMost;
}

/// Size of what stands behind the sections, as its own header states it; 0 where it states none.
std::uint64_t overlay_size(Bytes data, std::uint64_t at) {
  if (has_at(data, at + 4, "\xef\xbe\xad\xdeNullsoftInst")) return le_at<std::uint32_t>(data, at + 24);
  if (has_at(data, at, "7z\xbc\xaf\x27\x1c"))
    return 32 + le_at<std::uint64_t>(data, at + 12) % kMost + le_at<std::uint64_t>(data, at + 20) % kMost;
  if (has_at(data, at, "MSCF\0\0\0\0"sv)) return le_at<std::uint32_t>(data, at + 8);
  return 0;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "MZ")) return {};
  Image image;
  if (!read_image(data, image)) return {};
  const std::string_view extension = image.driver ? "sys" : image.dll ? "dll" : "exe";
  std::uint64_t end = image.end;
  if (image.certificates_at >= image.end && image.certificates >= 8 && image.certificates < 16U << 20) {
    end = image.certificates_at + image.certificates;
    if (end > data.size()) return carve_more(data, extension);
    const auto revision = le_at<std::uint16_t>(data, image.certificates_at + 4);
    const auto size = le_at<std::uint32_t>(data, image.certificates_at);
    if ((revision != 0x100 && revision != 0x200) || size > image.certificates || size < 8)
      return carve_cut(image.end, extension);
    return carve_whole(end, extension);
  }
  if (end > data.size()) return carve_more(data, extension);
  return carve_stated(data, end + overlay_size(data, end), extension);
}

constexpr CarveMagic kMagics[] = {{0, "MZ"}};
constexpr std::string_view kReferences[] = {"Microsoft Learn: PE Format",
                                            "NSIS Source/exehead/fileform.h (firstheader)"};

}  // namespace

constinit const Carver pe{
    .id = "pe",
    .extension = "exe",
    .title_en = "Windows program",
    .title_ja = "Windows プログラム",
    .magics = kMagics,
    .min_length = ByteCount{512},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
