// SPDX-License-Identifier: Apache-2.0
// JPEG: marker segments and the entropy-coded data, decoded as far as to know that it holds (baseline, extended and
// progressive Huffman; other kinds are walked from marker to marker). Thumbnails lie inside APPn segments and are
// stepped over with them. Pictures that a multi picture index (CIPA DC-007, APP2 "MPF") places after the first one
// belong to the file.      Spec: ITU-T T.81 annexes B, F, G.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/jpeg_stream.h"
#include "formats/peek.h"

namespace triage {

extern const Carver jpeg;

namespace {
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
    JpegStream picture;
    const JpegStream::Status status = picture.run(rest.subspan(start));
    if (status != JpegStream::Status::kWhole) {
      result.more_needed = status == JpegStream::Status::kRanOut;
      return;
    }
    result.length = ByteCount{at + start + picture.position()};
  }
  if (result.length.value < further && further <= data.size() && further - result.length.value <= kMaxGap)
    result.length = ByteCount{further};  // padding that the index counts in
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "\xff\xd8\xff")) return {};
  JpegStream picture;
  const JpegStream::Status status = picture.run(data);
  const std::size_t held = picture.position();
  if (status == JpegStream::Status::kWhole) {
    CarveResult result = carve_whole(held, "jpg");
    if (picture.further() > held) add_further_pictures(data, result, picture.further());
    return result;
  }
  constexpr std::size_t kSomeHeader = 20;  // bytes: one whole segment
  const bool ran_out = status == JpegStream::Status::kRanOut;
  if (!picture.has_scan() && !(ran_out && held >= kSomeHeader)) return {};
  return ran_out ? carve_more(data, "jpg") : carve_cut(held, "jpg");
}

constexpr CarveMagic kMagics[] = {{0, "\xff\xd8\xff"}};
constexpr std::string_view kReferences[] = {"ITU-T T.81 (09/92) annexes B, F, G",
                                            "CIPA DC-007-2021 (multi picture format)"};

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
    .gaps = GapRule::kDecoded,
};

}  // namespace triage
