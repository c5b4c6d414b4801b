// SPDX-License-Identifier: Apache-2.0
// OLE compound files (doc, xls, ppt, msg, msi, thumbs.db …): the allocation table says which sectors are used; the
// directory, the mini stream and every stream's chain must agree with it.
//   file := header(512, or one sector of 4096) sector*      Spec: [MS-CFB] §2.2 header, §2.3 FAT, §2.5 DIFAT, §2.6
//   directory.
// A file may end in free sectors that its writer allocated ahead; they are not claimed.
#include <algorithm>
#include <vector>

#include "carve/carve_result.h"
#include "formats/file_type.h"
#include "formats/peek.h"

namespace triage {

extern const Carver ole;

namespace {
constexpr std::uint32_t kMaxRegular = 0xfffffffaU;
constexpr std::uint32_t kDifat = 0xfffffffcU;
constexpr std::uint32_t kEndOfChain = 0xfffffffeU;
constexpr std::uint32_t kFree = 0xffffffffU;

struct Header {
  std::uint16_t major = 0;
  unsigned shift = 0;
  std::uint32_t fat_count = 0;
  std::uint32_t directory = 0;
  std::uint32_t mini_fat = 0;
  std::uint32_t mini_fat_count = 0;
  std::uint32_t difat = 0;
  std::uint32_t difat_count = 0;
};

enum class State : std::uint8_t { kHolds, kRanOut, kBroken };

class Walk {
 public:
  Walk(Bytes data, const Header& header) : data_(data), h_(header), sector_(std::uint64_t{1} << header.shift) {}

  State run() {
    State state = collect_fat_sectors();
    if (state != State::kHolds) return state;
    state = read_fat();
    if (state != State::kHolds) return state;
    return check_directory();
  }

  std::uint64_t end = 0;  ///< of the last used sector

 private:
  std::uint64_t place(std::uint32_t sector) const { return (std::uint64_t{sector} + 1) << h_.shift; }

  State collect_fat_sectors() {
    constexpr std::uint32_t kInHeader = 109;
    for (std::uint32_t i = 0; i < std::min(h_.fat_count, kInHeader); ++i)
      fat_sectors_.push_back(le_at<std::uint32_t>(data_, 76 + 4 * std::uint64_t{i}));
    std::uint32_t next = h_.difat;
    for (std::uint32_t i = 0; i < h_.difat_count; ++i) {
      if (next >= kMaxRegular) return State::kBroken;
      if (!holds(data_, place(next), sector_)) return note_far(next);
      difat_sectors_.push_back(next);
      const std::uint64_t entries = sector_ / 4 - 1;
      for (std::uint64_t e = 0; e < entries && fat_sectors_.size() < h_.fat_count; ++e)
        fat_sectors_.push_back(le_at<std::uint32_t>(data_, place(next) + 4 * e));
      next = le_at<std::uint32_t>(data_, place(next) + 4 * entries);
    }
    return fat_sectors_.size() == h_.fat_count ? State::kHolds : State::kBroken;
  }

  State note_far(std::uint32_t sector) {
    return place(sector) > std::uint64_t{4} << 30 ? State::kBroken : State::kRanOut;
  }

  State read_fat() {
    std::uint32_t highest = 0;
    const std::uint64_t each = sector_ / 4;
    for (const std::uint32_t sector : fat_sectors_) {
      if (sector >= kMaxRegular) return State::kBroken;
      if (!holds(data_, place(sector), sector_)) return note_far(sector);
      for (std::uint64_t e = 0; e < each; ++e) {
        const auto value = le_at<std::uint32_t>(data_, place(sector) + 4 * e);
        if (value != kFree) highest = static_cast<std::uint32_t>(fat_.size());
        fat_.push_back(value);
      }
    }
    for (const std::uint32_t sector : fat_sectors_)  // some writers chain them instead of marking them FATSECT
      if (sector >= fat_.size() || fat_[sector] == kFree) return State::kBroken;
    for (const std::uint32_t sector : difat_sectors_)
      if (sector >= fat_.size() || fat_[sector] != kDifat) return State::kBroken;
    for (const std::uint32_t value : fat_)
      if (value < kMaxRegular && value > highest) return State::kBroken;
    end = place(highest) + sector_;
    return State::kHolds;
  }

