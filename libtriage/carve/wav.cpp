// SPDX-License-Identifier: Apache-2.0
// WAV: the chunks of RIFF "WAVE"; RF64 files keep their size in the first chunk, "ds64".
//   file := ("RIFF" | "RF64") size(le32) "WAVE" [ds64] fmt chunk* data chunk*
// Spec: "Multimedia Programming Interface and Data Specifications 1.0"; EBU Tech 3306 (RF64).
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/riff.h"

namespace triage {

extern const Carver wav;

namespace {
CarveResult validate(Bytes data) {
  const bool large = has_at(data, 0, "RF64");
  if ((!large && !has_at(data, 0, "RIFF")) || !has_at(data, 8, "WAVE")) return {};
  std::uint64_t end = 8 + std::uint64_t{le_at<std::uint32_t>(data, 4)};
  if (large) {
    if (!has_at(data, 12, "ds64")) return {};
    end = le_at<std::uint64_t>(data, 20);
    if (end > std::uint64_t{1} << 48) return {};
    return carve_stated(data, end + 8, "wav");
  }
  const RiffWalk walk = walk_riff(data, 12, end);
  bool format = false;
  bool samples = false;
  for (const RiffChunk& chunk : walk.chunks) {
    if (chunk.id == "fmt ") {
      const auto channels = le_at<std::uint16_t>(data, chunk.at + 2);
      format = chunk.size >= 14 && channels >= 1 && channels <= 256 && le_at<std::uint32_t>(data, chunk.at + 4) != 0;
    }
    samples = samples || (format && chunk.id == "data");
  }
  if (!format) return {};
  if (walk.broken) return carve_cut(walk.end, "wav");
  if (walk.ran_out) return carve_more(data, "wav");
  return samples ? carve_whole(end, "wav") : carve_cut(end, "wav");
}

constexpr CarveMagic kMagics[] = {{0, "RIFF"}, {0, "RF64"}};
constexpr std::string_view kReferences[] = {"Multimedia Programming Interface and Data Specifications 1.0",
                                            "EBU Tech 3306 (2009)"};

}  // namespace

constinit const Carver wav{
    .id = "wav",
    .extension = "wav",
    .title_en = "WAV sound",
    .title_ja = "WAV 音声",
    .magics = kMagics,
    .min_length = ByteCount{44},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
