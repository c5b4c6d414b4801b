// SPDX-License-Identifier: Apache-2.0
// Zstandard: blocks with their sizes to the last one; frames and skippable frames follow one another.
//   frame := magic(le32) header block* [checksum(4)]     block := last(1 bit) type(2) size(21), little-endian
// The checksum is not computed; a frame whose header states the content's size must have blocks that can give it.
// Spec: RFC 8878 §3.1.
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver zstd;

namespace {
constexpr std::uint32_t kFrame = 0xfd2fb528U;

enum class State : std::uint8_t { kWhole, kRanOut, kBroken };

/// §3.1.1.1: size of the header after the magic; 0 when it cannot be.
std::uint64_t header_size(Bytes data, std::uint64_t at, bool& checksum, std::uint64_t& window) {
  static constexpr std::array<std::uint8_t, 4> kDictionary = {0, 1, 2, 4};
  static constexpr std::array<std::uint8_t, 4> kContent = {0, 2, 4, 8};
  const auto descriptor = le_at<std::uint8_t>(data, at);
  if ((descriptor & 0x08) != 0) return 0;
  checksum = (descriptor & 4) != 0;
  const bool single = (descriptor & 0x20) != 0;
  std::uint64_t content = kContent[descriptor >> 6];
  if (single && content == 0) content = 1;
  if (!single) {
    const auto code = le_at<std::uint8_t>(data, at + 1);
    if (code >> 3 > 21) return 0;  // 2 GiB, the most that zstd makes
    window = (std::uint64_t{1} << (10 + (code >> 3))) / 8 * (8 + (code & 7U));
  }
  return 1 + (single ? 0U : 1U) + kDictionary[descriptor & 3] + content;
}

State frame(Bytes data, std::uint64_t& at) {
  if (!holds(data, at, 18)) return data.size() - at < 9 ? State::kRanOut : State::kBroken;
  bool checksum = false;
  std::uint64_t window = 128 << 10;
  const std::uint64_t header = header_size(data, at + 4, checksum, window);
  if (header == 0) return State::kBroken;
  std::uint64_t place = at + 4 + header;
  for (bool last = false; !last;) {
    if (!holds(data, place, 3)) return State::kRanOut;
    const std::uint32_t word = le_at<std::uint16_t>(data, place) | std::uint32_t{le_at<std::uint8_t>(data, place + 2)}
                                                                       << 16;
    last = (word & 1) != 0;
    const unsigned type = word >> 1 & 3;
    const std::uint64_t size = word >> 3;
    if (type == 3 || size > 128U << 10 || (type == 2 && size < 2)) return State::kBroken;
    place += 3 + (type == 1 ? 1 : size);
  }
  place += checksum ? 4 : 0;
  if (place > data.size()) return State::kRanOut;
  at = place;
  return State::kWhole;
}

CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  State state = State::kWhole;
  while (holds(data, at, 8)) {
    const auto magic = le_at<std::uint32_t>(data, at);
    if (magic == kFrame) {
      state = frame(data, at);
    } else if (at != 0 && (magic & 0xfffffff0U) == 0x184d2a50U) {
      at += 8 + std::uint64_t{le_at<std::uint32_t>(data, at + 4)};
    } else {
      break;
    }
    if (state != State::kWhole) break;
  }
  if (state == State::kRanOut || at > data.size()) return carve_more(data, "zst");
  if (at == 0) return {};
  return carve_whole(at, "zst");
}

constexpr CarveMagic kMagics[] = {{0, "\x28\xb5\x2f\xfd"}};
constexpr std::string_view kReferences[] = {"RFC 8878 §3.1"};

}  // namespace

constinit const Carver zstd{
    .id = "zstd",
    .extension = "zst",
    .title_en = "Zstandard file",
    .title_ja = "Zstandard ファイル",
    .magics = kMagics,
    .min_length = ByteCount{18},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
