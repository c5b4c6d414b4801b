// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "evidence/stream_map.h"

using namespace triage;

namespace {
Extent placed(std::uint64_t at, std::uint64_t length) { return {ByteOffset{at}, ByteCount{length}, false}; }
Stream owning(const char* key, std::vector<Extent> extents) {
  Stream stream;
  stream.key = key;
  stream.extents = std::move(extents);
  return stream;
}
}  // namespace

TEST_CASE("range set: touching ranges become one and overlaps are seen") {
  RangeSet set;
  set.insert({10, 20});
  set.insert({30, 40});
  CHECK_FALSE(set.overlaps({20, 30}));
  CHECK(set.overlaps({19, 21}));
  CHECK(set.overlaps({0, 100}));
  set.insert({20, 30});
  CHECK(set.size() == 1);
  CHECK(set.outside({0, 50}) == std::vector<ByteRange>{{0, 10}, {40, 50}});
  CHECK(set.outside({12, 18}).empty());
}

TEST_CASE("range set: agrees with a plain bitmap on random input") {
  std::uint32_t state = 7;
  const auto next = [&state] { return state = state * 1664525U + 1013904223U, state >> 16; };
  for (int round = 0; round < 200; ++round) {
    RangeSet set;
    std::vector<bool> bits(256);
    for (int step = 0; step < 30; ++step) {
      const std::uint64_t begin = next() % 256;
      const std::uint64_t end = begin + next() % (257 - begin);
      bool any = false;
      for (std::uint64_t i = begin; i < end; ++i) any = any || bits[i];
      REQUIRE(set.overlaps({begin, end}) == any);
      set.insert({begin, end});
      for (std::uint64_t i = begin; i < end; ++i) bits[i] = true;
      std::vector<bool> free(256);
      for (const ByteRange range : set.outside({0, 256})) {
        for (std::uint64_t i = range.begin; i < range.end; ++i) free[i] = true;
      }
      for (std::size_t i = 0; i < 256; ++i) REQUIRE(free[i] != bits[i]);
    }
  }
}

TEST_CASE("stream map: a stream that meets claimed bytes, or its own twice, owns nothing") {
  StreamMap map;
  CHECK(map.claim(std::vector{placed(0, 100), placed(200, 100)}));
  CHECK_FALSE(map.claim(std::vector{placed(100, 50), placed(299, 10)}));
  CHECK_FALSE(map.claim(std::vector{placed(400, 50), placed(420, 50)}));
  CHECK(map.claim(std::vector{placed(100, 100), Extent{ByteOffset{0}, ByteCount{50}, true}}));
  CHECK(map.unclaimed({0, 500}) == std::vector<ByteRange>{{300, 500}});
}

TEST_CASE("partition check: holes, doubles, and bytes past the image are faults; views and sparse runs do not count") {
  CHECK(check_partition(std::vector{owning("a", {placed(0, 10)}), owning("b", {placed(10, 5)})}, ByteCount{15}).ok());
  CHECK(check_partition(std::vector{owning("a", {placed(0, 10)})}, ByteCount{15}).missing == 5);
  CHECK(
      check_partition(std::vector{owning("a", {placed(0, 10)}), owning("b", {placed(8, 7)})}, ByteCount{15}).doubled ==
      2);
  CHECK_FALSE(check_partition(std::vector{owning("a", {placed(0, 16)})}, ByteCount{15}).ok());
  Stream view = owning("c", {placed(3, 3)});
  view.view = true;
  Stream sparse = owning("d", {Extent{ByteOffset{0}, ByteCount{99}, true}});
  CHECK(check_partition(std::vector{owning("a", {placed(0, 15)}), view, sparse}, ByteCount{15}).ok());
}

TEST_CASE("extents: runs that touch are joined, empty ones dropped") {
  std::vector<Extent> extents;
  append_extent(extents, placed(0, 0));
  append_extent(extents, placed(0, 10));
  append_extent(extents, placed(10, 10));
  append_extent(extents, Extent{ByteOffset{7}, ByteCount{5}, true});
  append_extent(extents, Extent{ByteOffset{9}, ByteCount{5}, true});
  append_extent(extents, placed(20, 1));
  CHECK(extents == std::vector{placed(0, 20), Extent{ByteOffset{0}, ByteCount{10}, true}, placed(20, 1)});
}
