// SPDX-License-Identifier: Apache-2.0
// AIFF and AIFC: IFF chunks, big-endian, as many bytes as the form states.     Spec: Apple "Audio Interchange File
// Format AIFF-C" (1991).
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver aiff;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "FORM") || (!has_at(data, 8, "AIFF") && !has_at(data, 8, "AIFC"))) return {};
  const std::uint64_t end = 8 + std::uint64_t{be_at<std::uint32_t>(data, 4)};
  bool common = false;
  std::uint64_t at = 12;
  while (end - at >= 8 && holds(data, at, 8)) {
    const std::uint64_t size = be_at<std::uint32_t>(data, at + 4);
    if (size > end - at - 8) return common ? carve_cut(at, "aiff") : CarveResult{};
    common = common || (has_at(data, at, "COMM") && size >= 18);
    at += 8 + size + (size % 2 != 0 && at + 8 + size < end ? 1 : 0);
  }
  return common ? carve_stated(data, end, "aiff") : CarveResult{};
}

constexpr CarveMagic kMagics[] = {{0, "FORM"}};
constexpr std::string_view kReferences[] = {"Apple: Audio Interchange File Format AIFF-C (1991)"};

}  // namespace

constinit const Carver aiff{
    .id = "aiff",
    .extension = "aiff",
    .title_en = "AIFF sound",
    .title_ja = "AIFF 音声",
    .magics = kMagics,
    .min_length = ByteCount{46},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
