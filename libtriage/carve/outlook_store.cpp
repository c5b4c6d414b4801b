// SPDX-License-Identifier: Apache-2.0
// Outlook PST and OST: header with its CRC, the file's size in its root; the pages of both trees' roots must hold.
// Versions: ANSI (14, 15), Unicode (23), Unicode with 4 KiB pages (36).   Spec: [MS-PST] §2.2.2.6 HEADER, §2.2.2.5
// ROOT.
#include <array>

#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver outlook_store;

namespace {
/// [MS-PST] §5.3: the CRC-32 of ISO 3309 without the inversions.
std::uint32_t pst_crc(Bytes data) { return ~crc32(data, 0xffffffffU); }

/// §2.2.2.7: a page's trailer repeats its type.
bool is_tree_page(Bytes data, std::uint64_t at, std::uint64_t size, std::uint64_t trailer, unsigned type) {
  const std::uint64_t mark = at + size - trailer;
  return le_at<std::uint8_t>(data, mark) == type && le_at<std::uint8_t>(data, mark + 1) == type;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "!BDN") || data.size() < 564) return {};
  const auto version = le_at<std::uint16_t>(data, 10);
  const bool ansi = version == 14 || version == 15;
  if (!ansi && (version < 20 || version > 37)) return {};
  if (!has_at(data, 8, "SM") && !has_at(data, 8, "SO") && !has_at(data, 8, "AB")) return {};
  if (pst_crc(part(data, 8, 471)) != le_at<std::uint32_t>(data, 4)) return {};
  const std::uint64_t size = ansi ? le_at<std::uint32_t>(data, 168) : le_at<std::uint64_t>(data, 184);
  const std::uint64_t nodes = ansi ? le_at<std::uint32_t>(data, 188) : le_at<std::uint64_t>(data, 224);
  const std::uint64_t blocks = ansi ? le_at<std::uint32_t>(data, 196) : le_at<std::uint64_t>(data, 240);
  const std::string_view extension = has_at(data, 8, "SO") || version == 36 ? "ost" : "pst";
  if (size < 0x4400 || size > std::uint64_t{1} << 42 || nodes >= size || blocks >= size) return {};
  if (size > data.size()) return carve_more(data, extension);
  const std::uint64_t page = version == 36 ? 4096 : 512;
  const std::uint64_t trailer = version == 36 ? 24 : ansi ? 12 : 16;
  const bool trees = is_tree_page(data, nodes, page, trailer, 0x81) && is_tree_page(data, blocks, page, trailer, 0x80);
  return trees ? carve_whole(size, extension) : carve_cut(size, extension);
}

constexpr CarveMagic kMagics[] = {{0, "!BDN"}};
constexpr std::string_view kReferences[] = {"[MS-PST] §2.2.2.5, §2.2.2.6, §2.2.2.7, §5.3"};

}  // namespace

constinit const Carver outlook_store{
    .id = "outlook_store",
    .extension = "pst",
    .title_en = "Outlook store (PST, OST)",
    .title_ja = "Outlook データ(PST・OST)",
    .magics = kMagics,
    .min_length = ByteCount{17408},
    .max_length = ByteCount{64ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
