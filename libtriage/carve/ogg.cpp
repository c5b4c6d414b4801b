// SPDX-License-Identifier: Apache-2.0
// Ogg (Vorbis, Opus, Theora, FLAC, Speex): pages, each with its CRC-32, until every logical stream has ended.
//   page := "OggS" 0 flags position(le64) serial(le32) sequence(le32) crc(le32) count segment_size* segments
// Spec: RFC 3533 §6; chained files: §4.
#include <algorithm>
#include <array>
#include <vector>

#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver ogg;

namespace {

using namespace std::string_view_literals;
struct Logical {
  std::uint32_t serial = 0;
  std::uint32_t next = 0;
  bool open = true;
};

enum class State : std::uint8_t { kHolds, kRanOut, kBroken };

State page_size(Bytes data, std::uint64_t at, std::uint64_t& size) {
  if (!holds(data, at, 27))
    return part(data, at, 4).size() < 4 ? State::kRanOut : has_at(data, at, "OggS") ? State::kRanOut : State::kBroken;
  if (!has_at(data, at, "OggS\0"sv) || le_at<std::uint8_t>(data, at + 5) > 7) return State::kBroken;
  const auto segments = le_at<std::uint8_t>(data, at + 26);
  const Bytes table = part(data, at + 27, segments);
  if (table.size() != segments) return State::kRanOut;
  size = 27U + segments;
  for (const std::byte b : table) size += std::to_integer<std::uint64_t>(b);
  if (!holds(data, at, size)) return State::kRanOut;
  static constexpr std::array<std::byte, 4> kZero{};
  std::uint32_t crc = ogg_crc32(part(data, at, 22));
  crc = ogg_crc32(part(data, at + 26, size - 26), ogg_crc32(kZero, crc));
  return crc == le_at<std::uint32_t>(data, at + 22) ? State::kHolds : State::kBroken;
}

std::string_view extension_of(Bytes data) {
  const std::uint64_t body = 27 + std::uint64_t{le_at<std::uint8_t>(data, 26)};
  if (has_at(data, body, "OpusHead")) return "opus";
  if (has_at(data, body, "\x80theora")) return "ogv";
  if (has_at(data, body, "Speex")) return "spx";
  return "ogg";
}

CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  std::uint64_t end = 0;
  std::vector<Logical> streams;
  const std::string_view extension = extension_of(data);
  for (;;) {
    std::uint64_t size = 0;
    const State state = page_size(data, at, size);
    const bool all_closed =
        !streams.empty() && std::none_of(streams.begin(), streams.end(), [](const Logical& s) { return s.open; });
    if (state == State::kRanOut && !(all_closed && !has_at(data, at, "OggS")))
      return streams.empty() && at == 0 && !holds(data, 0, 27) ? CarveResult{} : carve_more(data, extension);
    if (state != State::kHolds) {
      if (all_closed) end = at;
      break;
    }
    const auto flags = le_at<std::uint8_t>(data, at + 5);
    const auto serial = le_at<std::uint32_t>(data, at + 14);
    const auto sequence = le_at<std::uint32_t>(data, at + 18);
    auto stream = std::find_if(streams.begin(), streams.end(),
                               [serial](const Logical& s) { return s.serial == serial && s.open; });
    if ((flags & 2) != 0) {
      if (streams.size() >= 1024) break;
      streams.push_back({serial, sequence, true});
      stream = streams.end() - 1;
    }
    if (stream == streams.end() || stream->next != sequence) break;
    ++stream->next;
    if ((flags & 4) != 0) stream->open = false;
    at += size;
  }
  if (at == 0) return {};
  return end != 0 ? carve_whole(end, extension) : carve_cut(at, extension);
}

constexpr CarveMagic kMagics[] = {{0, "OggS\0\2"sv}};
constexpr std::string_view kReferences[] = {"RFC 3533 §4, §6", "RFC 7845 (Opus in Ogg)"};

}  // namespace

constinit const Carver ogg{
    .id = "ogg",
    .extension = "ogg",
    .title_en = "Ogg sound or film",
    .title_ja = "Ogg 音声・動画",
    .magics = kMagics,
    .min_length = ByteCount{58},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
