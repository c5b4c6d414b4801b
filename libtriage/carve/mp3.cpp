// SPDX-License-Identifier: Apache-2.0
// MP3 and MP2: frames one after another, each as long as its header says; ID3v2 before, ID3v1, APE and Lyrics3 tags
// behind.
//   file := [id3v2] frame+ [lyrics3] [ape] [id3v1]      frame := ffe0 sync, version, layer, bit rate, sampling rate, …
// Free-format streams are not handled. A last frame that the writer cut is not claimed.
// Spec: ISO/IEC 11172-3 §2.4.2.3; ISO/IEC 13818-3; id3.org "ID3v2.4.0 structure" §3.1; APEv2 (hydrogenaud.io wiki).
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver mp3;

namespace {
constexpr int kFewest = 8;  // frames that must follow one another

/// Length of the frame at `at`; 0 where there is none. `kind` is what must not change from frame to frame.
std::uint64_t frame_length(Bytes data, std::uint64_t at, std::uint32_t& kind) {
  static constexpr std::array<std::array<std::uint16_t, 16>, 5> kRates = {{
      {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0},  // version 1 layer I
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0},     // version 1 layer II
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},      // version 1 layer III
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0},     // version 2 layer I
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},          // version 2 layers II and III
  }};
  static constexpr std::array<std::uint32_t, 4> kSampling = {44100, 48000, 32000, 0};
  if (!holds(data, at, 4)) return 0;
  const auto word = be_at<std::uint32_t>(data, at);
  if (word >> 21 != 0x7ff) return 0;
  const unsigned version = word >> 19 & 3;  // 0: 2.5, 2: 2, 3: 1
  const unsigned layer = 4 - (word >> 17 & 3);
  const unsigned rate_index = word >> 12 & 15;
  const std::uint32_t sampling = kSampling[word >> 10 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  if (version == 1 || layer == 4 || sampling == 0 || (word & 3) == 2) return 0;
  const std::size_t row = version == 3 ? layer - 1 : layer == 1 ? 3 : 4;
  const std::uint32_t rate = kRates[row][rate_index] * 1000U;
  if (rate == 0) return 0;
  kind = word & 0xfffe0c00U;
  const std::uint32_t padding = word >> 9 & 1;
  if (layer == 1) return (12 * rate / sampling + padding) * 4;
  const std::uint32_t samples = layer == 3 && version != 3 ? 72 : 144;
  return samples * rate / sampling + padding;
}

/// Size of the ID3v2 tag at `at` with its header (and footer); 0 where there is none.
std::uint64_t id3v2_size(Bytes data, std::uint64_t at) {
  if (!has_at(data, at, "ID3") || !holds(data, at, 10)) return 0;
  if (le_at<std::uint8_t>(data, at + 3) > 4 || (be_at<std::uint32_t>(data, at + 6) & 0x80808080U) != 0) return 0;
  std::uint64_t size = 0;
  for (std::uint64_t i = 6; i < 10; ++i) size = size << 7 | le_at<std::uint8_t>(data, at + i);
  return size + 10 + ((le_at<std::uint8_t>(data, at + 5) & 0x10) != 0 ? 10 : 0);
}

/// Steps over the tags that may stand behind the last frame.
std::uint64_t skip_tags(Bytes data, std::uint64_t at) {
  for (int i = 0; i < 4; ++i) {
    if (has_at(data, at, "APETAGEX")) {
      at += 32 + std::uint64_t{le_at<std::uint32_t>(data, at + 12)};
    } else if (has_at(data, at, "LYRICSBEGIN")) {
      const std::size_t end = as_chars(part(data, at, 1 << 20)).find("LYRICS200");
      if (end == std::string_view::npos) break;
      at += end + 9;
    } else if (has_at(data, at, "TAG") && holds(data, at, 128)) {
      at += 128;
    } else {
      break;
    }
  }
  return at;
}

/// Where the first frame stands behind `from`: encoders leave padding after the tag.
std::uint64_t first_frame(Bytes data, std::uint64_t from) {
  std::uint32_t kind = 0;
  for (std::uint64_t at = from; at < from + 4096 && holds(data, at, 4); ++at) {
    if (const std::uint64_t size = frame_length(data, at, kind); size != 0) {
      std::uint32_t next = 0;
      if (!holds(data, at + size, 4) || (frame_length(data, at + size, next) != 0 && next == kind)) return at;
    }
    if (data[static_cast<std::size_t>(at)] != std::byte{0} && at - from > 1024) break;
  }
  return from;
}

/// Bytes of sound that the "Xing" or "Info" table in the first frame states; 0 without one.
std::uint64_t stated_size(Bytes data, std::uint64_t frame) {
  for (const std::uint64_t at : {frame + 36, frame + 21, frame + 13}) {
    if (!has_at(data, at, "Xing") && !has_at(data, at, "Info")) continue;
    const auto flags = be_at<std::uint32_t>(data, at + 4);
    return (flags & 2) == 0 ? 0 : be_at<std::uint32_t>(data, at + 8 + ((flags & 1) != 0 ? 4U : 0U));
  }
  return 0;
}

CarveResult validate(Bytes data) {
  const std::uint64_t tag = id3v2_size(data, 0);
  if (tag == 0 && has_at(data, 0, "ID3")) return {};
  if (tag > data.size()) return tag > 64U << 20 ? CarveResult{} : carve_more(data, "mp3");
  std::uint64_t at = tag == 0 ? 0 : first_frame(data, tag);
  const std::uint64_t begin = at;
  std::uint32_t kind = 0;
  std::uint32_t first_kind = 0;
  int frames = 0;
  for (;; ++frames) {
    const std::uint64_t size = frame_length(data, at, kind);
    if (frames == 0) first_kind = kind;
    if (size == 0 || kind != first_kind) break;
    if (!holds(data, at, size)) return frames >= kFewest || tag != 0 ? carve_more(data, "mp3") : CarveResult{};
    at += size;
  }
  if (frames < kFewest) {
    if (!holds(data, at, 4) && frames > 0) return carve_more(data, "mp3");
    return {};
  }
  const std::uint64_t end = skip_tags(data, at);
  const std::string_view extension = (first_kind >> 17 & 3) == 2 ? "mp2" : "mp3";
  if (end > data.size()) return carve_more(data, extension);
  if (data.size() - end < 4)
    return end == data.size() ? carve_whole_so_far(end, extension) : carve_more(data, extension);
  const std::uint64_t stated = stated_size(data, begin);
  if (stated != 0) return stated <= at - begin + 4096 ? carve_whole(end, extension) : carve_cut(end, extension);
  // Nothing says how long it is: whole where a tag or a last sector's zeros close it.
  const std::uint64_t rest = (512 - end % 512) % 512;
  const bool closed = end != at || (rest != 0 && is_filled(part(data, end, rest), 0));
  return closed ? carve_whole(end, extension) : carve_cut(end, extension);
}

constexpr CarveMagic kMagics[] = {{0, "ID3"},      {0, "\xff\xfb"}, {0, "\xff\xfa"}, {0, "\xff\xf3"},
                                  {0, "\xff\xf2"}, {0, "\xff\xe3"}, {0, "\xff\xfd"}};
constexpr std::string_view kReferences[] = {"ISO/IEC 11172-3 §2.4.2.3", "ID3v2.4.0 structure §3.1",
                                            "APEv2 specification"};

}  // namespace

constinit const Carver mp3{
    .id = "mp3",
    .extension = "mp3",
    .title_en = "MP3 sound",
    .title_ja = "MP3 音声",
    .magics = kMagics,
    .min_length = ByteCount{256},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