  /// Sectors of the chain that begins at `sector`; nothing when it leaves the table or does not end.
  std::optional<std::vector<std::uint32_t>> chain(std::uint32_t sector) const {
    std::vector<std::uint32_t> out;
    while (sector < kMaxRegular) {
      if (sector >= fat_.size() || out.size() > fat_.size()) return std::nullopt;
      out.push_back(sector);
      sector = fat_[sector];
    }
    if (sector != kEndOfChain) return std::nullopt;
    return out;
  }

  State check_directory() {
    const auto sectors = chain(h_.directory);
    if (!sectors || sectors->empty()) return State::kBroken;
    std::uint64_t budget = fat_.size() * 4 + 1024;
    bool first = true;
    for (const std::uint32_t sector : *sectors) {
      if (!holds(data_, place(sector), sector_)) return State::kRanOut;
      for (std::uint64_t e = 0; e < sector_; e += 128) {
        if (!entry_holds(part(data_, place(sector) + e, 128), first, budget)) return State::kBroken;
        first = false;
      }
    }
    return State::kHolds;
  }

  /// §2.6.1
  bool entry_holds(Bytes entry, bool first, std::uint64_t& budget) const {
    const auto name_size = le_at<std::uint16_t>(entry, 64);
    const auto type = std::to_integer<unsigned>(entry[66]);
    if (first != (type == 5) || type > 5) return false;
    if (type == 0) return true;
    if (name_size < 2 || name_size > 64 || name_size % 2 != 0) return false;
    if (type == 1) return true;
    const std::uint64_t size = h_.major == 3 ? le_at<std::uint32_t>(entry, 120) : le_at<std::uint64_t>(entry, 120);
    const auto start = le_at<std::uint32_t>(entry, 116);
    if (size == 0 || (type == 2 && size < 4096)) return true;  // in the mini stream
    const auto sectors = chain(start);
    if (!sectors || sectors->size() > budget) return false;
    budget -= sectors->size();
    return sectors->size() >= (size + sector_ - 1) >> h_.shift;
  }

  Bytes data_;
  const Header& h_;
  std::uint64_t sector_;
  std::vector<std::uint32_t> fat_sectors_;
  std::vector<std::uint32_t> difat_sectors_;
  std::vector<std::uint32_t> fat_;
};

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") || data.size() < 512) return {};
  Header h;
  h.major = le_at<std::uint16_t>(data, 26);
  h.shift = le_at<std::uint16_t>(data, 30);
  h.fat_count = le_at<std::uint32_t>(data, 44);
  h.directory = le_at<std::uint32_t>(data, 48);
  h.mini_fat = le_at<std::uint32_t>(data, 60);
  h.mini_fat_count = le_at<std::uint32_t>(data, 64);
  h.difat = le_at<std::uint32_t>(data, 68);
  h.difat_count = le_at<std::uint32_t>(data, 72);
  const bool shift_fits = (h.major == 3 && h.shift == 9) || (h.major == 4 && h.shift == 12);
  if (!shift_fits || le_at<std::uint16_t>(data, 28) != 0xfffe || le_at<std::uint16_t>(data, 32) != 6) return {};
  if (h.fat_count == 0 || h.fat_count > 1U << 16 || h.difat_count > h.fat_count) return {};
  Walk walk(data, h);
  const State state = walk.run();
  if (state == State::kRanOut || (state == State::kHolds && walk.end > data.size())) return carve_more(data, "ole");
  if (state == State::kBroken)
    return walk.end == 0 ? CarveResult{} : carve_cut(std::min<std::uint64_t>(walk.end, data.size()), "ole");
  const std::string_view type = type_by_content(part(data, 0, walk.end));
  return carve_whole(walk.end, type == "ole" ? "ole" : extension_of_type(type));
}

constexpr CarveMagic kMagics[] = {{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}};
constexpr std::string_view kReferences[] = {"[MS-CFB] §2.2, §2.3, §2.5, §2.6"};

}  // namespace

constinit const Carver ole{
    .id = "ole",
    .extension = "ole",
    .title_en = "OLE document (doc, xls, ppt, msg)",
    .title_ja = "OLE 文書(doc・xls・ppt・msg)",
    .magics = kMagics,
    .min_length = ByteCount{1536},
    .max_length = ByteCount{2ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
