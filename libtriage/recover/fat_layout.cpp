// SPDX-License-Identifier: Apache-2.0
#include "recover/fat_layout.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

namespace triage {

namespace {

/// Windows counts writes in steps of two seconds.
constexpr std::int64_t kStep = 2'000'000'000;
constexpr std::uint64_t kMaxGap = 1U << 20;      ///< clusters looked at for one file beyond its own
constexpr std::uint64_t kMaxSteps = 50'000'000;  ///< for all files of a volume

std::uint32_t at(Bytes raw, std::size_t place, std::size_t width) {
  ByteCursor cursor(raw);
  cursor.seek(place, "boot sector");
  return width == 1   ? cursor.le<std::uint8_t>("boot sector")
         : width == 2 ? cursor.le<std::uint16_t>("boot sector")
                      : cursor.le<std::uint32_t>("boot sector");
}

std::optional<FatLayout> read_exfat(Bytes raw, std::uint64_t begin) {
  const std::uint32_t sector_shift = at(raw, 108, 1);
  const std::uint32_t cluster_shift = at(raw, 109, 1);
  if (sector_shift < 9 || sector_shift > 12 || cluster_shift > 25 - sector_shift) return std::nullopt;
  FatLayout layout;
  layout.cluster = std::uint64_t{1} << (sector_shift + cluster_shift);
  layout.first = begin + (std::uint64_t{at(raw, 88, 4)} << sector_shift);
  layout.count = at(raw, 92, 4);
  return layout;
}

std::optional<FatLayout> read_fat(Bytes raw, std::uint64_t begin) {
  const std::uint64_t sector = at(raw, 11, 2);
  const std::uint64_t per_cluster = at(raw, 13, 1);
  const std::uint64_t roots = at(raw, 17, 2);
  const std::uint64_t fat_sectors = at(raw, 22, 2) != 0 ? at(raw, 22, 2) : at(raw, 36, 4);
  const std::uint64_t total = at(raw, 19, 2) != 0 ? at(raw, 19, 2) : at(raw, 32, 4);
  if (!std::has_single_bit(sector) || sector < 512 || sector > 4096 || !std::has_single_bit(per_cluster))
    return std::nullopt;
  const std::uint64_t head = at(raw, 14, 2) + at(raw, 16, 1) * fat_sectors + (roots * 32 + sector - 1) / sector;
  if (total <= head) return std::nullopt;
  FatLayout layout;
  layout.cluster = sector * per_cluster;
  layout.first = begin + head * sector;
  layout.count = (total - head) / per_cluster;
  return layout;
}

class Replay {
 public:
  Replay(const FatLayout& layout, const RangeSet& free, const std::vector<FatFile>& files)
      : layout_(layout), free_(free), files_(files), chains_(files.size()), done_(files.size(), false) {
    for (std::size_t i = 0; i < files.size(); ++i) starts_.emplace(files[i].start, i);
  }

  std::vector<FatChain> run() {
    std::vector<std::size_t> order(files_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      return files_[a].last_write != files_[b].last_write ? files_[a].last_write < files_[b].last_write
                                                          : files_[a].start < files_[b].start;
    });
    for (const std::size_t i : order) {
      bury_owner(files_[i].start);
      chains_[i] = chain_of(i);
      done_[i] = true;
      if (!files_[i].gone && files_[i].vouched) hold(i);
    }
    return std::move(chains_);
  }

 private:
  FatChain chain_of(std::size_t i) {
    if (steps_ == 0) return {};
    const FatFile& file = files_[i];
    // Nobody else starts in the way and nothing is held: the usual case.
    const FatChain plain = lay_out(layout_, free_, RangeSet{}, file.start, file.clusters);
    if (!disturbed(i, plain)) return plain;
    FatChain whole = lay_out(layout_, free_, blockers(i, plain, true), file.start, file.clusters);
    const std::size_t faults = foreign_starts(i, whole);
    if (faults == 0) return whole;
    FatChain starts_only = lay_out(layout_, free_, blockers(i, plain, false), file.start, file.clusters);
    return foreign_starts(i, starts_only) < faults ? starts_only : whole;
  }

  [[nodiscard]] bool disturbed(std::size_t i, const FatChain& chain) const {
    return foreign_starts(i, chain) != 0 || std::any_of(chain.begin(), chain.end(), [this](const FatSpan& span) {
             return held_.overlaps(layout_.range_of(span));
           });
  }

  /// Was `other` there while `i` was written?
  [[nodiscard]] bool in_way(std::size_t i, std::size_t other) const {
    const FatFile& it = files_[other];
    if (other == i || it.gone || it.start == files_[i].start || it.created > files_[i].last_write + kStep) return false;
    return it.vouched || (it.created > files_[i].created && it.created <= files_[i].last_write);
  }

  void hold(std::size_t i) {
    for (const FatSpan& span : chains_[i]) {
      held_.insert(layout_.range_of(span));
      owners_.insert_or_assign(span.first, std::pair{span.first + span.count, i});
    }
  }

