// SPDX-License-Identifier: Apache-2.0
// Android programs: the header states the size and an Adler-32 of all that follows it.
// Spec: Android Open Source Project "Dalvik executable format", header_item.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver dex;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "dex\n0") || data.size() < 112 || data[7] != std::byte{0}) return {};
  const std::uint64_t size = le_at<std::uint32_t>(data, 32);
  const auto order = le_at<std::uint32_t>(data, 40);
  if (size < 112 || le_at<std::uint32_t>(data, 36) < 112 || (order != 0x12345678U && order != 0x78563412U)) return {};
  if (size > data.size()) return carve_more(data, "dex");
  return adler32(part(data, 12, size - 12)) == le_at<std::uint32_t>(data, 8) ? carve_whole(size, "dex")
                                                                             : carve_cut(size, "dex");
}

constexpr CarveMagic kMagics[] = {{0, "dex\n0"}};
constexpr std::string_view kReferences[] = {"Android Open Source Project: Dalvik executable format"};

}  // namespace

constinit const Carver dex{
    .id = "dex",
    .extension = "dex",
    .title_en = "Android program",
    .title_ja = "Android プログラム",
    .magics = kMagics,
    .min_length = ByteCount{112},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
