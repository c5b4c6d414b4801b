// SPDX-License-Identifier: Apache-2.0
// Enhanced metafiles: records with their sizes to the one that ends them; the header states the file's size.
//   file := header_record record* eof_record        Spec: [MS-EMF] §2.3.4.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver emf;

namespace {
CarveResult validate(Bytes data) {
  if (le_at<std::uint32_t>(data, 0) != 1 || !has_at(data, 40, " EMF") || data.size() < 88) return {};
  const std::uint64_t total = le_at<std::uint32_t>(data, 48);
  const std::uint64_t records = le_at<std::uint32_t>(data, 52);
  if (total < 108 || total % 4 != 0 || records < 2 || le_at<std::uint32_t>(data, 4) < 88) return {};
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < records; ++i) {
    if (!holds(data, at, 8)) return carve_more(data, "emf");
    const auto type = le_at<std::uint32_t>(data, at);
    const std::uint64_t size = le_at<std::uint32_t>(data, at + 4);
    if (type == 0 || type > 122 || size < 8 || size % 4 != 0 || size > total - at)
      return at == 0 ? CarveResult{} : carve_cut(at, "emf");
    at += size;
    if (type == 14) break;
  }
  if (at > data.size()) return carve_more(data, "emf");
  return at == total ? carve_whole(total, "emf") : carve_cut(at, "emf");
}

constexpr CarveMagic kMagics[] = {{40, " EMF"}};
constexpr std::string_view kReferences[] = {"[MS-EMF] §2.3.4"};

}  // namespace

constinit const Carver emf{
    .id = "emf",
    .extension = "emf",
    .title_en = "Enhanced metafile",
    .title_ja = "拡張メタファイル",
    .magics = kMagics,
    .min_length = ByteCount{108},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
