// SPDX-License-Identifier: Apache-2.0
// gzip: each member is inflated; its length and CRC-32 must be the stored ones. Members follow one another.
//   member := 1f 8b 08 flags mtime(4) xfl os [extra] [name NUL] [comment NUL] [crc16] deflate crc(le32) size(le32)
// Spec: RFC 1952 §2.3. What comes out is counted, not kept; a member over 4 GiB or 256 times its size is given up.
#include "carve/carve_result.h"
#include "formats/inflate.h"
#include "formats/peek.h"

namespace triage {

extern const Carver gzip;

namespace {

using namespace std::string_view_literals;
enum class State : std::uint8_t { kWhole, kRanOut, kBroken, kNone };

bool skip_string(ByteCursor& cursor) {
  for (int i = 0; i < 4096 && cursor.ok(); ++i)
    if (cursor.le<std::uint8_t>("string") == 0) return true;
  return false;
}

/// One member at `at`, which is moved behind it.
State member(Bytes data, std::uint64_t& at, std::string_view& name) {
  ByteCursor cursor(part(data, at, data.size()));
  const Bytes head = cursor.take(10, "header");
  if (!cursor.ok()) return at == 0 ? State::kNone : State::kBroken;
  const auto flags = std::to_integer<unsigned>(head[3]);
  const auto extra_flags = std::to_integer<unsigned>(head[8]);
  const auto system = std::to_integer<unsigned>(head[9]);
  if (!has_at(head, 0, "\x1f\x8b\x08") || (flags & 0xe0) != 0 || (system > 19 && system != 255) ||
      (extra_flags != 0 && extra_flags != 2 && extra_flags != 4))
    return State::kNone;
  if ((flags & 4) != 0) cursor.skip(cursor.le<std::uint16_t>("extra_size"), "extra");
  const std::size_t name_at = cursor.position();
  if ((flags & 8) != 0) {
    if (!skip_string(cursor)) return cursor.ok() ? State::kNone : State::kRanOut;
    if (at == 0) name = as_chars(part(data, name_at, cursor.position() - name_at - 1));
  }
  if ((flags & 16) != 0 && !skip_string(cursor)) return cursor.ok() ? State::kNone : State::kRanOut;
  if ((flags & 2) != 0) cursor.skip(2, "header crc");
  if (!cursor.ok()) return State::kRanOut;
  const Bytes rest = part(data, at + cursor.position(), data.size());
  const DeflateMeasure deflate = measure_deflate(rest, std::uint64_t{256} * rest.size());
  if (deflate.end == DeflateEnd::kRanOut) return State::kRanOut;
  if (deflate.end != DeflateEnd::kWhole) return deflate.produced == 0 ? State::kNone : State::kBroken;
  const std::uint64_t trailer = at + cursor.position() + deflate.consumed;
  if (!holds(data, trailer, 8)) return State::kRanOut;
  if (le_at<std::uint32_t>(data, trailer) != deflate.crc ||
      le_at<std::uint32_t>(data, trailer + 4) != static_cast<std::uint32_t>(deflate.produced))
    return State::kBroken;
  at = trailer + 8;
  return State::kWhole;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "\x1f\x8b\x08")) return {};
  std::uint64_t at = 0;
  std::string_view name;
  State state = member(data, at, name);
  const std::string_view extension = name.ends_with(".tar") ? "tgz" : name.ends_with(".svg") ? "svgz" : "gz";
  if (state == State::kNone) return {};
  if (state == State::kRanOut) return carve_more(data, extension);
  if (state == State::kBroken) return carve_cut(18, extension);
  while (state == State::kWhole && has_at(data, at, "\x1f\x8b\x08")) {
    const std::uint64_t before = at;
    state = member(data, at, name);
    if (state == State::kRanOut) return carve_more(data, extension);
    if (state != State::kWhole) at = before;
  }
  return carve_whole(at, extension);
}

constexpr CarveMagic kMagics[] = {{0, "\x1f\x8b\x08"}};
constexpr std::string_view kReferences[] = {"RFC 1952 §2.3", "RFC 1951"};

}  // namespace

constinit const Carver gzip{
    .id = "gzip",
    .extension = "gz",
    .title_en = "gzip file",
    .title_ja = "gzip ファイル",
    .magics = kMagics,
    .min_length = ByteCount{20},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
    .gaps = GapRule::kForward,
};

}  // namespace triage
