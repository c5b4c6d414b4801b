// SPDX-License-Identifier: Apache-2.0
// xz: blocks of LZMA2 chunks that state their sizes, an index with a CRC-32 that must list the very sizes walked, a
// footer. Nothing is decompressed.
//   stream := header(12) block* index footer(12) zero4*     block := header chunk* 00 pad check
// Not walked: blocks whose last filter is not LZMA2.   Spec: "The .xz File Format" 1.1.0 §2–§5; LZMA2 chunks: xz 5.4
// docs.
#include <array>
#include <optional>
#include <vector>

#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver xz;

namespace {

using namespace std::string_view_literals;
enum class State : std::uint8_t { kWhole, kRanOut, kBroken };

struct BlockSize {
  std::uint64_t unpadded = 0;
  std::uint64_t uncompressed = 0;
};

/// §1.2
std::uint64_t multibyte(ByteCursor& cursor) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63 && cursor.ok(); shift += 7) {
    const auto byte = cursor.le<std::uint8_t>("multibyte");
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  cursor.reject("multibyte");
  return 0;
}

/// LZMA2 chunks at `at`, which is moved behind the end mark.
State chunks(Bytes data, std::uint64_t& at, std::uint64_t& uncompressed) {
  for (;;) {
    if (!holds(data, at, 1)) return State::kRanOut;
    const auto control = le_at<std::uint8_t>(data, at);
    if (control == 0) {
      ++at;
      return State::kWhole;
    }
    if (control > 2 && control < 0x80) return State::kBroken;
    if (!holds(data, at, 6)) return State::kRanOut;
    const bool packed = control >= 0x80;
    const std::uint64_t out =
        (packed ? std::uint64_t{control & 0x1fU} << 16 : 0) + be_at<std::uint16_t>(data, at + 1) + std::uint64_t{1};
    const std::uint64_t in = packed ? be_at<std::uint16_t>(data, at + 3) + std::uint64_t{1} : out;
    at += (packed ? (control >= 0xc0 ? 6U : 5U) : 3U) + in;
    uncompressed += out;
    if (at > data.size()) return State::kRanOut;
  }
}

/// §3: one block at `at`, which is moved behind its check.
State block(Bytes data, std::uint64_t& at, std::uint64_t check_size, BlockSize& sizes) {
  const std::uint64_t header = (std::uint64_t{le_at<std::uint8_t>(data, at)} + 1) * 4;
  if (!holds(data, at, header)) return State::kRanOut;
  if (crc32(part(data, at, header - 4)) != le_at<std::uint32_t>(data, at + header - 4)) return State::kBroken;
  ByteCursor cursor(part(data, at + 1, header - 5));
  const auto flags = cursor.le<std::uint8_t>("flags");
  if ((flags & 0x40) != 0) (void)multibyte(cursor);  // the sizes are found by walking
  if ((flags & 0x80) != 0) (void)multibyte(cursor);
  std::uint64_t filter = 0;
  for (unsigned i = 0; i <= (flags & 3U); ++i) {
    filter = multibyte(cursor);
    const std::uint64_t properties = multibyte(cursor);
    if (properties > header) return State::kBroken;
    cursor.skip(static_cast<std::size_t>(properties), "properties");
  }
  if (!cursor.ok() || filter != 0x21) return State::kBroken;
  std::uint64_t place = at + header;
  const State state = chunks(data, place, sizes.uncompressed);
  if (state != State::kWhole) return state;
  sizes.unpadded = place - at + check_size;
  place += (4 - (place - at) % 4) % 4;
  at = place + check_size;
  return holds(data, place, check_size) ? State::kWhole : State::kRanOut;
}

/// §4: the index at `at`, which is moved behind it.
State index(Bytes data, std::uint64_t& at, const std::vector<BlockSize>& sizes) {
  ByteCursor cursor(part(data, at, data.size()));
  cursor.skip(1, "indicator");
  bool same = multibyte(cursor) == sizes.size();
  for (std::size_t i = 0; i < sizes.size() && same && cursor.ok(); ++i) {
    same = multibyte(cursor) == sizes[i].unpadded;
    same = multibyte(cursor) == sizes[i].uncompressed && same;
  }
  while (cursor.position() % 4 != 0 && cursor.ok()) cursor.skip(1, "padding");
  if (!same) return cursor.ok() ? State::kBroken : State::kRanOut;
  const std::uint64_t size = cursor.position();
  const auto stored = cursor.le<std::uint32_t>("crc");
  if (!cursor.ok()) return State::kRanOut;
  if (crc32(part(data, at, size)) != stored) return State::kBroken;
  at += cursor.position();
  return State::kWhole;
}

State stream(Bytes data, std::uint64_t& at) {
  static constexpr std::array<std::uint8_t, 16> kCheck = {0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};
  if (!holds(data, at, 12)) return State::kRanOut;
  const auto flags = be_at<std::uint16_t>(data, at + 6);
  if (flags > 15 || crc32(part(data, at + 6, 2)) != le_at<std::uint32_t>(data, at + 8)) return State::kBroken;
  std::uint64_t place = at + 12;
  std::vector<BlockSize> sizes;
  while (holds(data, place, 1) && le_at<std::uint8_t>(data, place) != 0) {
    BlockSize& size = sizes.emplace_back();
    if (const State state = block(data, place, kCheck[flags], size); state != State::kWhole) return state;
  }
  if (!holds(data, place, 1)) return State::kRanOut;
  const std::uint64_t index_at = place;
  if (const State state = index(data, place, sizes); state != State::kWhole) return state;
  if (!holds(data, place, 12)) return State::kRanOut;
  const bool footer = crc32(part(data, place + 4, 6)) == le_at<std::uint32_t>(data, place) &&
                      (std::uint64_t{le_at<std::uint32_t>(data, place + 4)} + 1) * 4 == place - index_at &&
                      be_at<std::uint16_t>(data, place + 8) == flags && has_at(data, place + 10, "YZ");
  at = place + 12;
  return footer ? State::kWhole : State::kBroken;
}

CarveResult validate(Bytes data) {
  constexpr std::string_view kMagic =
      "\xfd"
      "7zXZ\0"sv;
  if (!has_at(data, 0, kMagic)) return {};
  std::uint64_t at = 0;
  const State state = stream(data, at);
  if (state == State::kRanOut) return carve_more(data, "xz");
  if (state == State::kBroken)
    return crc32(part(data, 6, 2)) == le_at<std::uint32_t>(data, 8) ? carve_cut(12, "xz") : CarveResult{};
  while (has_at(data, at, kMagic)) {
    std::uint64_t next = at;
    const State more = stream(data, next);
    if (more == State::kRanOut) return carve_more(data, "xz");
    if (more == State::kBroken) break;
    at = next;
  }
  return carve_whole(at, "xz");
}

constexpr CarveMagic kMagics[] = {{0,
                                   "\xfd"
                                   "7zXZ\0"sv}};
constexpr std::string_view kReferences[] = {"The .xz File Format 1.1.0 §2-§5", "XZ for Java: LZMA2 chunk format"};

}  // namespace

constinit const Carver xz{
    .id = "xz",
    .extension = "xz",
    .title_en = "xz file",
    .title_ja = "xz ファイル",
    .magics = kMagics,
    .min_length = ByteCount{32},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
