// SPDX-License-Identifier: Apache-2.0
// TrueType, OpenType: the table directory; each table's checksum must hold.     file := header(12) entry(16)* table*
// Spec: ISO/IEC 14496-22 (Open Font Format) §4.4, §4.5. Collections: every font of it.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver ttf;

namespace {

using namespace std::string_view_literals;
struct Font {
  std::uint64_t end = 0;
  bool sane = false;
  bool ran_out = false;
  int wrong = 0;  ///< tables whose checksum does not hold
};

std::uint32_t table_sum(Bytes table, bool head) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < table.size(); at += 4) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
      word = word << 8 | (at + i < table.size() ? std::to_integer<std::uint32_t>(table[at + i]) : 0);
    if (!head || at != 8) sum += word;  // checkSumAdjustment counts as 0
  }
  return sum;
}

Font read_font(Bytes data, std::uint64_t at) {
  Font font;
  const std::uint64_t tables = be_at<std::uint16_t>(data, at + 4);
  const auto range = be_at<std::uint16_t>(data, at + 6);
  if (tables < 4 || tables > 64 || range == 0 || range % 16 != 0) return font;
  font.ran_out = !holds(data, at, 12 + 16 * tables);
  font.sane = true;
  for (std::uint64_t i = 0; i < tables && !font.ran_out; ++i) {
    const std::uint64_t entry = at + 12 + 16 * i;
    for (const char c : as_chars(part(data, entry, 4)))
      if (c < 0x20 || c > 0x7e) font.sane = false;
    const std::uint64_t offset = be_at<std::uint32_t>(data, entry + 8);
    const std::uint64_t size = be_at<std::uint32_t>(data, entry + 12);
    if (offset < 12 || size > 1U << 28 || !font.sane) return Font{};
    font.end = std::max(font.end, offset + size);
    if (!holds(data, offset, size)) continue;
    const bool head = has_at(data, entry, "head");
    if (table_sum(part(data, offset, size), head) != be_at<std::uint32_t>(data, entry + 4)) ++font.wrong;
  }
  return font;
}

CarveResult validate(Bytes data) {
  if (data.size() < 76) return {};
  const std::string_view extension = has_at(data, 0, "OTTO") ? "otf" : has_at(data, 0, "ttcf") ? "ttc" : "ttf";
  std::uint64_t end = 0;
  int wrong = 0;
  bool ran_out = false;
  if (extension == "ttc") {
    const std::uint64_t fonts = be_at<std::uint32_t>(data, 8);
    const auto version = be_at<std::uint32_t>(data, 4);
    if ((version != 0x10000 && version != 0x20000) || fonts == 0 || fonts > 64) return {};
    for (std::uint64_t i = 0; i < fonts; ++i) {
      const std::uint64_t at = be_at<std::uint32_t>(data, 12 + 4 * i);
      if (!holds(data, at, 12)) return carve_more(data, extension);
      const Font font = read_font(data, at);
      if (!font.sane) return {};
      end = std::max(end, font.end);
      ran_out = ran_out || font.ran_out;
      wrong += font.wrong;
    }
  } else {
    const Font font = read_font(data, 0);
    if (!font.sane) return {};
    end = font.end;
    ran_out = font.ran_out;
    wrong = font.wrong;
  }
  if (ran_out || end > data.size()) return carve_more(data, extension);
  if (wrong > 1) return carve_cut(end, extension);  // editors forget one now and then
  // Tables are padded to four bytes; the last one too, as far as zeros stand there.
  std::uint64_t padded = (end + 3) / 4 * 4;
  if (!holds(data, end, padded - end) || !is_filled(part(data, end, padded - end), 0)) padded = end;
  return carve_whole(padded, extension);
}

constexpr CarveMagic kMagics[] = {{0, "\0\1\0\0\0"sv}, {0, "OTTO"}, {0, "true"}, {0, "ttcf"}};
constexpr std::string_view kReferences[] = {"ISO/IEC 14496-22:2019 §4.4, §4.5"};

}  // namespace

constinit const Carver ttf{
    .id = "ttf",
    .extension = "ttf",
    .title_en = "Font (TrueType, OpenType)",
    .title_ja = "フォント(TrueType・OpenType)",
    .magics = kMagics,
    .min_length = ByteCount{76},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
