// SPDX-License-Identifier: Apache-2.0
// MP4, MOV, M4A, 3GP, CR3: top-level boxes up to the first that is none; complete when the film header's tables point
// into the media data that is there.     Spec: ISO/IEC 14496-12:2022 §4, §8; Apple QuickTime File Format (2001).
#include "carve/carve_result.h"
#include "formats/file_type.h"
#include "formats/iso_media.h"
#include "formats/peek.h"

namespace triage {

extern const Carver mp4;

namespace {
std::string_view extension_of(Bytes data, const IsoMediaWalk& walk) {
  if (walk.brand.empty()) return "mov";
  if (walk.brand == "crx ") return "cr3";
  if (walk.brand.starts_with("M4A")) return "m4a";
  const std::string_view type = type_by_content(part(data, 0, 64));
  return type == "mov" || type == "3gp" ? type : "mp4";
}

CarveResult validate(Bytes data) {
  const IsoMediaWalk walk = walk_iso_media(data);
  const std::string_view extension = extension_of(data, walk);
  if (walk.brand.empty() && !walk.moov && !walk.ran_out) return {};
  if (walk.brand.empty() && walk.ran_out && !walk.moov && !walk.mdat) return {};
  const std::string_view type = type_by_content(part(data, 0, 64));
  if (type == "heic" || type == "avif" || (walk.brand.empty() && has_at(data, 4, "free"))) return {};
  if (walk.broken) return carve_cut(walk.end, extension);
  if (walk.ran_out) return carve_more(data, extension);
  if (walk.end < 32) return {};
  const bool whole = walk.moov && (walk.fragments || !walk.mdat || chunk_offsets_hold(data, walk));
  return whole && (walk.mdat || walk.fragments) ? carve_whole(walk.end, extension) : carve_cut(walk.end, extension);
}

constexpr CarveMagic kMagics[] = {{4, "ftyp"}, {4, "moov"}, {4, "mdat"}, {4, "wide"}, {4, "pnot"}};
constexpr std::string_view kReferences[] = {"ISO/IEC 14496-12:2022 §4.2, §8", "Apple: QuickTime File Format (2001)"};

}  // namespace

constinit const Carver mp4{
    .id = "mp4",
    .extension = "mp4",
    .title_en = "MP4, MOV, M4A or 3GP film",
    .title_ja = "MP4・MOV・M4A・3GP 動画",
    .magics = kMagics,
    .min_length = ByteCount{64},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
