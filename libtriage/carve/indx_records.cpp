// SPDX-License-Identifier: Apache-2.0
// Index records of NTFS folders: 4096 bytes each, with fix-ups and entries that follow one another to the last.
// Spec: libyal/libfsntfs "New Technologies File System (NTFS)" §9 index; the slack behind the last entry keeps old
// names.
#include "carve/carve_result.h"
#include "formats/ntfs_fixup.h"
#include "formats/peek.h"

namespace triage {

extern const Carver indx_records;

namespace {
constexpr std::uint64_t kRecord = 4096;

bool record_holds(Bytes record) {
  if (!has_at(record, 0, "INDX") || record.size() < kRecord || !fixups_hold(record)) return false;
  const std::uint64_t first = 24 + std::uint64_t{le_at<std::uint32_t>(record, 24)};
  const std::uint64_t end = 24 + std::uint64_t{le_at<std::uint32_t>(record, 28)};
  const std::uint64_t allocated = 24 + std::uint64_t{le_at<std::uint32_t>(record, 32)};
  if (allocated > kRecord || end > allocated || first < 40 || first > end) return false;
  for (std::uint64_t at = first; end - at >= 16;) {
    const auto length = le_at<std::uint16_t>(record, at + 8);
    if (length < 16 || length % 8 != 0 || length > end - at) return false;
    if ((le_at<std::uint16_t>(record, at + 12) & 2) != 0) return at + length == end;
    at += length;
  }
  return false;
}

CarveResult validate(Bytes data) {
  if (data.size() < kRecord)
    return has_at(data, 0, "INDX") && data.size() > 64 ? carve_more(data, "indx") : CarveResult{};
  std::uint64_t at = 0;
  while (holds(data, at, kRecord) && record_holds(part(data, at, kRecord))) at += kRecord;
  if (at == 0) return {};
  CarveResult result = carve_part(at, "indx");
  result.more_needed = !holds(data, at, kRecord);
  return result;
}

constexpr CarveMagic kMagics[] = {{0, "INDX"}};
constexpr std::string_view kReferences[] = {"libyal/libfsntfs: NTFS §9"};

}  // namespace

constinit const Carver indx_records{
    .id = "indx_records",
    .extension = "indx",
    .title_en = "NTFS index records",
    .title_ja = "NTFS インデックスレコード",
    .magics = kMagics,
    .min_length = ByteCount{4096},
    .max_length = ByteCount{64ULL << 20},
    .references = kReferences,
    .validate = validate,
    .piece_of = "indx_records",
};

}  // namespace triage
