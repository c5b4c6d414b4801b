// SPDX-License-Identifier: Apache-2.0
// JPEG: walks the marker segments to the end-of-image marker. Thumbnails lie inside APPn segments and are stepped over
// with them; entropy-coded data is walked from 0xFF to 0xFF, restart markers in their order. Pictures that a multi
// picture index (CIPA DC-007, APP2 "MPF") places after the first one belong to the file.
//   file := SOI segment* (SOS entropy)+ EOI      segment := FF marker length(be16, itself included) data
// Not checked: the entropy-coded bits themselves.   Spec: ITU-T T.81 annex B.
#include <algorithm>
#include <array>
#include <cstring>

#include "carve/carver.h"

namespace triage {

extern const Carver jpeg;

namespace {

constexpr std::uint8_t kSoi = 0xd8;
constexpr std::uint8_t kEoi = 0xd9;
constexpr std::uint8_t kSos = 0xda;
constexpr std::uint8_t kApp2 = 0xe2;

struct Walk {
  std::size_t end = 0;  ///< bytes that held
  bool complete = false;
  bool ran_out = false;     ///< the data ended inside a structure
  bool frame = false;       ///< a SOF with possible values was seen
  bool scan = false;        ///< entropy-coded data was reached
  std::size_t further = 0;  ///< end of the last picture of a multi picture index
};

std::uint8_t byte_at(Bytes data, std::size_t at) { return std::to_integer<std::uint8_t>(data[at]); }

bool is_frame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Markers that may stand between segments of an image: tables, frames, scans, application data, comments.
bool is_segment(std::uint8_t marker) {
  return is_frame(marker) || marker == 0xc4 || marker == 0xcc || (marker >= 0xda && marker <= 0xdf) ||
         (marker >= 0xe0 && marker <= 0xef) || marker == 0xfe || (marker >= 0xf0 && marker <= 0xfd);
}

/// §B.2.2: precision, lines, samples and the component count that fits the segment's length.
bool is_sane_frame(Bytes body) {
  ByteCursor cursor(body);
  const auto precision = cursor.be<std::uint8_t>("precision");
  cursor.skip(2, "lines");
  const auto samples = cursor.be<std::uint16_t>("samples");
  const auto components = cursor.be<std::uint8_t>("components");
  return cursor.ok() && precision >= 2 && precision <= 16 && samples != 0 && components >= 1 && components <= 4 &&
         body.size() == 6U + 3U * components;
}

bool is_sane_scan(Bytes body) {
  if (body.empty()) return false;
  const std::size_t components = byte_at(body, 0);
  return components >= 1 && components <= 4 && body.size() == 4 + 2 * components;
}

/// Walks entropy-coded data from `at`. Returns the place of the marker that ends it, or data.size(); `broken` where a
/// marker stands that cannot be there.
std::size_t end_of_entropy(Bytes data, std::size_t at, bool& broken) {
  std::uint8_t next_restart = 0xff;  // none seen yet
  while (at < data.size()) {
    const void* hit = std::memchr(data.data() + at, 0xff, data.size() - at);
    if (hit == nullptr) return data.size();
    at = static_cast<std::size_t>(static_cast<const std::byte*>(hit) - data.data());
    if (at + 1 >= data.size()) return data.size();
    const std::uint8_t marker = byte_at(data, at + 1);
    if (marker == 0) {
      at += 2;
    } else if (marker == 0xff) {
      at += 1;
    } else if (marker >= 0xd0 && marker <= 0xd7) {
      if (next_restart != 0xff && marker != next_restart) broken = true;
      if (broken) return at;
      next_restart = marker == 0xd7 ? 0xd0 : static_cast<std::uint8_t>(marker + 1);
      at += 2;
    } else {
      broken = marker != kEoi && (!is_segment(marker) || is_frame(marker));
      return at;
    }
  }
  return data.size();
}

/// Reads the "MPF" index: 16 bytes an entry with the size and the place of each picture. Places count from the TIFF
/// header of the index (CIPA DC-007 §5.2.3.3).
std::size_t end_of_pictures(Bytes body, std::size_t tiff_at) {
  ByteCursor cursor(body);
  const bool big = has_at(body, 0, "MM");
  const auto u16 = [&] { return big ? cursor.be<std::uint16_t>("mpf") : cursor.le<std::uint16_t>("mpf"); };
  const auto u32 = [&] { return big ? cursor.be<std::uint32_t>("mpf") : cursor.le<std::uint32_t>("mpf"); };
  cursor.seek(4, "index_offset");
  cursor.seek(u32(), "index");
  const std::uint16_t tag_count = u16();
  std::uint32_t entries_at = 0;
  std::uint32_t entries_size = 0;
  for (std::uint16_t i = 0; i < tag_count && cursor.ok(); ++i) {
    const std::uint16_t tag = u16();
    cursor.skip(2, "type");
    const std::uint32_t count = u32();
    const std::uint32_t value = u32();
    if (tag == 0xb002) {
      entries_size = count;
      entries_at = value;
    }
  }
  ByteCursor entries = cursor.sub(entries_at, entries_size, "entries");
  std::size_t end = 0;
  while (entries.ok() && entries.remaining() >= 16) {
    entries.skip(4, "attribute");
    const std::uint64_t size = big ? entries.be<std::uint32_t>("size") : entries.le<std::uint32_t>("size");
    const std::uint64_t at = big ? entries.be<std::uint32_t>("offset") : entries.le<std::uint32_t>("offset");
    entries.skip(4, "dependent");
    if (at != 0) end = std::max<std::size_t>(end, tiff_at + at + size);
  }
  return end;
}

/// One segment at `walk.end`; false where the walk ends.
bool step(Bytes data, Walk& walk) {
  std::size_t at = walk.end;
  if (at >= data.size() || data.size() - at < 2) return !(walk.ran_out = true);
  if (byte_at(data, at) != 0xff) return false;
  while (at + 1 < data.size() && byte_at(data, at + 1) == 0xff) ++at;  // fill bytes, §B.1.1.2
  if (at + 1 >= data.size()) return !(walk.ran_out = true);
  const std::uint8_t marker = byte_at(data, at + 1);
  if (marker == kEoi) {
    walk.end = at + 2;
    walk.complete = walk.scan;
    return false;
  }
  if (!is_segment(marker)) return false;
  ByteCursor cursor(data.subspan(at + 2));
  const auto length = cursor.be<std::uint16_t>("length");
  if (cursor.ok() && length < 2) return false;
  const Bytes body = cursor.take(length < 2 ? 0U : length - 2U, "segment");
  if (!cursor.ok()) return !(walk.ran_out = true);
  if (is_frame(marker)) {
    if (!is_sane_frame(body)) return false;
    walk.frame = true;
  }
  const std::size_t body_at = at + 4;
  if (marker == kApp2 && has_at(body, 0, std::string_view("MPF\0", 4)) && walk.further == 0)
    walk.further = end_of_pictures(body.subspan(4), body_at + 4);
  walk.end = body_at + body.size();
  if (marker != kSos) return true;
  if (!walk.frame || !is_sane_scan(body)) return false;
  walk.scan = true;
  bool broken = false;
  walk.end = end_of_entropy(data, walk.end, broken);
  walk.ran_out = walk.end == data.size();
  return !broken && !walk.ran_out;
}

Walk walk_picture(Bytes data) {
  Walk walk;
  walk.end = 2;
  while (step(data, walk)) {
  }
  return walk;
}

/// Follows the pictures after the first, each of which must be whole; the file ends with the last whole one.
void add_further_pictures(Bytes data, CarveResult& result, std::size_t further) {
  constexpr std::size_t kMaxGap = 1U << 16;  // cameras pad to blocks
  for (int pictures = 0; pictures < 16 && result.length.value < further; ++pictures) {
    const std::size_t at = static_cast<std::size_t>(result.length.value);
    const Bytes rest = data.subspan(at);
    const std::size_t start = as_chars(rest.first(std::min(rest.size(), kMaxGap))).find("\xff\xd8\xff");
    if (start == std::string_view::npos) {
      result.more_needed = rest.size() < kMaxGap && data.size() < further;
      return;
    }
    const Walk walk = walk_picture(rest.subspan(start));
    if (!walk.complete) {
      result.more_needed = walk.ran_out;
      return;
    }
    result.length = ByteCount{at + start + walk.end};
  }
  if (result.length.value < further && further <= data.size() && further - result.length.value <= kMaxGap)
    result.length = ByteCount{further};  // padding that the index counts in
}

CarveResult validate(Bytes data) {
  CarveResult result;
  if (!has_at(data, 0, "\xff\xd8\xff")) return result;
  const Walk walk = walk_picture(data);
  result.extension = "jpg";
  result.length = ByteCount{walk.end};
  if (walk.complete) {
    result.grade = CarveGrade::kComplete;
    if (walk.further > walk.end) add_further_pictures(data, result, walk.further);
    return result;
  }
  constexpr std::size_t kSomeHeader = 20;  // bytes: one whole segment
  if (!walk.scan && !(walk.ran_out && walk.end >= kSomeHeader)) return {};
  result.grade = CarveGrade::kTruncated;
  result.more_needed = walk.ran_out;
  if (walk.ran_out) result.length = ByteCount{data.size()};
  return result;
}

constexpr CarveMagic kMagics[] = {{0, "\xff\xd8\xff"}};
constexpr std::string_view kReferences[] = {"ITU-T T.81 (09/92) annex B", "CIPA DC-007-2021 (multi picture format)"};

}  // namespace

constinit const Carver jpeg{
    .id = "jpeg",
    .extension = "jpg",
    .title_en = "JPEG picture",
    .title_ja = "JPEG 画像",
    .magics = kMagics,
    .min_length = ByteCount{125},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
