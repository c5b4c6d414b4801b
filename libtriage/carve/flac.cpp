// SPDX-License-Identifier: Apache-2.0
// FLAC: metadata blocks, then frames whose headers have a CRC-8 and whose bytes have a CRC-16. A frame's length is
// nowhere stated: it ends where the next one begins and the CRC-16 holds; the last one, where the stated number of
// samples is reached, at the first place at which the CRC-16 holds.
//   file := "fLaC" block+ frame+     Spec: RFC 9639 §8, §9.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver flac;

namespace {

using namespace std::string_view_literals;
struct Info {
  std::uint64_t least_frame = 0;
  std::uint64_t most_frame = 0;  ///< 0: unknown
  std::uint64_t samples = 0;     ///< 0: unknown
  std::uint16_t block = 0;       ///< largest block, samples
};

struct Frame {
  std::uint64_t header = 0;  ///< bytes; 0: none here
  std::uint64_t number = 0;  ///< of the frame, or of its first sample where block sizes vary
  std::uint64_t samples = 0;
  bool variable = false;
};

/// RFC 9639 §9.1
Frame frame_at(Bytes data, std::uint64_t at) {
  Frame f;
  if (!holds(data, at, 6) || le_at<std::uint8_t>(data, at) != 0xff) return f;
  const auto sync = le_at<std::uint8_t>(data, at + 1);
  const auto sizes = le_at<std::uint8_t>(data, at + 2);
  const auto shape = le_at<std::uint8_t>(data, at + 3);
  if ((sync & 0xfe) != 0xf8 || sizes >> 4 == 0 || (sizes & 15) == 15 || shape >> 4 > 10 || (shape & 1) != 0) return f;
  const auto lead = le_at<std::uint8_t>(data, at + 4);
  unsigned width = 1;  // as UTF-8, up to seven bytes
  while (width < 8 && (lead << (width - 1) & 0x80) != 0) ++width;
  width = width == 1 ? 1 : width - 1;
  if (lead >= 0x80 && lead < 0xc0) return f;
  f.number = width == 1 ? lead : lead & (0x7fU >> width);
  for (unsigned i = 1; i < width; ++i) {
    const auto byte = le_at<std::uint8_t>(data, at + 4 + i);
    if ((byte & 0xc0) != 0x80) return f;
    f.number = f.number << 6 | (byte & 0x3fU);
  }
  std::uint64_t size = 4 + std::uint64_t{width};
  const unsigned block = sizes >> 4;
  if (block == 1) f.samples = 192;
  if (block >= 2 && block <= 5) f.samples = 576ULL << (block - 2);
  if (block == 6) f.samples = le_at<std::uint8_t>(data, at + size) + 1ULL;
  if (block == 7) f.samples = be_at<std::uint16_t>(data, at + size) + 1ULL;
  if (block >= 8) f.samples = 256ULL << (block - 8);
  size += block == 6 ? 1 : block == 7 ? 2 : 0;
  const unsigned rate = sizes & 15U;
  size += rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0;
  if (!holds(data, at, size + 1) || crc8(part(data, at, size)) != le_at<std::uint8_t>(data, at + size)) return f;
  f.variable = (sync & 1) != 0;
  f.header = size + 1;
  return f;
}

/// Where the frame at `at` ends. `last`: no frame follows. 0 when no place fits.
std::uint64_t end_of_frame(Bytes data, std::uint64_t at, const Frame& frame, const Info& info, bool last,
                           bool& ran_out) {
  const std::uint64_t most = info.most_frame != 0 ? info.most_frame : 18 + frame.samples * 8 * 5;
  const std::uint64_t least = std::max<std::uint64_t>(last ? frame.header + 3 : info.least_frame, frame.header + 3);
  std::uint16_t crc = 0;
  std::uint64_t fed = 0;
  for (std::uint64_t size = least; size <= most; ++size) {
    if (!holds(data, at, size)) {
      ran_out = true;
      return 0;
    }
    const std::uint64_t place = at + size;
    if (!last) {
      if (le_at<std::uint8_t>(data, place) != 0xff) continue;
      const Frame next = frame_at(data, place);
      const std::uint64_t expected = frame.number + (frame.variable ? frame.samples : 1);
      if (next.header == 0 || next.number != expected || next.variable != frame.variable) continue;
    }
    crc = crc16(part(data, at + fed, size - fed), crc);  // over the stored CRC too: 0 when it holds
    fed = size;
    if (crc == 0) return place;
  }
  return 0;
}

/// Metadata blocks (§8); returns where the frames begin, 0 when this is no FLAC file.
std::uint64_t read_metadata(Bytes data, Info& info, bool& ran_out) {
  std::uint64_t at = 4;
  for (int i = 0; i < 128; ++i) {
    if (!holds(data, at, 4)) {
      ran_out = true;
      return at;
    }
    const auto word = be_at<std::uint32_t>(data, at);
    const std::uint64_t size = word & 0xffffff;
    const unsigned type = word >> 24 & 0x7f;
    if ((i == 0) != (type == 0) || type == 127) return 0;
    if (type == 0) {
      if (size != 34) return 0;
      info.block = be_at<std::uint16_t>(data, at + 6);
      info.least_frame = be_at<std::uint32_t>(data, at + 8) >> 8;
      info.most_frame = be_at<std::uint32_t>(data, at + 11) >> 8;
      info.samples = be_at<std::uint64_t>(data, at + 14) & 0xfffffffffULL;
      if (info.block < 16) return 0;
    }
    at += 4 + size;
    if ((word & 0x80000000U) != 0) return at;
  }
  return 0;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "fLaC") || data.size() < 46) return {};
  Info info;
  bool ran_out = false;
  std::uint64_t at = read_metadata(data, info, ran_out);
  if (at == 0) return {};
  if (ran_out || at > data.size()) return carve_more(data, "flac");
  std::uint64_t samples = 0;
  for (;;) {
    if (info.samples != 0 && samples >= info.samples) return carve_whole(at, "flac");
    const Frame frame = frame_at(data, at);
    if (frame.header == 0) {
      if (data.size() - at < 16) return carve_more(data, "flac");
      return info.samples == 0 && samples != 0 ? carve_whole(at, "flac") : carve_cut(at, "flac");
    }
    const bool last = info.samples != 0 && samples + frame.samples >= info.samples;
    std::uint64_t end = end_of_frame(data, at, frame, info, last, ran_out);
    if (end == 0 && ran_out) return carve_more(data, "flac");
    if (end == 0 && info.samples == 0) end = end_of_frame(data, at, frame, info, true, ran_out);
    if (end == 0) return carve_cut(at, "flac");
    samples += frame.samples;
    at = end;
  }
}

constexpr CarveMagic kMagics[] = {{0, "fLaC\0\0\0\x22"sv}};
constexpr std::string_view kReferences[] = {"RFC 9639 §8, §9"};

}  // namespace

constinit const Carver flac{
    .id = "flac",
    .extension = "flac",
    .title_en = "FLAC sound",
    .title_ja = "FLAC 音声",
    .magics = kMagics,
    .min_length = ByteCount{60},
    .max_length = ByteCount{2ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
