// SPDX-License-Identifier: Apache-2.0
// Icons and cursors: a directory whose pictures lie one after another, each a bitmap header or a PNG.
//   file := zero(le16) type(le16: 1 icon, 2 cursor) count(le16) entry(16)* picture*
// Spec: Microsoft "Icons" (MSDN, 1995); "The evolution of the ICO file format" (Microsoft, 2010).
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver ico;

namespace {

using namespace std::string_view_literals;
bool is_picture(Bytes data, std::uint64_t at, std::uint64_t size) {
  if (has_at(data, at, "\x89PNG\r\n\x1a\n")) return true;
  const auto bits = le_at<std::uint16_t>(data, at + 14);
  return size >= 40 && le_at<std::uint32_t>(data, at) == 40 && le_at<std::uint16_t>(data, at + 12) <= 1 &&
         (bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32);
}

CarveResult validate(Bytes data) {
  ByteCursor cursor(data);
  const auto zero = cursor.le<std::uint16_t>("reserved");
  const auto type = cursor.le<std::uint16_t>("type");
  const auto count = cursor.le<std::uint16_t>("count");
  if (!cursor.ok() || zero != 0 || (type != 1 && type != 2) || count == 0 || count > 256) return {};
  const std::string_view extension = type == 1 ? "ico" : "cur";
  const std::uint64_t first = 6 + 16 * std::uint64_t{count};
  std::uint64_t end = first;
  std::uint64_t total = 0;
  for (unsigned i = 0; i < count; ++i) {
    const Bytes entry = cursor.take(16, "entry");
    if (!cursor.ok()) return {};
    const std::uint64_t size = le_at<std::uint32_t>(entry, 8);
    const std::uint64_t at = le_at<std::uint32_t>(entry, 12);
    if (entry[3] != std::byte{0} && entry[3] != std::byte{0xff}) return {};
    if (size < 40 || size > 16U << 20 || at < first) return {};
    if (holds(data, at, 40) && !is_picture(data, at, size)) return {};
    end = std::max(end, at + size);
    total += size;
  }
  if (end > first + total + 64) return {};  // pictures fill the file
  return carve_stated(data, end, extension);
}

constexpr CarveMagic kMagics[] = {{0, "\0\0\1\0"sv}, {0, "\0\0\2\0"sv}};
constexpr std::string_view kReferences[] = {"Microsoft: Icons (MSDN, 1995)"};

}  // namespace

constinit const Carver ico{
    .id = "ico",
    .extension = "ico",
    .title_en = "Icon or cursor",
    .title_ja = "アイコン・カーソル",
    .magics = kMagics,
    .min_length = ByteCount{62},
    .max_length = ByteCount{32ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
