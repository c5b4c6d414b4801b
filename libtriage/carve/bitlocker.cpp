// SPDX-License-Identifier: Apache-2.0
// Header of a BitLocker volume: the boot sector with its mark. It names the places of the three metadata blocks; the
// sector alone is kept, as proof that a volume was here. The volume itself is not carved.
// Spec: libyal/libbde "BitLocker Drive Encryption (BDE) format" §3 volume header.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver bitlocker;

namespace {
CarveResult validate(Bytes data) {
  constexpr std::uint64_t kSector = 512;
  const bool to_go = has_at(data, 3, "MSWIN4.1") && has_at(data, 424, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a");
  if (data.size() < kSector || (!has_at(data, 3, "-FVE-FS-") && !to_go)) return {};
  const auto sector = le_at<std::uint16_t>(data, 11);
  if (le_at<std::uint16_t>(data, 510) != 0xaa55 || sector < 512 || sector > 4096 || (sector & (sector - 1)) != 0)
    return {};
  return carve_whole(kSector, "bde");
}

constexpr CarveMagic kMagics[] = {{3, "-FVE-FS-"}, {3, "MSWIN4.1"}};
constexpr std::string_view kReferences[] = {"libyal/libbde: BitLocker Drive Encryption format §3"};

}  // namespace

constinit const Carver bitlocker{
    .id = "bitlocker",
    .extension = "bde",
    .title_en = "BitLocker volume header",
    .title_ja = "BitLocker ボリュームヘッダ",
    .magics = kMagics,
    .min_length = ByteCount{512},
    .max_length = ByteCount{4096},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
