// SPDX-License-Identifier: Apache-2.0
// Data runs of libtsk → extents of the image, clipped to the content's size and to the volume.
//   run bytes := skiplen content(initsize valid, then zeros up to size) slack
#include <algorithm>
#include <limits>

#include "evidence/file_system.h"

namespace triage {

namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kMaxRuns = 16'000'000;

std::uint64_t times(std::uint64_t count, std::uint64_t size) { return count > kMax / size ? kMax : count * size; }
std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return b > kMax - a ? kMax : a + b; }
std::uint64_t size_of(TSK_OFF_T size) { return size > 0 ? static_cast<std::uint64_t>(size) : 0; }

/// Adds [at, at+length) of the image; what leaves the volume reads as zeros.
void add_placed(std::vector<Extent>& out, ByteRange volume, std::uint64_t at, std::uint64_t length, bool& outside) {
  const std::uint64_t end = plus(at, length);
  const std::uint64_t begin_in = std::clamp(at, volume.begin, volume.end);
  const std::uint64_t end_in = std::clamp(end, volume.begin, volume.end);
  if (begin_in >= end_in) {
    outside = true;
    append_extent(out, Extent{ByteOffset{0}, ByteCount{length}, true});
    return;
  }
  outside = outside || at < begin_in || end > end_in;
  append_extent(out, Extent{ByteOffset{0}, ByteCount{begin_in - at}, true});
  append_extent(out, Extent{ByteOffset{begin_in}, ByteCount{end_in - begin_in}, false});
  append_extent(out, Extent{ByteOffset{0}, ByteCount{length - (end_in - at)}, true});
}

/// Adds [at, at+length) as far as it lies in the volume.
void add_clipped(std::vector<Extent>& out, ByteRange volume, std::uint64_t at, std::uint64_t length) {
  const std::uint64_t begin = std::clamp(at, volume.begin, volume.end);
  const std::uint64_t end = std::clamp(plus(at, length), volume.begin, volume.end);
  if (begin < end) append_extent(out, Extent{ByteOffset{begin}, ByteCount{end - begin}, false});
}

/// Splits the runs at the content's borders.
class RunSplitter {
 public:
  RunSplitter(const FileSystemView& view, const TSK_FS_ATTR& attribute, ContentRuns& out)
      : view_(view),
        out_(out),
        skip_(attribute.nrd.skiplen),
        size_(size_of(attribute.size)),
        valid_(std::min(size_, size_of(attribute.nrd.initsize))) {}

  /// A run whose first byte is `from` bytes into the attribute's runs.
  void run(std::uint64_t from, std::uint64_t length, std::uint64_t at, bool sparse) {
    const std::uint64_t begin = std::max(from, skip_);
    const std::uint64_t end = plus(from, length);
    if (begin >= end) return;
    const std::uint64_t place = plus(at, begin - from);
    const std::uint64_t content_begin = begin - skip_;
    const std::uint64_t content_end = end - skip_;
    fill_to(content_begin);
    part(content_begin, std::min(content_end, valid_), place, sparse);
    if (content_end > valid_ && !sparse) {
      const std::uint64_t rest = std::max(content_begin, valid_);
      add_clipped(out_.slack, view_.range, plus(place, rest - content_begin), content_end - rest);
    }
  }

  /// Content no run covers reads as zeros.
  void finish() { fill_to(size_); }

 private:
  void part(std::uint64_t begin, std::uint64_t end, std::uint64_t place, bool sparse) {
    begin = std::max(begin, done_);
    if (begin >= end) return;
    if (sparse) {
      append_extent(out_.extents, Extent{ByteOffset{0}, ByteCount{end - begin}, true});
    } else {
      add_placed(out_.extents, view_.range, place, end - begin, out_.out_of_range);
    }
    done_ = end;
  }
  void fill_to(std::uint64_t end) {
    end = std::min(end, size_);
    if (done_ >= end) return;
    append_extent(out_.extents, Extent{ByteOffset{0}, ByteCount{end - done_}, true});
    out_.uncovered += end - done_;
    done_ = end;
  }

  const FileSystemView& view_;
  ContentRuns& out_;
  std::uint64_t skip_;
  std::uint64_t size_;
  std::uint64_t valid_;
  std::uint64_t done_ = 0;  // content bytes already placed
};

