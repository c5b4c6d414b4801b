// SPDX-License-Identifier: Apache-2.0
// Bitmap cache of the remote desktop client: that an account saw other screens by RDP, and how much of them is kept.
//   Cache0000.bin := "RDP8bmp" NUL, u32 version, tile…        tile := u32 key, u32 key, u16 width, u16 height, pixels
//   (4 bytes) bcache22.bmc := tile…: u32 key, u32 key, u16 width, u16 height, u32 bytes, u32 flags (of the first tile
//   only)
// No times and no names of the other side; the pictures themselves are not drawn.
// Spec: ANSSI-FR/bmc-tools (layout).
#include <array>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/home_path.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kHeader = 12;
constexpr std::size_t kTile = 12;
constexpr std::size_t kMaxSide = 64;

struct Tiles {
  std::uint64_t count = 0;
  std::size_t end = 0;
  bool whole = false;
};

Tiles count_tiles(Bytes data) {
  Tiles out;
  out.end = kHeader;
  while (holds(data, out.end, kTile)) {
    const std::size_t width = le_at<std::uint16_t>(data, out.end + 8);
    const std::size_t height = le_at<std::uint16_t>(data, out.end + 10);
    if (width == 0 || height == 0 || width > kMaxSide || height > kMaxSide) return out;
    if (!holds(data, out.end + kTile, 4 * width * height)) return out;
    ++out.count;
    out.end += kTile + 4 * width * height;
  }
  out.whole = out.end == data.size();
  return out;
}

Outcome parse_rdp(const Artifact& in, EventSink& out) {
  const bool bin = has_at(in.data, 0, "RDP8bmp");
  const std::string name = ascii_lower(path_name(in.stream.path));
  const auto width = le_at<std::uint16_t>(in.data, 8), height = le_at<std::uint16_t>(in.data, 10);
  const bool bmc = !bin && name.ends_with(".bmc") && width > 0 && height > 0 && width <= kMaxSide && height <= kMaxSide;
  if (!bin && !bmc) return Outcome::kNotMine;
  Event event;
  event.what = action::kNetworkConnected;
  event.how = "RDP bitmap cache";
  event.channel = "remote";
  event.who = home_owner(in.stream.path);
  event.object_kind = "file";
  if (!in.stream.path.empty()) event.object = in.stream.path;
  event.object_size = in.stream.size.value;
  event.locator = in.at(0, in.data.size());
  const Tiles tiles = bin ? count_tiles(in.data) : Tiles{};
  if (bin) event.attribute("tiles", tiles.count);
  event.partial = bin && !tiles.whole;
  out.event(std::move(event));
  if (!bin || tiles.whole) return Outcome::kComplete;
  out.damage(DamageKind::kTruncated, tiles.end, "tile", "a tile is cut off or cannot be");
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**/Terminal Server Client/Cache/cache????.bin"sv,
                               "**/Terminal Server Client/Cache/bcache*.bmc"sv};
constexpr std::array kFields = {FieldSpec{"tiles", "count", "pieces of screens that are kept"}};
constexpr std::array kReferences = {"https://github.com/ANSSI-FR/bmc-tools"sv};

}  // namespace

extern const ArtifactParser rdp_cache;
constinit const ArtifactParser rdp_cache{
    .id = "windows.rdp_cache",
    .version = 1,
    .title_en = "Bitmap cache of the remote desktop client",
    .title_ja = "リモートデスクトップの画面キャッシュ",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_rdp,
};

}  // namespace triage