  /// Who begins on a cluster found it free: the file that had it was deleted by then, and holds nothing any more.
  void bury_owner(std::uint64_t cluster) {
    auto next = owners_.upper_bound(cluster);
    if (next == owners_.begin() || (--next)->second.first <= cluster || steps_ == 0) return;
    const std::size_t owner = next->second.second;
    spend(held_.size() + chains_[owner].size());
    const ByteRange all = layout_.range_of({0, layout_.count});
    RangeSet open;
    for (const ByteRange part : held_.outside(all)) open.insert(part);
    for (const FatSpan& span : chains_[owner]) {
      open.insert(layout_.range_of(span));
      owners_.erase(span.first);
    }
    held_ = RangeSet{};
    for (const ByteRange part : open.outside(all)) held_.insert(part);
  }

  /// What was there when file `i` was written: all of the files written before, and of those that were only begun
  /// their first cluster, or (`whole`) as much as they would have in one piece.
  RangeSet blockers(std::size_t i, const FatChain& plain, bool whole) {
    RangeSet out = held_;
    spend(held_.size());
    const std::uint64_t last = plain.empty() ? files_[i].start : plain.back().first + plain.back().count;
    const std::uint64_t reach = std::min(layout_.count, last + kMaxGap);
    for (auto next = starts_.lower_bound(files_[i].start); next != starts_.end() && next->first < reach; ++next) {
      const FatFile& other = files_[next->second];
      if (!in_way(i, next->second) || (done_[next->second] && other.vouched)) continue;  // held already
      const std::uint64_t count = whole ? other.clusters : 1;
      spend(1);
      if (steps_ == 0) break;
      for (const FatSpan& span : lay_out(layout_, free_, held_, other.start, count)) out.insert(layout_.range_of(span));
    }
    return out;
  }

  void spend(std::uint64_t steps) { steps_ -= std::min(steps_, steps); }

  [[nodiscard]] std::size_t foreign_starts(std::size_t i, const FatChain& chain) const {
    std::size_t count = 0;
    for (const FatSpan& span : chain) {
      for (auto one = starts_.lower_bound(span.first); one != starts_.end() && one->first < span.first + span.count;
           ++one) {
        const FatFile& other = files_[one->second];
        if (in_way(i, one->second) ||
            (one->second != i && other.vouched && !other.gone && one->first != files_[i].start))
          ++count;
      }
    }
    return count;
  }

  const FatLayout& layout_;
  const RangeSet& free_;
  const std::vector<FatFile>& files_;
  std::vector<FatChain> chains_;
  std::vector<bool> done_;
  std::multimap<std::uint64_t, std::size_t> starts_;  // cluster → file
  RangeSet held_;
  std::map<std::uint64_t, std::pair<std::uint64_t, std::size_t>> owners_;  // first cluster → end, file; as held_
  std::uint64_t steps_ = kMaxSteps;
};

}  // namespace

std::optional<std::uint64_t> FatLayout::index_of(std::uint64_t place) const {
  if (place < first || (place - first) / cluster >= count) return std::nullopt;
  return (place - first) / cluster;
}

std::optional<FatLayout> read_fat_layout(ImageBytes& image, std::uint64_t begin) {
  const auto raw = image.read(begin, 512);
  if (!raw || !has_at(*raw, 510, "\x55\xaa")) return std::nullopt;
  auto layout = has_at(*raw, 3, "EXFAT   ") ? read_exfat(*raw, begin) : read_fat(*raw, begin);
  if (!layout || layout->first >= image.size()) return std::nullopt;
  layout->count = std::min(layout->count, (image.size() - layout->first) / layout->cluster);
  return layout->count == 0 ? std::nullopt : layout;
}

FatChain lay_out(const FatLayout& layout, const RangeSet& free, const RangeSet& blocked, std::uint64_t start,
                 std::uint64_t count) {
  FatChain out;
  if (start >= layout.count || count == 0) return out;
  out.push_back({start, 1});  // the entry's own word, whoever holds it now
  std::uint64_t needed = count - 1;
  std::uint64_t at = start + 1;
  const std::uint64_t stop = std::min(layout.count, at + std::min(needed, layout.count) + kMaxGap);
  while (needed > 0 && at < stop) {
    const std::uint64_t step = std::min(stop - at, std::max<std::uint64_t>(needed, 64));
    const ByteRange window = layout.range_of({at, step});
    RangeSet usable;
    RangeSet bad;
    for (const ByteRange used : free.outside(window)) bad.insert(used);
    for (const ByteRange open : blocked.outside(window)) usable.insert(open);
    for (const ByteRange taken : usable.outside(window)) bad.insert(taken);
    for (const ByteRange open : bad.outside(window)) {
      // Only whole clusters.
      const std::uint64_t first = (open.begin - layout.first + layout.cluster - 1) / layout.cluster;
      const std::uint64_t end = (open.end - layout.first) / layout.cluster;
      if (first >= end || needed == 0) continue;
      const FatSpan span{first, std::min(end - first, needed)};
      needed -= span.count;
      if (out.back().first + out.back().count == span.first) {
        out.back().count += span.count;
      } else {
        out.push_back(span);
      }
    }
    at += step;
  }
  return out;
}

std::vector<FatChain> replay_fat_writes(const FatLayout& layout, const RangeSet& free,
                                        const std::vector<FatFile>& files) {
  return Replay(layout, free, files).run();
}

}  // namespace triage
