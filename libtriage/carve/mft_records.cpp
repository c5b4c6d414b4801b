// SPDX-License-Identifier: Apache-2.0
// File records of NTFS whose master file table is lost: records of 1024 (or 4096) bytes that follow one another, each
// with its fix-ups and attributes.   Spec: libyal/libfsntfs "New Technologies File System (NTFS)" §5 MFT entry.
#include "carve/carve_result.h"
#include "formats/ntfs_fixup.h"
#include "formats/peek.h"

namespace triage {

extern const Carver mft_records;

namespace {

using namespace std::string_view_literals;
/// §5.3: attributes from the first to the end mark.
bool attributes_hold(Bytes record) {
  std::uint64_t at = le_at<std::uint16_t>(record, 20);
  const std::uint64_t used = le_at<std::uint32_t>(record, 24);
  for (int i = 0; i < 128; ++i) {
    if (at > used || used - at < 4) return false;
    const auto type = le_at<std::uint32_t>(record, at);
    if (type == 0xffffffffU) return true;
    const auto length = le_at<std::uint32_t>(record, at + 4);
    if (type == 0 || type > 0x1000 || type % 16 != 0 || length < 24 || length % 8 != 0 || length > used - at)
      return false;
    at += length;
  }
  return false;
}

std::uint64_t record_size(Bytes data, std::uint64_t at) {
  const std::uint64_t size = le_at<std::uint32_t>(data, at + 28);
  const std::uint64_t used = le_at<std::uint32_t>(data, at + 24);
  if (!has_at(data, at, "FILE") || (size != 1024 && size != 4096) || used > size || used < 56) return 0;
  return size;
}

CarveResult validate(Bytes data) {
  const std::uint64_t size = record_size(data, 0);
  if (size == 0) return {};
  if (!holds(data, 0, size)) return carve_more(data, "mft");
  std::uint64_t at = 0;
  while (holds(data, at, size) && record_size(data, at) == size && fixups_hold(part(data, at, size)) &&
         attributes_hold(part(data, at, size)))
    at += size;
  if (at == 0) return {};
  CarveResult result = carve_part(at, "mft");
  result.more_needed = !holds(data, at, size);
  return result;
}

constexpr CarveMagic kMagics[] = {{0, "FILE0\0"sv}, {0, "FILE*\0"sv}};
constexpr std::string_view kReferences[] = {"libyal/libfsntfs: NTFS §5"};

}  // namespace

constinit const Carver mft_records{
    .id = "mft_records",
    .extension = "mft",
    .title_en = "NTFS file records",
    .title_ja = "NTFS ファイルレコード",
    .magics = kMagics,
    .min_length = ByteCount{1024},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
    .piece_of = "mft_records",
};

}  // namespace triage
