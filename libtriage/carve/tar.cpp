// SPDX-License-Identifier: Apache-2.0
// tar: 512-byte headers with their checksums and sizes to two blocks of zeros; GNU tar fills its record of 10240 bytes.
//   file := (header(512) content pad)* zero(512) zero(512) [zeros to a record]
// Spec: POSIX.1-2017 pax "ustar Interchange Format"; GNU tar manual "Basic Tar Format" (base-256 sizes).
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/tar_header.h"

namespace triage {

extern const Carver tar;

namespace {
constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kRecord = 10240;

CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  std::uint64_t members = 0;
  for (; holds(data, at, kBlock) && tar_sum_holds(part(data, at, kBlock)); ++members) {
    const auto size = tar_number(part(data, at + 124, 12));
    const auto type = std::to_integer<char>(data[static_cast<std::size_t>(at) + 156]);
    if (!size || *size > std::uint64_t{1} << 44) break;
    const bool content = type != '1' && type != '2' && type != '3' && type != '4' && type != '5' && type != '6';
    at += kBlock + (content ? (*size + kBlock - 1) / kBlock * kBlock : 0);
  }
  if (members == 0) return {};
  if (at > data.size() || !holds(data, at, 2 * kBlock)) return carve_more(data, "tar");
  if (!is_filled(part(data, at, 2 * kBlock), 0)) return carve_cut(at, "tar");
  at += 2 * kBlock;
  const std::uint64_t record = (at + kRecord - 1) / kRecord * kRecord;
  if (holds(data, at, record - at) && is_filled(part(data, at, record - at), 0)) at = record;
  return carve_whole(at, "tar");
}

constexpr CarveMagic kMagics[] = {{257, "ustar"}};
constexpr std::string_view kReferences[] = {"POSIX.1-2017 pax: ustar Interchange Format",
                                            "GNU tar manual: Basic Tar Format"};

}  // namespace

constinit const Carver tar{
    .id = "tar",
    .extension = "tar",
    .title_en = "tar archive",
    .title_ja = "tar 書庫",
    .magics = kMagics,
    .min_length = ByteCount{1536},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
