// SPDX-License-Identifier: Apache-2.0
// MIDI files: a header chunk, then as many track chunks as it counts.   Spec: "Standard MIDI Files 1.0" (RP-001).
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver midi;

namespace {

using namespace std::string_view_literals;
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "MThd\0\0\0\6"sv) || data.size() < 22) return {};
  const auto tracks = be_at<std::uint16_t>(data, 10);
  if (be_at<std::uint16_t>(data, 8) > 2 || tracks == 0 || be_at<std::uint16_t>(data, 12) == 0) return {};
  std::uint64_t at = 14;
  for (unsigned i = 0; i < tracks; ++i) {
    if (!holds(data, at, 8)) return carve_more(data, "mid");
    if (!has_at(data, at, "MTrk")) return i == 0 ? CarveResult{} : carve_cut(at, "mid");
    const std::uint64_t size = be_at<std::uint32_t>(data, at + 4);
    if (size > 16U << 20) return carve_cut(at, "mid");
    at += 8 + size;
    if (at > data.size()) return carve_more(data, "mid");
    if (size < 3 || !has_at(data, at - 3, "\xff\x2f\0"sv)) return carve_cut(at, "mid");  // a track's last event
  }
  return carve_whole(at, "mid");
}

constexpr CarveMagic kMagics[] = {{0, "MThd\0\0\0\6"sv}};
constexpr std::string_view kReferences[] = {"MIDI Association: Standard MIDI Files 1.0 (RP-001)"};

}  // namespace

constinit const Carver midi{
    .id = "midi",
    .extension = "mid",
    .title_en = "MIDI music",
    .title_ja = "MIDI",
    .magics = kMagics,
    .min_length = ByteCount{25},
    .max_length = ByteCount{16ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