bool has_own_reading(const TSK_FS_ATTR& attribute) {
  if ((attribute.flags & TSK_FS_ATTR_NONRES) == 0 || (attribute.flags & TSK_FS_ATTR_COMP) != 0) return true;
  std::size_t count = 0;
  for (const TSK_FS_ATTR_RUN* run = attribute.nrd.run; run != nullptr; run = run->next) {
    if ((run->flags & TSK_FS_ATTR_RUN_FLAG_ENCRYPTED) != 0 || ++count > kMaxRuns) return true;
  }
  return false;
}

}  // namespace

ContentRuns content_runs(const FileSystemView& view, const TSK_FS_ATTR& attribute) {
  ContentRuns out;
  if (!view.direct || has_own_reading(attribute)) return out;
  const std::uint64_t block = view.fs->block_size;
  RunSplitter splitter(view, attribute, out);
  for (const TSK_FS_ATTR_RUN* run = attribute.nrd.run; run != nullptr; run = run->next) {
    const bool sparse = (run->flags & (TSK_FS_ATTR_RUN_FLAG_SPARSE | TSK_FS_ATTR_RUN_FLAG_FILLER)) != 0;
    splitter.run(times(run->offset, block), times(run->len, block), plus(view.base, times(run->addr, block)), sparse);
  }
  splitter.finish();
  return out;
}

std::uint64_t AllocationMap::allocated_bytes(ByteRange range) const {
  std::uint64_t total = 0;
  auto next = std::upper_bound(allocated.begin(), allocated.end(), range.begin,
                               [](std::uint64_t at, const ByteRange& each) { return at < each.end; });
  for (; next != allocated.end() && next->begin < range.end; ++next) {
    total += std::min(next->end, range.end) - std::max(next->begin, range.begin);
  }
  return total;
}

namespace {

struct BlockWalk {
  const FileSystemView* view;
  AllocationMap* map;

  static void add(std::vector<ByteRange>& ranges, ByteRange range) {
    if (range.begin >= range.end) return;
    if (!ranges.empty() && ranges.back().end == range.begin) {
      ranges.back().end = range.end;
    } else if (ranges.empty() || ranges.back().end < range.begin) {
      ranges.push_back(range);
    }
  }

  static TSK_WALK_RET_ENUM visit(const TSK_FS_BLOCK* block, void* pointer) noexcept {
    auto* self = static_cast<BlockWalk*>(pointer);
    const ByteRange volume = self->view->range;
    const std::uint64_t size = self->view->fs->block_size;
    const std::uint64_t at = plus(self->view->base, times(block->addr, size));
    const ByteRange range{std::clamp(at, volume.begin, volume.end),
                          std::clamp(plus(at, size), volume.begin, volume.end)};
    try {
      add((block->flags & TSK_FS_BLOCK_FLAG_UNALLOC) != 0 ? self->map->unallocated : self->map->allocated, range);
    } catch (...) {  // no exception may cross the C frames above
      return TSK_WALK_ERROR;
    }
    return range.end >= volume.end ? TSK_WALK_STOP : TSK_WALK_CONT;
  }
};

}  // namespace

AllocationMap read_allocation(const FileSystemView& view) {
  AllocationMap map;
  if (!view.direct) {
    map.allocated.push_back(view.range);
    return map;
  }
  BlockWalk walk{&view, &map};
  const TSK_DADDR_T last = std::min(view.fs->last_block, view.fs->last_block_act);
  const auto flags = static_cast<TSK_FS_BLOCK_WALK_FLAG_ENUM>(
      TSK_FS_BLOCK_WALK_FLAG_ALLOC | TSK_FS_BLOCK_WALK_FLAG_UNALLOC | TSK_FS_BLOCK_WALK_FLAG_META |
      TSK_FS_BLOCK_WALK_FLAG_CONT | TSK_FS_BLOCK_WALK_FLAG_AONLY);
  if (last >= view.fs->first_block &&
      tsk_fs_block_walk(view.fs, view.fs->first_block, last, flags, BlockWalk::visit, &walk) != 0) {
    map.fault = take_tsk_error();
  }
  return map;
}

}  // namespace triage
