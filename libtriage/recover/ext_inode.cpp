// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_inode.h"

#include <algorithm>

#include "evidence/stream_map.h"

namespace triage {

namespace {

constexpr std::uint16_t kExtentMagic = 0xf30a;
constexpr std::uint16_t kMaxDepth = 5;
constexpr std::uint16_t kUnwritten = 0x8000;
constexpr std::size_t kDirectBlocks = 12;

/// inodes.rst "Inode Timestamps": 2 bits of epoch below 30 bits of nanoseconds.
Timestamp stamp(std::uint32_t seconds, std::uint32_t extra, bool fine) {
  const std::int64_t base = static_cast<std::int32_t>(seconds);
  const std::int64_t epoch = static_cast<std::int64_t>(extra & 3) << 32;
  const std::uint32_t nanos = extra >> 2;
  if (!fine || nanos > 999'999'999) return from_unix(base, 0, Precision::kSecond);
  return from_unix(base + epoch, nanos, Precision::kNanosecond);
}

/// Walks an extent tree; the root lies in the inode.
class ExtentWalk {
 public:
  ExtentWalk(const ExtLayout& layout, const ExtBlockFetch& fetch, std::uint64_t& steps, ExtRuns& out)
      : layout_(layout), fetch_(fetch), steps_(steps), out_(out) {}

  /// `depth` is what the parent expects of this node; the root may have any.
  void node(Bytes raw, std::optional<std::uint16_t> depth) {
    ByteCursor cursor(raw);
    const auto magic = cursor.le<std::uint16_t>("eh_magic");
    const auto entries = cursor.le<std::uint16_t>("eh_entries");
    cursor.skip(2, "eh_max");
    const auto level = cursor.le<std::uint16_t>("eh_depth");
    cursor.skip(4, "eh_generation");
    const bool wrong_level = depth ? level != *depth : level > kMaxDepth;
    if (!cursor.ok() || magic != kExtentMagic || wrong_level || entries > cursor.remaining() / 12) {
      out_.complete = false;
      return;
    }
    for (std::uint16_t i = 0; i < entries; ++i) {
      if (steps_ == 0) {
        out_.complete = false;
        return;
      }
      --steps_;
      if (level == 0) {
        leaf(cursor);
      } else {
        index(cursor, static_cast<std::uint16_t>(level - 1));
      }
    }
  }

 private:
  void leaf(ByteCursor& cursor) {
    ExtRun run;
    run.file_block = cursor.le<std::uint32_t>("ee_block");
    const auto length = cursor.le<std::uint16_t>("ee_len");
    const std::uint64_t high = cursor.le<std::uint16_t>("ee_start_hi");
    run.block = (high << 32) | cursor.le<std::uint32_t>("ee_start_lo");
    run.unwritten = length > kUnwritten;
    run.count = run.unwritten ? length - kUnwritten : length;
    const bool possible = run.block != 0 && run.block < layout_.block_count &&
                          run.count <= layout_.block_count - run.block && run.count != 0 && run.file_block >= next_;
    if (!possible) {
      out_.complete = false;
      return;
    }
    next_ = run.file_block + run.count;
    out_.runs.push_back(run);
  }

  void index(ByteCursor& cursor, std::uint16_t depth) {
    cursor.skip(4, "ei_block");
    const std::uint64_t low = cursor.le<std::uint32_t>("ei_leaf_lo");
    const std::uint64_t block = low | (std::uint64_t{cursor.le<std::uint16_t>("ei_leaf_hi")} << 32);
    cursor.skip(2, "ei_unused");
    const auto raw = block < layout_.block_count ? fetch_(block) : std::nullopt;
    if (!raw) {
      out_.complete = false;
      return;
    }
    node(*raw, depth);
  }

  const ExtLayout& layout_;
  const ExtBlockFetch& fetch_;
  std::uint64_t& steps_;
  ExtRuns& out_;
  std::uint64_t next_ = 0;  // extents come by file block
};

/// Walks the 12 direct pointers and the three trees of indirect blocks.
class IndirectWalk {
 public:
  IndirectWalk(const ExtLayout& layout, const ExtBlockFetch& fetch, std::uint64_t& steps, ExtRuns& out,
               std::uint64_t block_limit)
      : layout_(layout), fetch_(fetch), steps_(steps), out_(out), limit_(block_limit) {}

  void inode(Bytes map) {
    ByteCursor cursor(map);
    for (std::size_t i = 0; i < kDirectBlocks; ++i) pointer(cursor.le<std::uint32_t>("i_block"), 0);
    for (int level = 1; level <= 3; ++level) pointer(cursor.le<std::uint32_t>("i_block"), level);
  }

 private:
  void pointer(std::uint64_t block, int level) {
    std::uint64_t span = 1;
    for (int i = 0; i < level; ++i) span *= layout_.block_size / 4;
    if (next_ >= limit_) return;
    if (block == 0) {
      next_ += span;
      return;
    }
    if (steps_ == 0 || block >= layout_.block_count) {
      out_.complete = false;
      next_ += span;
      return;
    }
    --steps_;
    if (level == 0) {
      append(block);
      return;
    }
    const std::uint64_t after = next_ + span;
    const auto raw = fetch_(block);
    if (raw) {
      ByteCursor cursor(*raw);
      const std::size_t count = raw->size() / 4;
      for (std::size_t i = 0; i < count && next_ < limit_; ++i) pointer(cursor.le<std::uint32_t>("block"), level - 1);
    } else {
      out_.complete = false;
    }
    next_ = after;
  }

