// SPDX-License-Identifier: Apache-2.0
// AutoCAD drawings. Releases 13 to 2000 list their sections in the open; from 2004 on a coded header tells where its
// own copy stands, which ends the file.
//   r2000 := version(6) … count(le32 at 0x15) (number(1) at(le32) size(le32))*      r2004 := … coded header at 0x80
// Release 2007 (AC1021) is compressed throughout and not handled.
// Spec: Open Design Alliance "Specification for .dwg files" 5.4.1 §3.2, §4.1.
#include <algorithm>
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver dwg;

namespace {

using namespace std::string_view_literals;
constexpr std::size_t kCoded = 0x6c;

/// §4.1: a sequence of numbers is laid over the header.
std::array<std::byte, kCoded> decode(Bytes coded) {
  std::array<std::byte, kCoded> out{};
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < coded.size() && i < kCoded; ++i) {
    seed = seed * 0x343fd + 0x269ec3;
    out[i] = coded[i] ^ static_cast<std::byte>(seed >> 16 & 0xff);
  }
  return out;
}

CarveResult by_sections(Bytes data) {
  const auto count = le_at<std::uint32_t>(data, 0x15);
  if (count < 3 || count > 16) return {};
  std::uint64_t end = 0x19 + 9 * std::uint64_t{count} + 18;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = le_at<std::uint32_t>(data, 0x1a + 9 * i);
    const std::uint64_t size = le_at<std::uint32_t>(data, 0x1e + 9 * i);
    if (le_at<std::uint8_t>(data, 0x19 + 9 * i) > 16 || size > 1U << 30) return {};
    if (at != 0) end = std::max(end, at + size);
  }
  constexpr std::string_view kSentinel = "\x95\xa0\x4e\x28\x99\x82\x1a\xe5\x5e\x41\xe0\x5f\x9d\x3a\x4d\x00"sv;
  if (!has_at(data, 0x19 + 9 * std::uint64_t{count} + 2, kSentinel)) return {};
  return carve_stated(data, end, "dwg");
}

CarveResult by_coded_header(Bytes data) {
  const auto head = decode(part(data, 0x80, kCoded));
  if (!has_at(head, 0, "AcFssFcAJMB")) return {};
  const auto copy_at = le_at<std::uint64_t>(head, 0x34);
  if (copy_at < 0x100 || copy_at > std::uint64_t{1} << 32) return {};
  if (!holds(data, copy_at, 0x80)) return carve_more(data, "dwg");
  if (!has_at(decode(part(data, copy_at, kCoded)), 0, "AcFssFcAJMB")) return carve_cut(0x100, "dwg");
  // The sequence goes on for 20 bytes more in the first copy; writers differ in whether it does in the second.
  const Bytes first = part(data, 0x80 + kCoded, 20);
  const Bytes second = part(data, copy_at + kCoded, 20);
  return carve_whole(copy_at + kCoded + (std::equal(first.begin(), first.end(), second.begin()) ? 20 : 0), "dwg");
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "AC10") || data.size() < 0x100) return {};
  const std::string_view version = as_chars(part(data, 0, 6));
  if (version == "AC1012" || version == "AC1014" || version == "AC1015") return by_sections(data);
  if (version == "AC1018" || version == "AC1024" || version == "AC1027" || version == "AC1032")
    return by_coded_header(data);
  return {};
}

constexpr CarveMagic kMagics[] = {{0, "AC10"}};
constexpr std::string_view kReferences[] = {"Open Design Alliance: Specification for .dwg files 5.4.1 §3.2, §4.1"};

}  // namespace

constinit const Carver dwg{
    .id = "dwg",
    .extension = "dwg",
    .title_en = "AutoCAD drawing",
    .title_ja = "AutoCAD 図面",
    .magics = kMagics,
    .min_length = ByteCount{256},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
