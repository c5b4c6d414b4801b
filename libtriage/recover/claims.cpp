// SPDX-License-Identifier: Apache-2.0
#include "recover/claims.h"

#include <algorithm>
#include <map>

namespace triage {

namespace {

/// Two stamps closer than this say nothing about order: FAT counts in steps of two seconds.
constexpr std::int64_t kCoarse = 2'000'000'000;

struct Claim {
  std::uint64_t end = 0;
  std::size_t holder = 0;  ///< index of the held stream
};

class Claims {
 public:
  Claims(const VolumeFacts& volume, std::vector<HeldStream>& held) : volume_(volume), held_(held) {
    coarse_ = volume.file_system.find("fat") != std::string::npos;
  }

  void run() {
    std::vector<std::size_t> order;
    for (const std::size_t index : volume_.held) {
      if (takes_part(held_[index].stream)) order.push_back(index);
    }
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      if (held_[a].proven != held_[b].proven) return held_[a].proven;
      return last_alive(held_[a].stream) > last_alive(held_[b].stream);  // without a stamp: oldest
    });
    for (const std::size_t index : order) settle(index);
  }

 private:
  static bool takes_part(const Stream& stream) {
    const bool content = stream.kind == StreamKind::kFile || stream.kind == StreamKind::kNamedStream;
    return content && !stream.alias_of && !stream.extents.empty() &&
           (stream.availability == Availability::kWhole || stream.availability == Availability::kOverwritten);
  }

  void settle(std::size_t index) {
    Stream& stream = held_[index].stream;
    RangeSet lost;
    std::uint64_t placed = 0;
    for (const Extent& extent : stream.extents) {
      if (extent.sparse) continue;
      const ByteRange range{extent.at.value, (extent.at + extent.length).value};
      placed += range.end - range.begin;
      for (const ByteRange used : volume_.free.outside(range)) lost.insert(used);
      meet(index, range, lost);
    }
    if (placed == 0) return;
    std::uint64_t left = 0;
    for (const Extent& extent : stream.extents) {
      if (extent.sparse) continue;
      for (const ByteRange part : lost.outside({extent.at.value, (extent.at + extent.length).value}))
        left += part.end - part.begin;
      claim(index, {extent.at.value, (extent.at + extent.length).value});
    }
    if (left >= placed) {
      stream.availability = Availability::kWhole;
      stream.survive_percent = 100;
      return;
    }
    stream.availability = Availability::kOverwritten;
    stream.survive_percent = static_cast<std::uint8_t>(100.0 * static_cast<double>(left) / static_cast<double>(placed));
  }

  /// Claims of younger files on `range` go into `lost`.
  void meet(std::size_t index, ByteRange range, RangeSet& lost) {
    auto next = claims_.upper_bound(range.begin);
    if (next != claims_.begin() && std::prev(next)->second.end > range.begin) --next;
    for (; next != claims_.end() && next->first < range.end; ++next) {
      Stream& mine = held_[index].stream;
      Stream& other = held_[next->second.holder].stream;
      if (mine.extents == other.extents) continue;  // the same content under a further name
      if (!held_[next->second.holder].proven && undecided(mine, other)) {
        mine.inferred = true;
        other.inferred = true;
        continue;
      }
      lost.insert({std::max(range.begin, next->first), std::min(range.end, next->second.end)});
    }
  }

  [[nodiscard]] bool undecided(const Stream& a, const Stream& b) const {
    const auto first = last_alive(a);
    const auto second = last_alive(b);
    if (!first || !second) return true;
    const std::int64_t apart = *first > *second ? *first - *second : *second - *first;
    return coarse_ ? apart < kCoarse : apart == 0;
  }

  void claim(std::size_t index, ByteRange range) {
    for (const ByteRange part : claimed_.outside(range)) claims_.insert_or_assign(part.begin, Claim{part.end, index});
    claimed_.insert(range);
  }

  const VolumeFacts& volume_;
  std::vector<HeldStream>& held_;
  std::map<std::uint64_t, Claim> claims_;  // disjoint: the youngest keeps a byte
  RangeSet claimed_;
  bool coarse_ = false;
};

}  // namespace

std::optional<std::int64_t> last_alive(const Stream& stream) {
  if (!stream.meta) return std::nullopt;
  const EntryTimes& times = stream.meta->times;
  if (times.changed.utc_nanos) return times.changed.utc_nanos;
  if (times.created.utc_nanos) return times.created.utc_nanos;
  return times.modified.utc_nanos;
}

void settle_claims(const VolumeFacts& volume, std::vector<HeldStream>& held) { Claims(volume, held).run(); }

}  // namespace triage
