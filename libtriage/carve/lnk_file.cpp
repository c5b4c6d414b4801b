// SPDX-License-Identifier: Apache-2.0
// Shell links: header, the parts that its flags name, extra blocks to the terminal block.
//   file := header(76) [id_list] [link_info] strings* (extra_block)* 00000000       Spec: [MS-SHLLINK] §2.1–§2.5.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver lnk_file;

namespace {

using namespace std::string_view_literals;
constexpr std::uint32_t kHasIdList = 1;
constexpr std::uint32_t kHasLinkInfo = 2;
constexpr std::uint32_t kIsUnicode = 0x80;

CarveResult validate(Bytes data) {
  constexpr std::string_view kMagic = "\x4c\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv;
  if (!has_at(data, 0, kMagic) || data.size() < 80) return {};
  ByteCursor cursor(data);
  cursor.skip(20, "size, class");
  const auto flags = cursor.le<std::uint32_t>("flags");
  cursor.skip(42, "attributes, times, icon, window");
  const Bytes reserved = cursor.take(10, "reserved");
  if (!is_filled(reserved, 0)) return {};
  if ((flags & kHasIdList) != 0) cursor.skip(cursor.le<std::uint16_t>("id_list_size"), "id_list");
  if ((flags & kHasLinkInfo) != 0) {
    const auto size = cursor.le<std::uint32_t>("link_info_size");
    if (cursor.ok() && (size < 28 || size > 1U << 20)) return {};
    cursor.skip(size < 4 ? 0 : size - 4, "link_info");
  }
  for (std::uint32_t flag = 4; flag <= 0x40; flag <<= 1) {  // name, relative path, working folder, arguments, icon
    if ((flags & flag) == 0) continue;
    const std::size_t count = cursor.le<std::uint16_t>("count");
    cursor.skip(count * ((flags & kIsUnicode) != 0 ? 2 : 1), "string");
  }
  for (int blocks = 0; blocks < 64 && cursor.ok(); ++blocks) {
    const auto size = cursor.le<std::uint32_t>("block_size");
    if (!cursor.ok()) break;
    if (size < 4) return carve_whole(cursor.position(), "lnk");
    const auto signature = le_at<std::uint32_t>(data, cursor.position());
    if (size < 8 || (signature & 0xffffff00U) != 0xa0000000U) return carve_cut(cursor.position() - 4, "lnk");
    cursor.skip(size - 4, "block");
  }
  return cursor.ok() ? carve_cut(cursor.position(), "lnk") : carve_more(data, "lnk");
}

constexpr CarveMagic kMagics[] = {{0, "\x4c\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv}};
constexpr std::string_view kReferences[] = {"[MS-SHLLINK] §2"};

}  // namespace

constinit const Carver lnk_file{
    .id = "lnk_file",
    .extension = "lnk",
    .title_en = "Shell link",
    .title_ja = "ショートカット",
    .magics = kMagics,
    .min_length = ByteCount{80},
    .max_length = ByteCount{2ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
