// SPDX-License-Identifier: Apache-2.0
// Berkeley DB files: Bitcoin Core wallets (wallet.dat) and others. The first page names the last one; every page must
// hold its own number.      page := lsn(8) number(le32) …     Spec: Berkeley DB 4.8 dbinc/db_page.h (facts).
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver berkeleydb;

namespace {

using namespace std::string_view_literals;
CarveResult validate(Bytes data) {
  const auto magic = le_at<std::uint32_t>(data, 12);
  if ((magic != 0x053162 && magic != 0x061561) || data.size() < 512) return {};
  const std::uint64_t page = le_at<std::uint32_t>(data, 20);
  const std::uint64_t last = le_at<std::uint32_t>(data, 32);
  const auto version = le_at<std::uint32_t>(data, 16);
  if (page < 512 || page > 65536 || (page & (page - 1)) != 0 || version < 5 || version > 12 ||
      le_at<std::uint32_t>(data, 8) != 0)
    return {};
  if (last > 1U << 22) return {};
  for (std::uint64_t number = 1; number <= last && holds(data, number * page, 26); ++number) {
    const Bytes head = part(data, number * page, 26);
    if (le_at<std::uint32_t>(head, 8) != number && !is_filled(head, 0)) return carve_cut(number * page, "db");
  }
  if (!holds(data, 0, (last + 1) * page)) return carve_more(data, "db");
  const std::string_view text = as_chars(part(data, 0, (last + 1) * page));
  const bool wallet =
      text.find("bestblock") != std::string_view::npos || text.find("defaultkey") != std::string_view::npos;
  return carve_whole((last + 1) * page, wallet ? "wallet" : "db");
}

constexpr CarveMagic kMagics[] = {{12, "\x62\x31\x05\0"sv}, {12, "\x61\x15\x06\0"sv}};
constexpr std::string_view kReferences[] = {"Berkeley DB 4.8: dbinc/db_page.h", "Bitcoin Core: wallet/bdb"};

}  // namespace

constinit const Carver berkeleydb{
    .id = "berkeleydb",
    .extension = "db",
    .title_en = "Berkeley DB file, Bitcoin wallet",
    .title_ja = "Berkeley DB・Bitcoin ウォレット",
    .magics = kMagics,
    .min_length = ByteCount{1024},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
