// SPDX-License-Identifier: Apache-2.0
// The part of the plan that reads regions in windows, and the deleted files that are views into them.
//   window w of a region := [w * window - carry, (w + 1) * window) of its joined bytes
#include <algorithm>
#include <optional>

#include "engine/plan.h"

namespace triage {

/// A region's extents with their places in the joined stream, to find views.
struct Plan::Region {
  struct Run {
    std::uint64_t at = 0;
    std::uint64_t length = 0;
    std::uint64_t stream_offset = 0;
  };
  std::uint64_t sequence = 0;
  std::vector<Run> by_place;
  std::vector<std::vector<PlannedPiece>> views;  ///< per window
  std::vector<std::vector<ViewSpan>> known;      ///< per window: deleted files that are no view of it

  explicit Region(const Stream& stream, std::uint64_t window) : sequence(stream.sequence) {
    std::uint64_t offset = 0;
    for (const Extent& extent : stream.extents) {
      by_place.push_back({extent.at.value, extent.length.value, offset});
      offset += extent.length.value;
    }
    std::sort(by_place.begin(), by_place.end(), [](const Run& a, const Run& b) { return a.at < b.at; });
    views.resize(static_cast<std::size_t>((stream.size.value + window - 1) / window));
    known.resize(views.size());
  }

  /// Where `stream` lies in the joined region when its bytes follow one another there.
  [[nodiscard]] std::optional<std::uint64_t> find(const Stream& stream) const {
    std::optional<std::uint64_t> begin;
    std::uint64_t expected = 0;
    for (const Extent& extent : stream.extents) {
      if (extent.sparse) return std::nullopt;
      std::uint64_t at = extent.at.value;
      std::uint64_t left = extent.length.value;
      while (left > 0) {
        auto run = std::upper_bound(by_place.begin(), by_place.end(), at,
                                    [](std::uint64_t value, const Run& r) { return value < r.at; });
        if (run == by_place.begin()) return std::nullopt;
        --run;
        const std::uint64_t inside = at - run->at;
        if (inside >= run->length) return std::nullopt;
        const std::uint64_t joined = run->stream_offset + inside;
        if (!begin) begin = expected = joined;
        if (joined != expected) return std::nullopt;
        const std::uint64_t step = std::min(left, run->length - inside);
        at += step;
        left -= step;
        expected += step;
      }
    }
    return begin;
  }
};

std::uint64_t Plan::data_begin(std::uint64_t window) const {
  const std::uint64_t first = window * options_.window;
  return first - std::min(first, options_.region_carry);
}

Result<std::vector<Plan::Region>> Plan::collect_regions() const {
  std::vector<Region> regions;
  for (std::uint64_t i = 0; i < entries_.size(); ++i) {
    if (!entries_[i].region || entries_[i].size == 0) continue;
    TRIAGE_TRY(const Stream found, stream(i));
    regions.emplace_back(found, options_.window);
  }
  std::stable_sort(regions.begin(), regions.end(), [this](const Region& a, const Region& b) {
    return entries_[a.sequence].first_byte < entries_[b.sequence].first_byte;
  });
  return regions;
}

/// A deleted file whose bytes follow one another in a region is a view into the window that holds it whole. Where none
/// does it is read for itself, and the region's windows know where it lies.
Status Plan::plan_deleted(std::uint64_t sequence, std::vector<Region>& regions) {
  const Entry& entry = entries_[sequence];
  TRIAGE_TRY(const Stream found, stream(sequence));
  std::optional<std::uint64_t> begin;
  Region* region = nullptr;
  for (Region& each : regions) {
    if (entries_[each.sequence].volume == entry.volume) begin = each.find(found);
    if (!begin) continue;
    region = &each;
    break;
  }
  const auto [read_from, read_to] = span_to_read(sequence);
  if (!spend_shared(entry, read_to - read_from)) {
    add_over_limit(sequence);
    return {};
  }
  if (region == nullptr) {
    apart_.push_back(sequence);
    return {};
  }
  const std::uint64_t end = *begin + entry.size;
  const std::uint64_t own = (end - 1) / options_.window;
  const bool view = *begin >= data_begin(own) && own < region->views.size();
  if (!view) apart_.push_back(sequence);
  for (std::uint64_t w = *begin / options_.window; w <= own + 1 && w < region->views.size(); ++w) {
    const std::uint64_t from = std::max(*begin, data_begin(w));
    const std::uint64_t to = std::min(end, (w + 1) * options_.window);
    if (from >= to) continue;
    if (view && w == own) {
      PlannedPiece piece;
      piece.entry = sequence;
      piece.length = entry.size;
      piece.view = true;
      piece.view_offset = from - data_begin(w);
      region->views[w].push_back(piece);
    } else {
      region->known[w].push_back({from - data_begin(w), to - from, from != *begin});
    }
  }
  return {};
}

/// The windows of one region, each followed by its views.
void Plan::add_region(const Region& region) {
  const std::size_t first_batch = batch_begins_.size();
  add_windows(region.sequence, 0, entries_[region.sequence].size, options_.region_carry);
  std::vector<PlannedPiece> windows(pieces_.begin() + static_cast<std::ptrdiff_t>(batch_begins_[first_batch]),
                                    pieces_.end());
  pieces_.resize(batch_begins_[first_batch]);
  batch_begins_.resize(first_batch);
  open_begin_ = pieces_.size();
  for (std::size_t w = 0; w < windows.size(); ++w) {
    if (!region.known[w].empty()) known_views_[pieces_.size()] = region.known[w];
    pieces_.push_back(windows[w]);
    pieces_.insert(pieces_.end(), region.views[w].begin(), region.views[w].end());
    end_batch();
  }
}

Status Plan::plan_regions() {
  if (!options_.regions || !options_.contents) return {};
  TRIAGE_TRY(std::vector<Region> regions, collect_regions());
  for (const std::uint64_t i : unplaced_deleted_) TRIAGE_TRY_STATUS(plan_deleted(i, regions));
  for (const std::uint64_t i : apart_) plan_content(i);
  end_batch();
  for (const Region& region : regions) add_region(region);
  return {};
}

}  // namespace triage
