// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF: top-level boxes; complete when every item extent of the location box lies in the file.
//   file := ftyp meta(hdlr "pict", iloc …) mdat*     Spec: ISO/IEC 23008-12:2022; ISO/IEC 14496-12:2022 §8.11.3 (iloc).
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/file_type.h"
#include "formats/iso_media.h"
#include "formats/peek.h"

namespace triage {

extern const Carver heic;

namespace {
std::uint64_t be_of(ByteCursor& cursor, std::size_t width) {
  if (width == 0) return 0;
  if (width == 4) return cursor.be<std::uint32_t>("value");
  return cursor.be<std::uint64_t>("value");
}

/// §8.11.3: the end of the farthest extent that is counted from the file's start; nothing when the box does not hold.
std::optional<std::uint64_t> farthest_extent(Bytes box) {
  ByteCursor cursor(box);
  const auto version = cursor.be<std::uint8_t>("version");
  cursor.skip(3, "flags");
  const auto sizes = cursor.be<std::uint16_t>("sizes");
  const std::size_t offset_size = sizes >> 12;
  const std::size_t length_size = sizes >> 8 & 15;
  const std::size_t base_size = sizes >> 4 & 15;
  const std::size_t index_size = version == 0 ? 0 : sizes & 15;
  for (const std::size_t width : {offset_size, length_size, base_size, index_size})
    if (width != 0 && width != 4 && width != 8) return std::nullopt;
  const std::uint32_t items = version < 2 ? cursor.be<std::uint16_t>("items") : cursor.be<std::uint32_t>("items");
  std::uint64_t end = 0;
  for (std::uint32_t i = 0; i < items && cursor.ok(); ++i) {
    cursor.skip(version < 2 ? 2 : 4, "item");
    const auto method = version == 0 ? std::uint16_t{0} : cursor.be<std::uint16_t>("method");
    cursor.skip(2, "data reference");
    const std::uint64_t base = be_of(cursor, base_size);
    const auto extents = cursor.be<std::uint16_t>("extents");
    for (std::uint16_t e = 0; e < extents && cursor.ok(); ++e) {
      (void)be_of(cursor, index_size);  // order only
      const std::uint64_t offset = be_of(cursor, offset_size);
      const std::uint64_t length = be_of(cursor, length_size);
      constexpr std::uint64_t kSane = std::uint64_t{1} << 40;
      if (base > kSane || offset > kSane || length > kSane) return std::nullopt;
      if ((method & 15) == 0) end = std::max(end, base + offset + length);
    }
  }
  if (!cursor.ok()) return std::nullopt;
  return end;
}

/// The iloc box inside the top-level meta box of data[0, end).
Bytes find_iloc(Bytes data, std::uint64_t end) {
  for (std::uint64_t at = 0; at + 12 <= end;) {
    const auto size = be_at<std::uint32_t>(data, at);
    if (size < 8 || size > end - at) return {};
    if (has_at(data, at + 4, "meta"))
      for (std::uint64_t in = at + 12; in + 8 <= at + size;) {
        const auto inner = be_at<std::uint32_t>(data, in);
        if (inner < 8 || inner > at + size - in) return {};
        if (has_at(data, in + 4, "iloc")) return part(data, in + 8, inner - 8);
        in += inner;
      }
    at += size;
  }
  return {};
}

CarveResult validate(Bytes data) {
  const std::string_view type = type_by_content(part(data, 0, 64));
  if (type != "heic" && type != "avif") return {};
  const IsoMediaWalk walk = walk_iso_media(data);
  if (walk.ran_out) return carve_more(data, type);
  if (walk.end < 32 || (!walk.meta && !walk.moov)) return {};
  const auto farthest = walk.meta ? farthest_extent(find_iloc(data, walk.end)) : walk.media_end;
  if (walk.broken || !farthest || *farthest > walk.end) return carve_cut(walk.end, type);
  return carve_whole(walk.end, type);
}

constexpr CarveMagic kMagics[] = {{4, "ftyp"}};
constexpr std::string_view kReferences[] = {"ISO/IEC 23008-12:2022", "ISO/IEC 14496-12:2022 §8.11.3",
                                            "AV1 Image File Format 1.1"};

}  // namespace

constinit const Carver heic{
    .id = "heic",
    .extension = "heic",
    .title_en = "HEIC or AVIF picture",
    .title_ja = "HEIC・AVIF 画像",
    .magics = kMagics,
    .min_length = ByteCount{64},
    .max_length = ByteCount{512ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