  void append(std::uint64_t block) {
    if (!out_.runs.empty()) {
      ExtRun& last = out_.runs.back();
      if (last.file_block + last.count == next_ && last.block + last.count == block) {
        ++last.count;
        ++next_;
        return;
      }
    }
    out_.runs.push_back({next_, block, 1, false});
    ++next_;
  }

  const ExtLayout& layout_;
  const ExtBlockFetch& fetch_;
  std::uint64_t& steps_;
  ExtRuns& out_;
  std::uint64_t limit_;
  std::uint64_t next_ = 0;
};

}  // namespace

bool ExtInode::has_map() const {
  if (is_inline()) return size > 0;
  ByteCursor cursor(map);
  if (uses_extents()) {
    const auto magic = cursor.le<std::uint16_t>("eh_magic");
    return magic == kExtentMagic && cursor.le<std::uint16_t>("eh_entries") != 0;
  }
  return std::any_of(map.begin(), map.end(), [](std::byte b) { return b != std::byte{0}; });
}

std::optional<ExtInode> parse_ext_inode(Bytes raw) {
  ByteCursor cursor(raw);
  ExtInode inode;
  inode.mode = cursor.le<std::uint16_t>("i_mode");
  if (inode.mode == 0) return std::nullopt;
  inode.uid = cursor.le<std::uint16_t>("i_uid");
  inode.size = cursor.le<std::uint32_t>("i_size_lo");
  const auto accessed = cursor.le<std::uint32_t>("i_atime");
  const auto changed = cursor.le<std::uint32_t>("i_ctime");
  const auto modified = cursor.le<std::uint32_t>("i_mtime");
  inode.deleted_seconds = cursor.le<std::uint32_t>("i_dtime");
  inode.gid = cursor.le<std::uint16_t>("i_gid");
  inode.links = cursor.le<std::uint16_t>("i_links_count");
  cursor.skip(4, "i_blocks_lo");
  inode.flags = cursor.le<std::uint32_t>("i_flags");
  cursor.skip(4, "i_osd1");
  const Bytes map = cursor.take(60, "i_block");
  std::copy(map.begin(), map.end(), inode.map.begin());
  inode.generation = cursor.le<std::uint32_t>("i_generation");
  cursor.skip(4, "i_file_acl_lo");
  const std::uint64_t size_high = cursor.le<std::uint32_t>("i_size_high");
  if (inode.is_file()) inode.size |= size_high << 32;
  cursor.seek(0x78, "l_i_uid_high");
  inode.uid |= std::uint32_t{cursor.le<std::uint16_t>("l_i_uid_high")} << 16;
  inode.gid |= std::uint32_t{cursor.le<std::uint16_t>("l_i_gid_high")} << 16;
  if (!cursor.ok()) return std::nullopt;
  std::array<std::uint32_t, 5> fine{};  // ctime_extra, mtime_extra, atime_extra, crtime, crtime_extra
  bool extra = false;
  if (raw.size() >= 0x98) {
    cursor.seek(0x80, "i_extra_isize");
    extra = cursor.le<std::uint16_t>("i_extra_isize") >= 0x18;
    cursor.seek(0x84, "i_ctime_extra");
    for (std::uint32_t& each : fine) each = cursor.le<std::uint32_t>("extra time");
  }
  inode.times.changed = stamp(changed, fine[0], extra);
  inode.times.modified = stamp(modified, fine[1], extra);
  inode.times.accessed = stamp(accessed, fine[2], extra);
  if (extra) inode.times.created = stamp(fine[3], fine[4], true);
  return inode;
}

ExtRuns ext_runs(const ExtInode& inode, const ExtLayout& layout, const ExtBlockFetch& fetch, std::uint64_t& steps) {
  ExtRuns out;
  if (inode.is_inline() || !inode.has_map()) return out;
  if (inode.uses_extents()) {
    ExtentWalk(layout, fetch, steps, out).node(inode.map, std::nullopt);
  } else {
    const std::uint64_t blocks = inode.size / layout.block_size + (inode.size % layout.block_size != 0 ? 1 : 0);
    IndirectWalk(layout, fetch, steps, out, blocks).inode(inode.map);
  }
  return out;
}

std::vector<Extent> ext_extents(const ExtRuns& runs, const ExtLayout& layout, std::uint64_t size) {
  std::vector<Extent> out;
  std::uint64_t done = 0;  // bytes of the content
  const auto hole_to = [&](std::uint64_t end) {
    end = std::min(end, size);
    if (end <= done) return;
    append_extent(out, Extent{ByteOffset{0}, ByteCount{end - done}, true});
    done = end;
  };
  for (const ExtRun& run : runs.runs) {
    const std::uint64_t begin = run.file_block * layout.block_size;
    if (begin >= size) break;
    hole_to(begin);
    const std::uint64_t length = std::min(run.count * layout.block_size, size - begin);
    append_extent(out, run.unwritten ? Extent{ByteOffset{0}, ByteCount{length}, true}
                                     : Extent{ByteOffset{layout.place(run.block)}, ByteCount{length}, false});
    done = begin + length;
  }
  hole_to(size);
  return out;
}

}  // namespace triage
