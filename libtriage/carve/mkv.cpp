// SPDX-License-Identifier: Apache-2.0
// Matroska and WebM: EBML elements; the segment's size is stated, or (live recordings) its children are walked.
//   file := EBML(DocType) Segment      element := id(1–4 bytes) size(1–8 bytes) content
// Spec: RFC 8794 §4–§6, §11.2; RFC 9559 §5.1.
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver mkv;

namespace {
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};
constexpr std::uint32_t kSegment = 0x18538067;

struct Element {
  std::uint32_t id = 0;
  std::uint64_t size = 0;  ///< of the content; kUnknown
  std::uint64_t header = 0;
};

/// The element at `at`; header 0 where there is none.
Element element_at(Bytes data, std::uint64_t at) {
  Element e;
  const auto first = le_at<std::uint8_t>(data, at);
  const unsigned id_width = first >= 0x80 ? 1 : first >= 0x40 ? 2 : first >= 0x20 ? 3 : first >= 0x10 ? 4 : 0;
  if (id_width == 0) return e;
  for (unsigned i = 0; i < id_width; ++i) e.id = e.id << 8 | le_at<std::uint8_t>(data, at + i);
  const auto lead = le_at<std::uint8_t>(data, at + id_width);
  unsigned width = 1;
  while (width <= 8 && (lead << (width - 1) & 0x80) == 0) ++width;
  if (width > 8 || !holds(data, at, id_width + width)) return e;
  std::uint64_t value = lead & (0x7fU >> (width - 1));
  bool ones = value == (0x7fU >> (width - 1));
  for (unsigned i = 1; i < width; ++i) {
    const auto byte = le_at<std::uint8_t>(data, at + id_width + i);
    value = value << 8 | byte;
    ones = ones && byte == 0xff;
  }
  e.size = ones ? kUnknown : value;
  e.header = id_width + width;
  return e;
}

/// RFC 9559 §5.1: what may stand in a segment, and what in a cluster of unknown size.
bool is_child(std::uint32_t id) {
  static constexpr std::array<std::uint32_t, 16> kChildren = {
      0x114d9b74, 0x1549a966, 0x1f43b675, 0x1654ae6b, 0x1c53bb6b, 0x1941a469, 0x1043a770, 0x1254c367,
      0xec,       0xbf,       0xe7,       0xa3,       0xa0,       0xab,       0xa7,       0x5854};
  for (const std::uint32_t child : kChildren)
    if (child == id) return true;
  return false;
}

/// Walks the children from `at` to `end` (or the first that is none); the place where it stopped.
std::uint64_t walk(Bytes data, std::uint64_t at, std::uint64_t end) {
  while (at < end) {
    const Element e = element_at(data, at);
    if (e.header == 0 || !is_child(e.id)) return at;
    if (e.size != kUnknown && e.size > std::uint64_t{1} << 44) return at;
    at += e.header + (e.size == kUnknown ? 0 : e.size);  // a cluster of unknown size: go into it
    if (at > data.size()) return at;
  }
  return at;
}

CarveResult validate(Bytes data) {
  const Element head = element_at(data, 0);
  if (head.id != 0x1a45dfa3 || head.size == kUnknown || head.size > 4096) return {};
  const std::uint64_t segment_at = head.header + head.size;
  const std::string_view text = as_chars(part(data, 0, segment_at));
  const bool webm = text.find("webm") != std::string_view::npos;
  if (!webm && text.find("matroska") == std::string_view::npos) return {};
  const std::string_view extension = webm ? "webm" : "mkv";
  if (!holds(data, segment_at, 12)) return carve_more(data, extension);
  const Element segment = element_at(data, segment_at);
  if (segment.id != kSegment || (segment.size != kUnknown && segment.size > std::uint64_t{1} << 44)) return {};
  const std::uint64_t begin = segment_at + segment.header;
  const std::uint64_t end = segment.size == kUnknown ? kUnknown : begin + segment.size;
  const std::uint64_t stop = walk(data, begin, end);
  if (stop > data.size() || (stop < end && data.size() - stop < 12)) return carve_more(data, extension);
  if (stop == begin) return {};
  return stop == end || end == kUnknown ? carve_whole(stop, extension) : carve_cut(stop, extension);
}

constexpr CarveMagic kMagics[] = {{0, "\x1a\x45\xdf\xa3"}};
constexpr std::string_view kReferences[] = {"RFC 8794 (EBML)", "RFC 9559 (Matroska)"};

}  // namespace

constinit const Carver mkv{
    .id = "mkv",
    .extension = "mkv",
    .title_en = "Matroska or WebM film",
    .title_ja = "Matroska・WebM 動画",
    .magics = kMagics,
    .min_length = ByteCount{40},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
