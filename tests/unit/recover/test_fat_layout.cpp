// SPDX-License-Identifier: Apache-2.0
#include "recover/fat_layout.h"

#include <doctest/doctest.h>

#include "memory_source.h"

using namespace triage;
using triage::testing::MemorySource;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

FatLayout small_layout() {
  FatLayout layout;
  layout.first = 0;
  layout.cluster = 1024;
  layout.count = 1000;
  return layout;
}

FatFile file(std::uint64_t start, std::uint64_t clusters, std::int64_t created, std::int64_t last_write) {
  return {start, clusters, created * kSecond, last_write * kSecond, false, true};
}

RangeSet all_free() {
  RangeSet free;
  free.insert({0, 1000 * 1024});
  return free;
}

}  // namespace

TEST_CASE("fat: the layout that DFTT image 6 publishes follows from first clusters, sizes and times") {
  // Clusters and fragments: dftt.sf.net test 6, "Layout"; times of its directory entries, in seconds after 12:50.
  const std::vector<FatFile> files = {
      file(1, 2, 48, 76),       // frag1: 1, 3
      file(2, 4, 61, 174),      // frag2: 2, 4-5, 11
      file(6, 1, 124, 126),     // sing
      file(7, 4, 145, 30'644),  // mult1: written again later
      file(14, 2, 246, 268),    // frag3: 14, 17
      file(15, 2, 260, 262),    // mult2
      file(12, 1, 200, 200),    // dir1
      file(13, 1, 200, 200),    // dir2
  };
  const std::vector<FatChain> chains = replay_fat_writes(small_layout(), all_free(), files);
  REQUIRE(chains.size() == files.size());
  CHECK(chains[0] == FatChain{{1, 1}, {3, 1}});
  CHECK(chains[1] == FatChain{{2, 1}, {4, 2}, {11, 1}});
  CHECK(chains[2] == FatChain{{6, 1}});
  CHECK(chains[3] == FatChain{{7, 4}});
  CHECK(chains[4] == FatChain{{14, 1}, {17, 1}});
  CHECK(chains[5] == FatChain{{15, 2}});
}

TEST_CASE("fat: a file steps over clusters in use and over a deleted one that was there before, not over a gone one") {
  RangeSet free = all_free();
  RangeSet used;
  used.insert({12 * 1024, 14 * 1024});
  RangeSet left;
  for (const ByteRange part : used.outside({0, 1000 * 1024})) left.insert(part);
  std::vector<FatFile> files = {file(10, 6, 100, 100), file(16, 2, 50, 50)};
  CHECK(replay_fat_writes(small_layout(), left, files)[0] == FatChain{{10, 2}, {14, 2}, {18, 2}});
  files[1].gone = true;
  CHECK(replay_fat_writes(small_layout(), left, files)[0] == FatChain{{10, 2}, {14, 4}});
  files[1] = file(16, 2, 500, 500);  // came later: it lies on the first one's clusters
  CHECK(replay_fat_writes(small_layout(), left, files)[0] == FatChain{{10, 2}, {14, 4}});
}

TEST_CASE("fat: an older file that nothing vouches for does not part a younger one; one made meanwhile does") {
  std::vector<FatFile> files = {file(10, 6, 100, 100), file(12, 2, 50, 50)};
  files[1].vouched = false;
  CHECK(replay_fat_writes(small_layout(), all_free(), files)[0] == FatChain{{10, 6}});
  files[0] = file(10, 6, 40, 100);
  CHECK(replay_fat_writes(small_layout(), all_free(), files)[0] == FatChain{{10, 2}, {14, 4}});
}

TEST_CASE("fat: a file written inside the clusters of one deleted before is not pushed behind it") {
  const std::vector<FatFile> files = {file(10, 100, 50, 50), file(20, 5, 100, 100)};
  const std::vector<FatChain> chains = replay_fat_writes(small_layout(), all_free(), files);
  CHECK(chains[0] == FatChain{{10, 100}});
  CHECK(chains[1] == FatChain{{20, 5}});
}

TEST_CASE("fat: absurd sizes and starts end at the volume") {
  const FatLayout layout = small_layout();
  const RangeSet free = all_free();
  CHECK(lay_out(layout, free, {}, 990, ~std::uint64_t{0}) == FatChain{{990, 10}});
  CHECK(lay_out(layout, free, {}, 1000, 5).empty());
  CHECK(lay_out(layout, RangeSet{}, {}, 5, 5) == FatChain{{5, 1}});
  std::vector<FatFile> storm;
  for (std::uint64_t i = 0; i < 3000; ++i) storm.push_back(file(i % 1000, ~std::uint64_t{0}, 5, 5));
  CHECK(replay_fat_writes(layout, free, storm).size() == 3000);
}

TEST_CASE("fat: boot sectors of FAT16, FAT32 and exFAT, and what is none") {
  MemorySource image{1 << 20};
  ImageBytes bytes(image, 1 << 20);
  CHECK_FALSE(read_fat_layout(bytes, 0).has_value());
  image.put(510, "\x55\xaa");
  image.le(11, 512, 2);
  image.le(13, 4, 1);
  image.le(14, 1, 2);
  image.le(16, 2, 1);
  image.le(17, 512, 2);   // root entries: 32 sectors
  image.le(19, 2000, 2);  // sectors
  image.le(22, 8, 2);     // sectors of one FAT
  auto layout = read_fat_layout(bytes, 0);
  REQUIRE(layout.has_value());
  CHECK(layout->first == (1 + 16 + 32) * 512);
  CHECK(layout->cluster == 2048);
  CHECK(layout->count == (2000 - 49) / 4);
  image.le(13, 3, 1);  // no power of two
  CHECK_FALSE(read_fat_layout(bytes, 0).has_value());
  image.put(3, "EXFAT   ");
  image.le(88, 256, 4);
  image.le(92, 400, 4);
  image.le(108, 9, 1);
  image.le(109, 2, 1);
  layout = read_fat_layout(bytes, 0);
  REQUIRE(layout.has_value());
  CHECK(layout->first == 256 * 512);
  CHECK(layout->cluster == 2048);
  CHECK(layout->count == 400);
  image.le(108, 200, 1);
  CHECK_FALSE(read_fat_layout(bytes, 0).has_value());
}
