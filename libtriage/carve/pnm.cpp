// SPDX-License-Identifier: Apache-2.0
// Portable any-maps: P4–P6 end after the pixels that the header counts, P1–P3 are text and not handled, PAM (P7)
// neither.
//   file := "P6" space width space height space [maximum] white pixels      Spec: Netpbm pbm(5), pgm(5), ppm(5),
//   pam(5).
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver pnm;

namespace {
bool is_white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The next number of the header, comments stepped over; 0 when there is none.
std::uint64_t number(std::string_view text, std::size_t& at) {
  while (at < text.size() && (is_white(text[at]) || text[at] == '#'))
    if (text[at++] == '#')
      while (at < text.size() && text[at] != '\n') ++at;
  std::uint64_t value = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9' && value < 1000000)
    value = value * 10 + static_cast<std::uint64_t>(text[at++] - '0');
  return value;
}

CarveResult validate(Bytes data) {
  const std::string_view text = as_chars(part(data, 0, 4096));
  if (text.size() < 9 || text[0] != 'P' || text[1] < '4' || text[1] > '6' || !is_white(text[2])) return {};
  std::size_t at = 2;
  const std::uint64_t width = number(text, at);
  const std::uint64_t height = number(text, at);
  const std::uint64_t maximum = text[1] == '4' ? 1 : number(text, at);
  if (width == 0 || height == 0 || width > 100000 || height > 100000 || maximum == 0 || maximum > 65535) return {};
  if (at >= text.size() || !is_white(text[at])) return {};
  const std::uint64_t samples = text[1] == '6' ? 3 * width : width;
  const std::uint64_t row = text[1] == '4' ? (width + 7) / 8 : samples * (maximum > 255 ? 2 : 1);
  return carve_stated(data, at + 1 + row * height, text[1] == '4' ? "pbm" : text[1] == '5' ? "pgm" : "ppm");
}

constexpr CarveMagic kMagics[] = {{0, "P4"}, {0, "P5"}, {0, "P6"}};
constexpr std::string_view kReferences[] = {"Netpbm: pbm(5), pgm(5), ppm(5)"};

}  // namespace

constinit const Carver pnm{
    .id = "pnm",
    .extension = "ppm",
    .title_en = "Portable any-map picture",
    .title_ja = "PNM 画像",
    .magics = kMagics,
    .min_length = ByteCount{12},
    .max_length = ByteCount{512ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
