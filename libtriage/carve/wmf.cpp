// SPDX-License-Identifier: Apache-2.0
// Windows metafiles with Aldus' placeable header: records with their sizes in words to the one of type 0.
//   file := placeable(22) header(18) record* end(6)       Spec: [MS-WMF] §2.3.2.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver wmf;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "\xd7\xcd\xc6\x9a") || data.size() < 46) return {};
  std::uint16_t sum = 0;
  for (std::uint64_t i = 0; i < 10; ++i) sum ^= le_at<std::uint16_t>(data, 2 * i);
  if (sum != le_at<std::uint16_t>(data, 20) || le_at<std::uint16_t>(data, 24) != 9) return {};
  const std::uint64_t total = 22 + 2 * std::uint64_t{le_at<std::uint32_t>(data, 28)};
  std::uint64_t at = 40;
  for (;;) {
    if (!holds(data, at, 6)) return carve_more(data, "wmf");
    const std::uint64_t words = le_at<std::uint32_t>(data, at);
    const auto type = le_at<std::uint16_t>(data, at + 4);
    if (words < 3 || words > 1U << 26) return carve_cut(at, "wmf");
    at += 2 * words;
    if (type == 0) break;
  }
  if (at > data.size()) return carve_more(data, "wmf");
  return total == at ? carve_whole(at, "wmf") : carve_cut(at, "wmf");
}

constexpr CarveMagic kMagics[] = {{0, "\xd7\xcd\xc6\x9a"}};
constexpr std::string_view kReferences[] = {"[MS-WMF] §2.3.2"};

}  // namespace

constinit const Carver wmf{
    .id = "wmf",
    .extension = "wmf",
    .title_en = "Windows metafile",
    .title_ja = "Windows メタファイル",
    .magics = kMagics,
    .min_length = ByteCount{46},
    .max_length = ByteCount{64ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
