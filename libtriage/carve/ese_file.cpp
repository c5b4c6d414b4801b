// SPDX-License-Identifier: Apache-2.0
// Extensible Storage Engine: header and its copy, then pages whose XOR checksum (and number) hold. Free pages are
// zeros; zeros at the end that belong to the file are counted in only as far as the root space tree's extent would be
// known, which is not read: they are left out.
//   file := header(page) copy(page) page*        Spec: libyal/libesedb "Extensible Storage Engine (ESE) Database File
//   (EDB)".
// Revisions before 0x0b keep a page's number in it; later ones mix it into the checksum.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver ese_file;

namespace {
constexpr std::uint32_t kSeed = 0x89abcdefU;

struct Header {
  std::uint32_t version = 0;
  std::uint32_t revision = 0;
  std::uint64_t page = 0;
};

/// §4.2: XOR of the words after the checksum. Pages of 16 KiB and more keep one checksum for each quarter.
bool page_holds(Bytes page, std::uint32_t number, const Header& h) {
  const auto stored = le_at<std::uint32_t>(page, 0);
  if (h.revision < 0x0b) return xor32(page.subspan(4), kSeed) == stored && le_at<std::uint32_t>(page, 4) == number;
  const std::size_t first = h.page > 8192 ? page.size() / 4 : page.size();
  return (xor32(page.subspan(8, first - 8)) ^ number) == stored;
}

CarveResult validate(Bytes data) {
  if (data.size() < 4096 || le_at<std::uint32_t>(data, 4) != 0x89abcdefU) return {};
  Header h{le_at<std::uint32_t>(data, 8), le_at<std::uint32_t>(data, 232), le_at<std::uint32_t>(data, 236)};
  if (h.version != 0x620 && h.version != 0x623) return {};
  if (h.page == 0) h.page = 4096;
  if (h.page != 2048 && h.page != 4096 && h.page != 8192 && h.page != 16384 && h.page != 32768) return {};
  if (!holds(data, 0, 2 * h.page)) return carve_more(data, "edb");
  if (xor32(part(data, 4, h.page - 4), kSeed) != le_at<std::uint32_t>(data, 0)) return {};
  if (le_at<std::uint32_t>(data, h.page + 4) != 0x89abcdefU) return carve_cut(h.page, "edb");
  std::uint64_t good = 2 * h.page;
  for (std::uint64_t at = good; holds(data, at, h.page); at += h.page) {
    const Bytes page = part(data, at, h.page);
    const auto number = static_cast<std::uint32_t>(at / h.page - 1);
    if (page_holds(page, number, h)) {
      good = at + h.page;
    } else if (!is_filled(page, 0) || at - good > 16U << 20) {
      return good > 2 * h.page ? carve_whole(good, "edb") : carve_cut(good, "edb");
    }
  }
  if (good == 2 * h.page) return carve_more(data, "edb");
  CarveResult result = carve_whole(good, "edb");
  result.more_needed = true;  // pages may follow the zeros
  return result;
}

constexpr CarveMagic kMagics[] = {{4, "\xef\xcd\xab\x89"}};
constexpr std::string_view kReferences[] = {"libyal/libesedb: ESE Database File format §3, §4"};

}  // namespace

constinit const Carver ese_file{
    .id = "ese_file",
    .extension = "edb",
    .title_en = "ESE database",
    .title_ja = "ESE データベース",
    .magics = kMagics,
    .min_length = ByteCount{8192},
    .max_length = ByteCount{64ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
