// SPDX-License-Identifier: Apache-2.0
// WEBP: RIFF whose first chunk is a picture or the extended header.
//   file := "RIFF" size(le32) "WEBP" (VP8 | VP8L | VP8X chunk*)      Spec: RFC 9649.
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/riff.h"

namespace triage {

extern const Carver webp;

namespace {
/// §2.5, RFC 6386 §9.1: key frame start code; VP8L signature byte; VP8X reserved bits.
bool is_picture(Bytes data, const RiffChunk& chunk) {
  if (chunk.id == "VP8 ") return chunk.size >= 10 && has_at(data, chunk.at + 3, "\x9d\x01\x2a");
  if (chunk.id == "VP8L") return chunk.size >= 5 && has_at(data, chunk.at, "\x2f");
  return chunk.id == "VP8X" && chunk.size >= 10;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "RIFF") || !has_at(data, 8, "WEBP")) return {};
  const std::uint64_t end = 8 + std::uint64_t{le_at<std::uint32_t>(data, 4)};
  const RiffWalk walk = walk_riff(data, 12, end);
  if (walk.chunks.empty() || !is_picture(data, walk.chunks.front())) return {};
  if (walk.broken) return carve_cut(walk.end, "webp");
  return carve_stated(data, end, "webp");
}

constexpr CarveMagic kMagics[] = {{0, "RIFF"}};
constexpr std::string_view kReferences[] = {"RFC 9649 (WebP image format)", "RFC 6386 §9.1"};

}  // namespace

constinit const Carver webp{
    .id = "webp",
    .extension = "webp",
    .title_en = "WEBP picture",
    .title_ja = "WEBP 画像",
    .magics = kMagics,
    .min_length = ByteCount{26},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
