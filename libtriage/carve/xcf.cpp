// SPDX-License-Identifier: Apache-2.0
// GIMP pictures: the image's layers and channels, their tiles. The file ends with the last tile or structure.
//   file := "gimp xcf " version NUL width height type properties layer_pointer* 0 channel_pointer* 0 …
// Tiles are run-length coded (walked to their end) or zlib streams (measured). Pointers are 64-bit from version 11 on.
// Spec: GIMP "devel-docs/xcf.txt".
#include <algorithm>
#include <vector>

#include "carve/carve_result.h"
#include "formats/inflate.h"
#include "formats/peek.h"

namespace triage {

extern const Carver xcf;

namespace {
constexpr std::size_t kMaxPointers = 100000;

class Walk {
 public:
  explicit Walk(Bytes data) : data_(data) {}

  /// False when something in it cannot be.
  bool run() {
    const std::string_view version = as_chars(part(data_, 9, 4));
    number_ = version == "file" ? 0 : (version[1] - '0') * 100 + (version[2] - '0') * 10 + (version[3] - '0');
    if (version != "file" && (version[0] != 'v' || number_ > 30)) return false;
    ByteCursor cursor(data_);
    cursor.skip(14, "signature, version");
    const auto width = cursor.be<std::uint32_t>("width");
    const auto height = cursor.be<std::uint32_t>("height");
    const auto type = cursor.be<std::uint32_t>("type");
    if (number_ >= 4) cursor.skip(4, "precision");
    if (width == 0 || width > 524288 || height == 0 || height > 524288 || type > 2) return false;
    if (!properties(cursor)) return fault(cursor);
    const std::vector<std::uint64_t> layers = pointers(cursor);
    const std::vector<std::uint64_t> channels = pointers(cursor);
    if (number_ >= 18) (void)pointers(cursor);  // paths: their end is not looked for
    if (!cursor.ok()) return fault(cursor);
    note(cursor.position());
    for (const std::uint64_t at : layers)
      if (!drawable(at, true) || ran_out) return !broken_;
    for (const std::uint64_t at : channels)
      if (!drawable(at, false) || ran_out) return !broken_;
    return true;
  }

  std::uint64_t end = 0;
  bool ran_out = false;

 private:
  void note(std::uint64_t to) { end = std::max(end, to); }
  bool fault(const ByteCursor& cursor) {
    ran_out = !cursor.ok();
    return ran_out;
  }
  bool wrong() {
    broken_ = true;
    return false;
  }

  bool properties(ByteCursor& cursor) {
    for (int i = 0; i < 200 && cursor.ok(); ++i) {
      const auto id = cursor.be<std::uint32_t>("property");
      const auto size = cursor.be<std::uint32_t>("size");
      if (id > 100) return false;
      if (id == 17 && cursor.remaining() > 0) compression_ = le_at<std::uint8_t>(data_, position(cursor));
      cursor.skip(size, "property");
      if (id == 0) return cursor.ok();
    }
    return false;
  }
  static std::uint64_t position(const ByteCursor& cursor) { return cursor.position(); }

  std::uint64_t pointer(ByteCursor& cursor) const {
    return number_ >= 11 ? cursor.be<std::uint64_t>("pointer") : cursor.be<std::uint32_t>("pointer");
  }
  std::vector<std::uint64_t> pointers(ByteCursor& cursor) const {
    std::vector<std::uint64_t> out;
    while (cursor.ok() && out.size() < kMaxPointers) {
      const std::uint64_t at = pointer(cursor);
      if (at == 0) break;
      out.push_back(at);
    }
    return out;
  }

  ByteCursor at_place(std::uint64_t at) {
    ByteCursor cursor(data_);
    cursor.seek(static_cast<std::size_t>(std::min<std::uint64_t>(at, data_.size())), "place");
    return cursor;
  }

  bool drawable(std::uint64_t at, bool layer) {
    ByteCursor cursor = at_place(at);
    cursor.skip(8, "width, height");
    if (layer) cursor.skip(4, "type");
    cursor.skip(cursor.be<std::uint32_t>("name size"), "name");
    if (!cursor.ok() || !properties(cursor)) return cursor.ok() ? wrong() : fault(cursor);
    const std::uint64_t pixels = pointer(cursor);
    const std::uint64_t mask = layer ? pointer(cursor) : 0;
    if (!cursor.ok()) return fault(cursor);
    note(cursor.position());
    if (!hierarchy(pixels)) return false;
    return mask == 0 || ran_out || drawable(mask, false);
  }

