// SPDX-License-Identifier: Apache-2.0
// SQLite write-ahead logs: header and frames whose salts and cumulative checksums hold. Frames of an earlier use of the
// log (other salts) may follow; they are of the file, and taken along while their page numbers are possible.
//   file := header(32) (frame_header(24) page)*         Spec: sqlite.org "Database File Format" §4.1, §4.2.
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver sqlite_wal;

namespace {
using Sum = std::array<std::uint32_t, 2>;

/// §4.2
void add_to(Sum& sum, Bytes data, bool big) {
  for (std::size_t at = 0; data.size() - at >= 8; at += 8) {
    const std::uint32_t a = big ? be_at<std::uint32_t>(data, at) : le_at<std::uint32_t>(data, at);
    const std::uint32_t b = big ? be_at<std::uint32_t>(data, at + 4) : le_at<std::uint32_t>(data, at + 4);
    sum[0] += a + sum[1];
    sum[1] += b + sum[0];
  }
}

bool is_sum(const Sum& sum, Bytes data, std::uint64_t at) {
  return be_at<std::uint32_t>(data, at) == sum[0] && be_at<std::uint32_t>(data, at + 4) == sum[1];
}

CarveResult validate(Bytes data) {
  const auto magic = be_at<std::uint32_t>(data, 0);
  if ((magic & 0xfffffffeU) != 0x377f0682U || data.size() < 32) return {};
  const bool big = (magic & 1) != 0;
  const std::uint64_t page = be_at<std::uint32_t>(data, 8);
  if (page < 512 || page > 65536 || (page & (page - 1)) != 0 || be_at<std::uint32_t>(data, 4) != 3007000) return {};
  Sum sum{};
  add_to(sum, part(data, 0, 24), big);
  if (!is_sum(sum, data, 24)) return {};
  std::uint64_t at = 32;
  bool current = true;
  for (;;) {
    if (!holds(data, at, 24 + page)) return at == data.size() ? carve_whole(at, "wal") : carve_more(data, "wal");
    const bool salted = be_at<std::uint64_t>(data, at + 8) == be_at<std::uint64_t>(data, 16);
    if (current && salted) {
      add_to(sum, part(data, at, 8), big);
      add_to(sum, part(data, at + 24, page), big);
      if (!is_sum(sum, data, at + 16)) return at == 32 ? CarveResult{} : carve_cut(at, "wal");
    } else {
      current = false;
      // The salt of an earlier use is one less for each use since (§4.4).
      const std::uint32_t age = be_at<std::uint32_t>(data, 16) - be_at<std::uint32_t>(data, at + 8);
      const auto number = be_at<std::uint32_t>(data, at);
      if (age == 0 || age > 100000 || number == 0 || number > 1U << 24) break;
    }
    at += 24 + page;
  }
  return at == 32 ? CarveResult{} : carve_whole(at, "wal");
}

constexpr CarveMagic kMagics[] = {{0, "\x37\x7f\x06\x82"}, {0, "\x37\x7f\x06\x83"}};
constexpr std::string_view kReferences[] = {"sqlite.org: Database File Format §4"};

}  // namespace

constinit const Carver sqlite_wal{
    .id = "sqlite_wal",
    .extension = "wal",
    .title_en = "SQLite write-ahead log",
    .title_ja = "SQLite WAL",
    .magics = kMagics,
    .min_length = ByteCount{568},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
