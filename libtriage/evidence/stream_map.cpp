// SPDX-License-Identifier: Apache-2.0
#include "evidence/stream_map.h"

#include <fmt/format.h>

#include <algorithm>

namespace triage {

namespace {

std::vector<std::pair<ByteRange, const Stream*>> owned_ranges(std::span<const Stream> streams) {
  std::vector<std::pair<ByteRange, const Stream*>> out;
  for (const Stream& stream : streams) {
    if (stream.view) continue;
    for (const Extent& extent : stream.extents) {
      if (extent.sparse || extent.length.value == 0) continue;
      out.push_back({{extent.at.value, (extent.at + extent.length).value}, &stream});
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; });
  return out;
}

}  // namespace

void RangeSet::insert(ByteRange range) {
  if (range.begin >= range.end) return;
  auto next = ranges_.upper_bound(range.begin);
  if (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (before->second >= range.begin) {
      if (before->second >= range.end) return;
      range.begin = before->first;
      next = before;
    }
  }
  while (next != ranges_.end() && next->first <= range.end) {
    range.end = std::max(range.end, next->second);
    next = ranges_.erase(next);
  }
  ranges_.emplace_hint(next, range.begin, range.end);
}

bool RangeSet::overlaps(ByteRange range) const {
  if (range.begin >= range.end) return false;
  const auto next = ranges_.lower_bound(range.begin);
  if (next != ranges_.end() && next->first < range.end) return true;
  return next != ranges_.begin() && std::prev(next)->second > range.begin;
}

std::vector<ByteRange> RangeSet::outside(ByteRange range) const {
  std::vector<ByteRange> out;
  if (range.begin >= range.end) return out;
  std::uint64_t at = range.begin;
  auto next = ranges_.upper_bound(at);
  if (next != ranges_.begin()) at = std::max(at, std::prev(next)->second);
  for (; next != ranges_.end() && next->first < range.end; ++next) {
    if (next->first > at) out.push_back({at, next->first});
    at = std::max(at, next->second);
  }
  if (at < range.end) out.push_back({at, range.end});
  return out;
}

bool StreamMap::claim(std::span<const Extent> extents) {
  std::vector<ByteRange> ranges;
  for (const Extent& extent : extents) {
    if (extent.sparse || extent.length.value == 0) continue;
    ranges.push_back({extent.at.value, (extent.at + extent.length).value});
  }
  std::sort(ranges.begin(), ranges.end(), [](ByteRange a, ByteRange b) { return a.begin < b.begin; });
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (i > 0 && ranges[i].begin < ranges[i - 1].end) return false;
    if (claimed_.overlaps(ranges[i])) return false;
  }
  for (const ByteRange range : ranges) claimed_.insert(range);
  return true;
}

void append_extent(std::vector<Extent>& extents, const Extent& extent) {
  if (extent.length.value == 0) return;
  if (!extents.empty()) {
    Extent& last = extents.back();
    const bool touches = extent.sparse ? last.sparse : !last.sparse && last.at + last.length == extent.at;
    if (touches) {
      last.length = last.length + extent.length;
      return;
    }
  }
  extents.push_back(extent.sparse ? Extent{ByteOffset{0}, extent.length, true} : extent);
}

PartitionCheck check_partition(std::span<const Stream> streams, ByteCount image_size) {
  PartitionCheck check;
  std::uint64_t at = 0;
  const auto fault = [&check](std::string text) {
    if (check.first_fault.empty()) check.first_fault = std::move(text);
  };
  for (const auto& [range, stream] : owned_ranges(streams)) {
    check.owned += range.end - range.begin;
    if (range.begin > at) {
      check.missing += range.begin - at;
      fault(fmt::format("nobody owns {} to {}, before {}", at, range.begin, stream->key));
    }
    if (range.begin < at) {
      check.doubled += std::min(at, range.end) - range.begin;
      fault(fmt::format("{} owns {} again", stream->key, range.begin));
    }
    if (range.end > image_size.value) fault(fmt::format("{} goes past the image, to {}", stream->key, range.end));
    at = std::max(at, range.end);
  }
  if (at < image_size.value) {
    check.missing += image_size.value - at;
    fault(fmt::format("nobody owns {} to the end", at));
  }
  return check;
}

}  // namespace triage