  bool hierarchy(std::uint64_t at) {
    ByteCursor cursor = at_place(at);
    cursor.skip(8, "width, height");
    const auto bytes = cursor.be<std::uint32_t>("bytes");
    const std::vector<std::uint64_t> levels = pointers(cursor);
    if (!cursor.ok()) return fault(cursor);
    if (bytes == 0 || bytes > 32 || levels.empty()) return wrong();
    note(cursor.position());
    ByteCursor level = at_place(levels[0]);
    const std::uint64_t width = level.be<std::uint32_t>("width");
    const std::uint64_t height = level.be<std::uint32_t>("height");
    const std::vector<std::uint64_t> tiles = pointers(level);
    if (!level.ok()) return fault(level);
    note(level.position());
    for (std::size_t i = 1; i < levels.size(); ++i) note(levels[i] + 12);  // width, height and a zero: never used
    return tiles.empty() || tiles_hold(tiles, width, height, bytes);
  }

  bool tiles_hold(const std::vector<std::uint64_t>& tiles, std::uint64_t width, std::uint64_t height,
                  std::uint64_t bytes) {
    const std::uint64_t columns = std::max<std::uint64_t>(1, (width + 63) / 64);
    for (std::size_t i = 0; i < tiles.size(); ++i) {
      if (tiles[i] <= end && i + 1 < tiles.size() && tiles[i + 1] <= end) continue;  // the last ones decide
      const std::uint64_t w = std::min<std::uint64_t>(64, width - std::min(width, i % columns * 64));
      const std::uint64_t h = std::min<std::uint64_t>(64, height - std::min(height, i / columns * 64));
      if (!tile(tiles[i], w * h, bytes)) return false;
    }
    return true;
  }

  bool tile(std::uint64_t at, std::uint64_t pixels, std::uint64_t bytes) {
    if (at >= data_.size()) return !(ran_out = true);
    if (compression_ == 0) {
      note(at + pixels * bytes);
      return true;
    }
    if (compression_ == 2) {
      const DeflateMeasure zlib = measure_zlib(part(data_, at, pixels * bytes + 4096), pixels * bytes);
      if (zlib.end == DeflateEnd::kRanOut) return !(ran_out = true);
      if (zlib.end != DeflateEnd::kWhole) return wrong();
      note(at + zlib.consumed);
      return true;
    }
    for (std::uint64_t channel = 0; channel < bytes; ++channel)
      if (!runs(at, pixels)) return false;
    note(at);
    return true;
  }

  /// One channel of a tile, run-length coded, at `at`, which is moved behind it.
  bool runs(std::uint64_t& at, std::uint64_t pixels) {
    for (std::uint64_t done = 0; done < pixels;) {
      if (!holds(data_, at, 4)) return !(ran_out = true);
      const std::uint64_t code = le_at<std::uint8_t>(data_, at++);
      std::uint64_t count = code < 127 ? code + 1 : 256 - code;
      if (code == 127 || code == 128) {
        count = be_at<std::uint16_t>(data_, at);
        at += 2;
      }
      if (count == 0 || count > pixels - done) return wrong();
      at += code <= 127 ? 1 : count;
      done += count;
    }
    return true;
  }

  Bytes data_;
  int number_ = 0;
  unsigned compression_ = 1;
  bool broken_ = false;
};

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "gimp xcf ") || data.size() < 32 || data[13] != std::byte{0}) return {};
  Walk walk(data);
  if (!walk.run())
    return walk.end == 0 ? CarveResult{} : carve_cut(std::min<std::uint64_t>(walk.end, data.size()), "xcf");
  return walk.ran_out || walk.end > data.size() ? carve_more(data, "xcf") : carve_whole(walk.end, "xcf");
}

constexpr CarveMagic kMagics[] = {{0, "gimp xcf "}};
constexpr std::string_view kReferences[] = {"GIMP devel-docs/xcf.txt"};

}  // namespace

constinit const Carver xcf{
    .id = "xcf",
    .extension = "xcf",
    .title_en = "GIMP picture",
    .title_ja = "GIMP 画像",
    .magics = kMagics,
    .min_length = ByteCount{64},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
