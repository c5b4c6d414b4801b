// SPDX-License-Identifier: Apache-2.0
// KeePass databases. Version 4: header fields, their SHA-256, then blocks with their sizes to an empty one. Version 3
// states no size: its encrypted part ends where zeros begin, which is a guess and is graded so.
//   v4 := magic(8) version(4) field* sha256(32) hmac(32) (hmac(32) size(le32) data)*      field := id(1) size(le32)
//   data
// Spec: KeePass help centre, "KDBX 4".
#include <algorithm>
#include <array>

#include "bytes/digest.h"
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver kdbx;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5")) return {};
  const auto major = le_at<std::uint16_t>(data, 10);
  if (major != 3 && major != 4) return {};
  const std::uint64_t width = major == 4 ? 4 : 2;
  std::uint64_t at = 12;
  for (int fields = 0;; ++fields) {
    if (!holds(data, at, 1 + width)) return carve_more(data, "kdbx");
    const auto id = le_at<std::uint8_t>(data, at);
    const std::uint64_t size = width == 4 ? le_at<std::uint32_t>(data, at + 1) : le_at<std::uint16_t>(data, at + 1);
    if (id > 12 || size > 1U << 20 || fields > 32) return {};
    at += 1 + width + size;
    if (id == 0) break;
  }
  if (major == 3) {
    static constexpr std::array<std::byte, 64> kZeros{};
    const Bytes rest = part(data, at, data.size());
    const auto zeros = std::search(rest.begin(), rest.end(), kZeros.begin(), kZeros.end());
    return zeros == rest.end() ? carve_more(data, "kdbx")
                               : carve_cut(at + static_cast<std::uint64_t>(zeros - rest.begin()), "kdbx");
  }
  if (!holds(data, at, 64)) return carve_more(data, "kdbx");
  const std::array<std::byte, 32> sum = sha256_raw(part(data, 0, at));
  const Bytes stored = part(data, at, 32);
  if (!std::equal(stored.begin(), stored.end(), sum.begin())) return {};
  at += 64;
  for (;;) {
    if (!holds(data, at, 36)) return carve_more(data, "kdbx");
    const std::uint64_t size = le_at<std::uint32_t>(data, at + 32);
    if (size > 64U << 20) return carve_cut(at, "kdbx");
    at += 36 + size;
    if (at > data.size()) return carve_more(data, "kdbx");
    if (size == 0) return carve_whole(at, "kdbx");
  }
}

constexpr CarveMagic kMagics[] = {{0, "\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5"}};
constexpr std::string_view kReferences[] = {"KeePass Help Center: KDBX 4"};

}  // namespace

constinit const Carver kdbx{
    .id = "kdbx",
    .extension = "kdbx",
    .title_en = "KeePass database",
    .title_ja = "KeePass データベース",
    .magics = kMagics,
    .min_length = ByteCount{140},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
