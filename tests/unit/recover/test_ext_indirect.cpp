// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_indirect.h"

#include <doctest/doctest.h>

#include "memory_source.h"

using namespace triage;
using triage::testing::MemorySource;

namespace {

constexpr std::size_t kBlock = 1024;

struct Volume {
  MemorySource image{600 * kBlock};
  ExtLayout layout;
  Volume() {
    layout.block_count = 600;
    layout.block_size = kBlock;
    for (std::size_t i = 0; i < image.bytes.size(); ++i) image.bytes[i] = static_cast<std::byte>(i * 7 + i / 1024);
  }
  void pointers(std::size_t block, const std::vector<std::uint32_t>& numbers) {
    for (std::size_t i = 0; i < kBlock / 4; ++i)
      image.le(block * kBlock + 4 * i, i < numbers.size() ? numbers[i] : 0, 4);
  }
  [[nodiscard]] IndirectBlocks find(std::uint64_t budget = 1 << 24) {
    ImageBytes bytes(image, budget);
    return find_indirect_blocks(bytes, layout, {Extent{ByteOffset{0}, ByteCount{600 * kBlock}, false}});
  }
};

std::vector<std::uint32_t> row(std::uint32_t first, std::size_t count) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < count; ++i) out.push_back(first + i);
  return out;
}

std::vector<std::uint64_t> blocks_of(const IndirectBlocks& found) {
  std::vector<std::uint64_t> out;
  for (const auto& [block, pointers] : found.blocks) out.push_back(block);
  return out;
}

}  // namespace

TEST_CASE("ext2: indirect and double indirect blocks of a deleted file are found among its data") {
  Volume volume;
  volume.pointers(32, row(33, 256));  // blocks 20-31, indirect, 256 blocks
  volume.pointers(289, {290});        // double indirect
  volume.pointers(290, row(291, 5));
  CHECK(blocks_of(volume.find()) == std::vector<std::uint64_t>{32, 289, 290});
  const std::vector<IndirectFile> files = indirect_files(volume.find().blocks, volume.layout);
  REQUIRE(files.size() == 1);
  CHECK(files[0].top == 32);
  REQUIRE(files[0].blocks.size() == 12 + 256 + 5);
  CHECK(files[0].blocks.front() == 20);
  CHECK(files[0].blocks.back() == 295);
}

TEST_CASE("ext2: data that looks a little like pointers stays data") {
  Volume volume;
  volume.pointers(40, {500, 3, 77, 12, 400, 9, 311, 44, 2});  // no order
  volume.pointers(50, {99});                                  // one number, not the next block
  volume.pointers(60, {61, 0, 62});                           // goes on after the end
  volume.pointers(70, {71, 300});                             // a double one whose second block is none
  volume.pointers(71, row(72, 200));
  volume.pointers(80, {80, 80, 80, 80});  // points at itself
  CHECK(blocks_of(volume.find()) == std::vector<std::uint64_t>{71});
  CHECK(volume.find(100).cut);
}
