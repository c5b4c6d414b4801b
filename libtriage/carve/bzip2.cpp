// SPDX-License-Identifier: Apache-2.0
// bzip2: blocks begin at bit places with a 48-bit number; the end number is followed by a CRC that is made of the CRCs
// of the blocks, so that the whole is checked without decompressing.
//   stream := "BZh" level block+ end crc(32) pad      block := 314159265359 crc(32) …      end := 177245385090
// Streams follow one another.   Spec: "bzip2 file format" in J. Seward's bzip2 1.0 manual; J. Tsai, "BZIP2 Format".
#include <bit>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver bzip2;

namespace {
constexpr std::uint64_t kBlock = 0x314159265359ULL;
constexpr std::uint64_t kEnd = 0x177245385090ULL;
constexpr std::uint64_t kMask = (1ULL << 48) - 1;
constexpr std::uint64_t kMaxBlock = 1200000;  // bytes of the largest block, with room

enum class State : std::uint8_t { kWhole, kRanOut, kBroken, kNone };

/// 32 bits at bit place `at`.
std::uint32_t bits32(Bytes data, std::uint64_t at) {
  const std::uint64_t value = be_at<std::uint64_t>(data, at / 8);
  if (holds(data, at / 8, 8)) return static_cast<std::uint32_t>(value << at % 8 >> 32);
  std::uint64_t slow = 0;
  for (std::uint64_t i = 0; i < 5; ++i) slow = slow << 8 | le_at<std::uint8_t>(data, at / 8 + i);
  return static_cast<std::uint32_t>(slow << (24 + at % 8) >> 32);
}

/// One stream at byte `at`, which is moved behind it.
State stream(Bytes data, std::uint64_t& at) {
  if (!has_at(data, at, "BZh") || !holds(data, at, 14)) return State::kNone;
  const auto level = le_at<std::uint8_t>(data, at + 3);
  const std::uint64_t first = be_at<std::uint64_t>(data, at + 4) >> 16;
  if (level < '1' || level > '9' || (first != kBlock && first != kEnd)) return State::kNone;
  std::uint32_t combined = 0;
  std::uint64_t window = 0;
  std::uint64_t block_at = at;
  for (std::uint64_t i = at + 4; i < data.size(); ++i) {
    if (i - block_at > kMaxBlock) return State::kBroken;
    window = window << 8 | std::to_integer<std::uint64_t>(data[static_cast<std::size_t>(i)]);
    if (i - at < 9) continue;
    for (unsigned shift = 8; shift-- > 0;) {
      const std::uint64_t number = window >> shift & kMask;
      if (number != kBlock && number != kEnd) continue;
      const std::uint64_t after = (i + 1) * 8 - shift;
      if (!holds(data, (after + 31) / 8, 1)) return State::kRanOut;
      const std::uint32_t crc = bits32(data, after);
      block_at = i;
      if (number == kBlock) {
        combined = std::rotl(combined, 1) ^ crc;
        continue;
      }
      at = (after + 32 + 7) / 8;
      return crc == combined ? State::kWhole : State::kBroken;
    }
  }
  return State::kRanOut;
}

CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  State state = stream(data, at);
  if (state == State::kNone) return {};
  if (state == State::kRanOut) return carve_more(data, "bz2");
  if (state == State::kBroken) return carve_cut(14, "bz2");
  while (has_at(data, at, "BZh")) {
    const std::uint64_t before = at;
    state = stream(data, at);
    if (state == State::kRanOut) return carve_more(data, "bz2");
    if (state == State::kWhole) continue;
    at = before;
    break;
  }
  return carve_whole(at, "bz2");
}

constexpr CarveMagic kMagics[] = {{0, "BZh"}};
constexpr std::string_view kReferences[] = {"J. Tsai: BZIP2: Format Specification (2016)"};

}  // namespace

constinit const Carver bzip2{
    .id = "bzip2",
    .extension = "bz2",
    .title_en = "bzip2 file",
    .title_ja = "bzip2 ファイル",
    .magics = kMagics,
    .min_length = ByteCount{14},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
