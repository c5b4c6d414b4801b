// SPDX-License-Identifier: Apache-2.0
// AVI: the RIFF tree down to the frames of "movi", and the further RIFF "AVIX" parts of OpenDML.
//   file := "RIFF" size "AVI " chunk*  ("RIFF" size "AVIX" chunk*)*
// Spec: Microsoft "AVI RIFF File Reference"; "OpenDML AVI File Format Extensions" 1.02 §4.
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/riff.h"

namespace triage {

extern const Carver avi;

namespace {
/// Names of the chunks between frames: two digits and two letters, index chunks, record lists.
bool is_frame_name(std::string_view id) {
  if (id == "LIST" || id == "JUNK" || id == "idx1" || id == "rec " || id == "movi") return true;
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  return (id.starts_with("ix") && digit(id[2])) || (digit(id[0]) && digit(id[1]));
}

/// True when the frames of the movi list hold as far as the data reaches.
bool frames_hold(Bytes data, std::uint64_t begin, std::uint64_t end, std::uint64_t& good) {
  const RiffWalk frames = walk_riff(data, begin, end);
  for (const RiffChunk& frame : frames.chunks) {
    if (!is_frame_name(frame.id)) return false;
    good = frame.at + frame.size;
  }
  return !frames.broken || frames.chunks.size() == 65536;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "RIFF") || !has_at(data, 8, "AVI ")) return {};
  std::uint64_t at = 0;
  bool header = false;
  bool film = false;
  while (has_at(data, at, "RIFF") && (has_at(data, at + 8, "AVI ") || has_at(data, at + 8, "AVIX"))) {
    const std::uint64_t end = at + 8 + std::uint64_t{le_at<std::uint32_t>(data, at + 4)};
    const RiffWalk walk = walk_riff(data, at + 12, end);
    if (walk.chunks.empty()) return at == 0 ? CarveResult{} : carve_cut(at, "avi");
    for (const RiffChunk& chunk : walk.chunks) {
      const bool list = chunk.id == "LIST";
      header = header || (list && has_at(data, chunk.at, "hdrl"));
      if (!list || !has_at(data, chunk.at, "movi")) continue;
      film = true;
      std::uint64_t good = chunk.at;
      if (chunk.size >= 4 && !frames_hold(data, chunk.at + 4, chunk.at + chunk.size, good))
        return header ? carve_cut(good < data.size() ? good : data.size(), "avi") : CarveResult{};
    }
    if (!header) return {};
    if (walk.broken) return carve_cut(walk.end, "avi");
    if (walk.ran_out) return carve_more(data, "avi");
    at = walk.end + (walk.end % 2 != 0 && has_at(data, walk.end + 1, "RIFF") ? 1 : 0);
  }
  if (data.size() - at < 12) {  // one more part may follow
    const CarveResult whole = film ? carve_whole(at, "avi") : carve_cut(at, "avi");
    return whole;
  }
  return film ? carve_whole(at, "avi") : carve_cut(at, "avi");
}

constexpr CarveMagic kMagics[] = {{0, "RIFF"}};
constexpr std::string_view kReferences[] = {"Microsoft Learn: AVI RIFF File Reference",
                                            "OpenDML AVI File Format Extensions 1.02"};

}  // namespace

constinit const Carver avi{
    .id = "avi",
    .extension = "avi",
    .title_en = "AVI film",
    .title_ja = "AVI 動画",
    .magics = kMagics,
    .min_length = ByteCount{100},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
