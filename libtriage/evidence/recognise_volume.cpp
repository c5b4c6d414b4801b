// SPDX-License-Identifier: Apache-2.0
// Signatures: BitLocker "-FVE-FS-" at 3 (To Go: its GUID at 424); LUKS "LUKS\xba\xbe" at 0; CoreStorage "CS" at 88;
// APFS "NXSB" at 32; btrfs 65600; XFS 0; LVM2 label in sectors 0-3; ReFS 3; F2FS 1024; swap at the end of a page;
// squashfs 0; EROFS 1024; ReiserFS 65588; md RAID 4096 or 0; UDF 32769; ZFS is not recognised.
#include "evidence/recognise_volume.h"

#include <array>
#include <cmath>

namespace triage {

namespace {

using std::string_view_literals::operator""sv;

struct Signature {
  std::size_t at;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kEncrypted = {
    Signature{3, "-FVE-FS-"sv, "bitlocker"},
    Signature{424, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"sv, "bitlocker"},
    Signature{0, "LUKS\xba\xbe"sv, "luks"},
    Signature{88, "CS"sv, "filevault"},
};

constexpr std::array kFileSystems = {
    Signature{65536 + 64, "_BHRfS_M"sv, "btrfs"},
    Signature{0, "XFSB"sv, "xfs"},
    Signature{0, "LABELONE"sv, "lvm"},
    Signature{512, "LABELONE"sv, "lvm"},
    Signature{1024, "LABELONE"sv, "lvm"},
    Signature{1536, "LABELONE"sv, "lvm"},
    Signature{3, "ReFS\0\0\0\0"sv, "refs"},
    Signature{1024, "\x10\x20\xf5\xf2"sv, "f2fs"},
    Signature{4096 - 10, "SWAPSPACE2"sv, "swap"},
    Signature{8192 - 10, "SWAPSPACE2"sv, "swap"},
    Signature{65536 - 10, "SWAPSPACE2"sv, "swap"},
    Signature{4096 - 10, "SWAP-SPACE"sv, "swap"},
    Signature{0, "hsqs"sv, "squashfs"},
    Signature{1024, "\xe2\xe1\xf5\xe0"sv, "erofs"},
    Signature{65536 + 52, "ReIsEr"sv, "reiserfs"},
    Signature{4096, "\xfc\x4e\x2b\xa9"sv, "mdraid"},
    Signature{0, "\xfc\x4e\x2b\xa9"sv, "mdraid"},
    Signature{32, "NXSB"sv, "apfs"},
    Signature{32769, "BEA01"sv, "udf"},
    Signature{32769, "CD001"sv, "iso9660"},
    Signature{3, "NTFS    "sv, "ntfs"},
    Signature{3, "EXFAT   "sv, "exfat"},
    Signature{82, "FAT32   "sv, "fat32"},
    Signature{54, "FAT1"sv, "fat"},
    Signature{1080, "\x53\xef"sv, "ext"},
    Signature{1024, "H+\0"sv, "hfs"},
    Signature{1024, "HX\0"sv, "hfs"},
};

constexpr double kRandomBits = 7.99;  // of 64 KiB: random bytes give 7.997, compressed data mostly less
constexpr std::size_t kSampleBytes = 64 * 1024;

bool looks_random(Bytes data) {
  return data.size() >= kSampleBytes && entropy_of(data.first(kSampleBytes)) >= kRandomBits;
}

}  // namespace

double entropy_of(Bytes data) {
  if (data.empty()) return 0;
  std::array<std::size_t, 256> counts{};
  for (const std::byte each : data) ++counts[std::to_integer<std::size_t>(each)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(data.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

VolumeGuess recognise_volume(Bytes head, Bytes middle) {
  VolumeGuess guess;
  for (const Signature& signature : kEncrypted) {
    if (!has_at(head, signature.at, signature.bytes)) continue;
    // "CS" alone is short: CoreStorage's header has version 1 at 8 and block type 16 at 10.
    if (signature.name == "filevault" && !has_at(head, 8, "\x01\0\x10\0"sv)) continue;
    guess.encryption = signature.name;
    if (signature.name == "filevault") guess.file_system = "corestorage";
    return guess;
  }
  for (const Signature& signature : kFileSystems) {
    if (!has_at(head, signature.at, signature.bytes)) continue;
    guess.file_system = signature.name;
    return guess;
  }
  if (looks_random(head) && looks_random(middle)) guess.encryption = "possible";
  return guess;
}

}  // namespace triage
