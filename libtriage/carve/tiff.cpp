// SPDX-License-Identifier: Apache-2.0
// TIFF and the raw photographs built on it: walks the directories (also SubIFDs, EXIF, GPS) and takes the farthest end
// of anything they point at. Complete when every directory, value, strip and tile lies in the file.
//   file := order(2) 42(16) first(32) …   directory := count(16) entry(12)* next(32)   entry := tag type count value
// Not handled: BigTIFF. Maker notes are stepped over.    Spec: TIFF 6.0 §2; Adobe TIFF Technical Note 1; DNG 1.6.
#include <algorithm>
#include <array>
#include <vector>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver tiff;

namespace {

using namespace std::string_view_literals;
constexpr std::uint64_t kMaxEntries = 4096;
constexpr std::size_t kMaxDirectories = 512;
constexpr std::uint64_t kMaxParts = 1U << 20;

class Walk {
 public:
  explicit Walk(Bytes data) : data_(data), big_(has_at(data, 0, "M")) {}

  void run() {
    note(8);
    pending_.push_back(u32(4));
    for (std::size_t i = 0; i < pending_.size() && i < kMaxDirectories && !broken; ++i) directory(pending_[i]);
    if (pending_.size() > kMaxDirectories) broken = true;
  }

  std::uint64_t end = 8;
  bool ran_out = false;  ///< a directory or table lies past the data
  bool broken = false;
  bool pixels = false;  ///< strips, tiles or a JPEG stream
  bool dng = false;
  std::string_view make;  ///< camera maker; views the data

 private:
  struct Entry {
    std::uint16_t tag = 0;
    std::uint16_t type = 0;
    std::uint64_t count = 0;
    std::uint64_t at = 0;  ///< of the first value
    std::uint64_t width = 0;
  };

  std::uint16_t u16(std::uint64_t at) const {
    return big_ ? be_at<std::uint16_t>(data_, at) : le_at<std::uint16_t>(data_, at);
  }
  std::uint32_t u32(std::uint64_t at) const {
    return big_ ? be_at<std::uint32_t>(data_, at) : le_at<std::uint32_t>(data_, at);
  }
  void note(std::uint64_t to) { end = std::max(end, to); }
  std::uint64_t value(const Entry& e, std::uint64_t i) const {
    if (e.type == 3) return u16(e.at + 2 * i);
    return u32(e.at + 4 * i);
  }

  void directory(std::uint64_t at) {
    if (at == 0) return;
    if (at < 8 || std::find(seen_.begin(), seen_.end(), at) != seen_.end()) {
      broken = at < 8;
      return;
    }
    seen_.push_back(at);
    const std::uint64_t count = u16(at);
    note(at + 2 + 12 * count + 4);
    if (!holds(data_, at, 2 + 12 * count + 4)) {
      ran_out = true;
      return;
    }
    if (count == 0 || count > kMaxEntries) {
      broken = true;
      return;
    }
    std::array<Entry, 2> offsets{};
    std::array<Entry, 2> counts{};
    for (std::uint64_t i = 0; i < count && !broken; ++i) {
      const Entry e = entry(at + 2 + 12 * i);
      switch (e.tag) {
        case 273: offsets[0] = e; break;  // StripOffsets
        case 279: counts[0] = e; break;   // StripByteCounts
        case 324: offsets[1] = e; break;  // TileOffsets
        case 325: counts[1] = e; break;   // TileByteCounts
        case 513: jpeg_at_ = value(e, 0); break;
        case 514:
          if (jpeg_at_ != 0) note(jpeg_at_ + value(e, 0));
          pixels = pixels || jpeg_at_ != 0;
          jpeg_at_ = 0;
          break;
        case 271: make = as_chars(part(data_, e.at, std::min<std::uint64_t>(e.count, 32))); break;
        case 50706: dng = true; break;
        case 330:    // SubIFDs
        case 34665:  // EXIF
        case 34853:  // GPS
        case 40965:  // interoperability
          for (std::uint64_t k = 0; k < e.count && k < 64; ++k) pending_.push_back(value(e, k));
          break;
        default: break;
      }
    }
    for (std::size_t k = 0; k < 2; ++k) parts(offsets[k], counts[k]);
    pending_.push_back(u32(at + 2 + 12 * count));
  }

  Entry entry(std::uint64_t at) {
    static constexpr std::array<std::uint8_t, 14> kWidths = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    Entry e;
    e.tag = u16(at);
    e.type = u16(at + 2);
    e.count = u32(at + 4);
    e.at = at + 8;
    if (e.type == 0 || e.type >= kWidths.size()) {
      broken = e.type > 64;  // private types are stepped over
      e.count = 0;
      return e;
    }
    const std::uint64_t size = e.count * kWidths[e.type];
    if (size > 4) {
      e.at = u32(at + 8);
      note(e.at + size);
      if (!holds(data_, e.at, size)) ran_out = true;
    }
    return e;
  }

  void parts(const Entry& offsets, const Entry& counts) {
    if (offsets.count == 0) return;
    if (counts.count != offsets.count || offsets.count > kMaxParts) {
      broken = counts.count != 0 || offsets.count > kMaxParts;
      return;
    }
    pixels = true;
    if (ran_out) return;
    for (std::uint64_t i = 0; i < offsets.count; ++i) note(value(offsets, i) + value(counts, i));
  }

  Bytes data_;
  bool big_;
  std::uint64_t jpeg_at_ = 0;
  std::vector<std::uint64_t> pending_;
  std::vector<std::uint64_t> seen_;
};

std::string_view extension_of(Bytes data, const Walk& walk) {
  if (has_at(data, 8, "CR\2")) return "cr2";
  if (has_at(data, 0, "IIR")) return "orf";
  if (has_at(data, 0, "IIU")) return "rw2";
  if (walk.dng) return "dng";
  if (walk.make.starts_with("NIKON") && walk.end > 2U << 20) return "nef";
  if (walk.make.starts_with("SONY") && walk.end > 2U << 20) return "arw";
  if (walk.make.starts_with("PENTAX") && walk.end > 2U << 20) return "pef";
  return "tif";
}

CarveResult validate(Bytes data) {
  if (data.size() < 16) return {};
  Walk walk(data);
  walk.run();
  if (walk.broken || walk.end > std::uint64_t{4} << 30 || (!walk.pixels && !walk.ran_out)) return {};
  const std::string_view extension = extension_of(data, walk);
  if (walk.ran_out || walk.end > data.size()) return carve_more(data, extension);
  return carve_whole(walk.end, extension);
}

constexpr CarveMagic kMagics[] = {{0, "II*\0"sv}, {0, "MM\0*"sv}, {0, "IIRO"}, {0, "IIRS"}, {0, "IIU\0"sv}};
constexpr std::string_view kReferences[] = {"TIFF 6.0 §2", "Adobe PageMaker 6.0 TIFF Technical Notes",
                                            "Adobe DNG 1.6.0.0"};

}  // namespace

constinit const Carver tiff{
    .id = "tiff",
    .extension = "tif",
    .title_en = "TIFF picture or raw photograph",
    .title_ja = "TIFF・RAW 画像",
    .magics = kMagics,
    .min_length = ByteCount{16},
    .max_length = ByteCount{2ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
