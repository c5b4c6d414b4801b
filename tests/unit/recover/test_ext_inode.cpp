// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_inode.h"

#include <doctest/doctest.h>

#include "memory_source.h"
#include "recover/ext_directory.h"

using namespace triage;
using triage::testing::MemorySource;

namespace {

ExtLayout small_layout() {
  ExtLayout layout;
  layout.block_count = 1000;
  layout.block_size = 1024;
  layout.inode_count = 100;
  layout.inode_size = 256;
  layout.inodes_per_group = 100;
  return layout;
}

struct Inode {
  MemorySource raw{256};
  Inode(std::uint32_t flags, std::uint64_t size) {
    raw.le(0, 0x81a4, 2);
    raw.le(4, size & 0xffffffff, 4);
    raw.le(0x1a, 1, 2);
    raw.le(0x20, flags, 4);
    raw.le(0x6c, size >> 32, 4);
  }
  [[nodiscard]] ExtInode parse() const {
    const auto inode = parse_ext_inode(raw.bytes);
    REQUIRE(inode.has_value());
    return *inode;
  }
};

void extent(MemorySource& node, std::size_t at, std::uint32_t file_block, std::uint32_t length, std::uint64_t block) {
  node.le(at, file_block, 4);
  node.le(at + 4, length, 2);
  node.le(at + 6, block >> 32, 2);
  node.le(at + 8, block & 0xffffffff, 4);
}

}  // namespace

TEST_CASE("ext: times carry nanoseconds and the epoch bits beyond 2038") {
  Inode inode(0x80000, 10);
  inode.raw.le(0x10, 0x80000000U, 4);             // mtime: 2^31 as a signed number
  inode.raw.le(0x80, 32, 2);                      // i_extra_isize
  inode.raw.le(0x88, (123456789U << 2) | 1U, 4);  // one epoch on: 2038-01-19T03:14:08Z
  CHECK(inode.parse().times.modified.text() == "2038-01-19T03:14:08.123456789Z");
}

TEST_CASE("ext: an extent tree gives placed runs, holes and unwritten parts") {
  Inode inode(0x80000, 7 * 1024 + 5);
  inode.raw.le(0x28, 0xf30a, 2);
  inode.raw.le(0x2a, 3, 2);
  extent(inode.raw, 0x34, 0, 2, 500);
  extent(inode.raw, 0x40, 3, 0x8000 + 2, 600);
  extent(inode.raw, 0x4c, 5, 8, 700);
  std::uint64_t steps = 100;
  const ExtLayout layout = small_layout();
  const ExtRuns runs = ext_runs(
      inode.parse(), layout, [](std::uint64_t) { return std::nullopt; }, steps);
  CHECK(runs.complete);
  const std::vector<Extent> extents = ext_extents(runs, layout, 7 * 1024 + 5);
  REQUIRE(extents.size() == 3);
  CHECK(extents[0] == Extent{ByteOffset{500 * 1024}, ByteCount{2048}, false});
  CHECK(extents[1] == Extent{ByteOffset{0}, ByteCount{3 * 1024}, true});
  CHECK(extents[2] == Extent{ByteOffset{700 * 1024}, ByteCount{2 * 1024 + 5}, false});
}

TEST_CASE("ext: an extent index that points at itself ends, and says that it is not whole") {
  Inode inode(0x80000, 1 << 20);
  inode.raw.le(0x28, 0xf30a, 2);
  inode.raw.le(0x2a, 1, 2);
  inode.raw.le(0x2e, 5, 2);  // depth
  inode.raw.le(0x38, 42, 4);
  MemorySource node{1024};
  node.le(0, 0xf30a, 2);
  node.le(2, 84, 2);
  node.le(6, 4, 2);
  for (std::size_t i = 0; i < 84; ++i) node.le(12 + i * 12 + 4, 42, 4);
  std::uint64_t steps = 10'000;
  const ExtRuns runs = ext_runs(
      inode.parse(), small_layout(), [&](std::uint64_t) { return std::optional(node.bytes); }, steps);
  CHECK_FALSE(runs.complete);
  CHECK(runs.runs.empty());
}

TEST_CASE("ext: indirect blocks are followed to the file's size") {
  Inode inode(0, 14 * 1024);
  for (std::size_t i = 0; i < 12; ++i) inode.raw.le(0x28 + 4 * i, 200 + i, 4);
  inode.raw.le(0x28 + 48, 212, 4);
  MemorySource pointers{1024};
  for (std::size_t i = 0; i < 256; ++i) pointers.le(4 * i, 213 + i, 4);
  std::uint64_t steps = 100;
  const ExtLayout layout = small_layout();
  const ExtRuns runs = ext_runs(
      inode.parse(), layout,
      [&](std::uint64_t block) { return block == 212 ? std::optional(pointers.bytes) : std::nullopt; }, steps);
  CHECK(runs.complete);
  const std::vector<Extent> extents = ext_extents(runs, layout, 14 * 1024);
  REQUIRE(extents.size() == 2);
  CHECK(extents[0] == Extent{ByteOffset{200 * 1024}, ByteCount{12 * 1024}, false});
  CHECK(extents[1] == Extent{ByteOffset{213 * 1024}, ByteCount{2 * 1024}, false});
}

TEST_CASE("ext: self-pointing indirect blocks and an absurd size cost steps, not time") {
  Inode inode(0, ~std::uint64_t{0} >> 1);
  for (std::size_t i = 0; i < 15; ++i) inode.raw.le(0x28 + 4 * i, 7, 4);
  MemorySource self{1024};
  for (std::size_t i = 0; i < 256; ++i) self.le(4 * i, 7, 4);
  std::uint64_t steps = 5000;
  const ExtRuns runs = ext_runs(
      inode.parse(), small_layout(), [&](std::uint64_t) { return std::optional(self.bytes); }, steps);
  CHECK_FALSE(runs.complete);
  CHECK(steps == 0);
  CHECK(runs.runs.size() <= 5000);
}

TEST_CASE("ext directory: entries, and a deleted one inside its neighbour") {
  MemorySource block{1024};
  const auto entry = [&](std::size_t at, std::uint32_t inode, std::uint16_t length, std::string_view name) {
    block.le(at, inode, 4);
    block.le(at + 4, length, 2);
    block.le(at + 6, name.size(), 1);
    block.le(at + 7, 1, 1);
    block.put(at + 8, name);
  };
  entry(0, 11, 12, ".");
  entry(12, 2, 12, "..");
  entry(24, 20, 1000, "kept.txt");
  entry(40, 21, 984, "gone.txt");
  const ExtDirectoryBlock found = parse_ext_directory(block.bytes, 100, true);
  CHECK(found.sound);
  CHECK(found.self == 11);
  CHECK(found.parent == 2);
  REQUIRE(found.entries.size() == 2);
  CHECK(found.entries[0].name == "kept.txt");
  CHECK_FALSE(found.entries[0].deleted);
  CHECK(found.entries[1].name == "gone.txt");
  CHECK(found.entries[1].inode == 21);
  CHECK(found.entries[1].deleted);
  block.le(28, 6, 2);  // a length that is too short for its name
  const ExtDirectoryBlock damaged = parse_ext_directory(block.bytes, 100, true);
  CHECK_FALSE(damaged.sound);
  CHECK(damaged.entries.empty());
}
