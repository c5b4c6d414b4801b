// SPDX-License-Identifier: Apache-2.0
#include "acquire/error_map.h"
#include "acquire/merkle.h"
#include "bytes/digest.h"
#include "doctest/doctest.h"

using namespace triage;

TEST_CASE("map: what ddrescue 1.27 wrote of a disk with two bad areas is understood") {
  const auto map = ErrorMap::parse(
      "# Mapfile. Created by GNU ddrescue version 1.27\n"
      "# Command line: ddrescue -d /dev/loop0 out.img out.map\n"
      "# current_pos  current_status  current_pass\n"
      "0x0005DE00     +               1\n"
      "#      pos        size  status\n"
      "0x00000000  0x00057800  +\n"
      "0x00057800  0x00000200  -\n"
      "0x00057A00  0x00006400  +\n"
      "0x0005DE00  0x00000400  /\n"
      "0x0005E200  0x000A1E00  ?\n");
  REQUIRE(map.has_value());
  REQUIRE(map->runs().size() == 5);
  CHECK(map->runs()[1] == ErrorMap::Run{0x57800, 0x200, MapStatus::kBad});
  CHECK(map->status_at(0x57900).first == MapStatus::kBad);
  CHECK(map->status_at(0x57900).second == 0x57A00);
  CHECK(map->status_at(0x5DE00).first == MapStatus::kUnscraped);
  CHECK(map->status_at(0x900000).first == MapStatus::kUntried);
}

TEST_CASE("map: gaps are untried, decimal and octal numbers are read") {
  const auto map = ErrorMap::parse("0 ?\n1024 512 +\n010000 512 -\n");
  REQUIRE(map.has_value());
  CHECK(map->status_at(0).first == MapStatus::kUntried);
  CHECK(map->status_at(0).second == 1024);
  CHECK(map->status_at(1024).first == MapStatus::kRescued);
  CHECK(map->status_at(4096).first == MapStatus::kBad);
}

TEST_CASE("map: overlapping runs, unknown states and missing parts are named by line") {
  for (const char* wrong : {"", "0 ?\n0 512 +\n256 512 +\n", "0 ?\n0 512 x\n", "0 ?\n0 512\n",
                            "0 ?\n0xffffffffffffffff 2 +\n", "0 ?\nzero 2 +\n"}) {
    const auto map = ErrorMap::parse(wrong);
    CHECK_MESSAGE(!map, wrong);
    if (!map) CHECK(map.error().code == ErrorCode::kUsage);
  }
}

TEST_CASE("map: what is written is what is read") {
  const auto map = ErrorMap::of(10'000, 8192, {{512, 512}, {4096, 1024}});
  const auto again = ErrorMap::parse(map.text({"made by a test"}));
  REQUIRE(again.has_value());
  CHECK(again->runs() == map.runs());
  CHECK(map.runs().back() == ErrorMap::Run{8192, 10'000 - 8192, MapStatus::kUntried});
}

namespace {

/// RFC 6962 §2.1 as it is written there, recursive.
std::string tree_hash(const std::vector<ChunkDigest>& leaves) {
  const auto text = [](const auto& bytes) { return std::string(as_chars(Bytes(bytes))); };
  if (leaves.size() == 1) return text(sha256_raw(as_byte_span(std::string(1, '\0') + text(leaves[0]))));
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const std::vector<ChunkDigest> left(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(k));
  const std::vector<ChunkDigest> right(leaves.begin() + static_cast<std::ptrdiff_t>(k), leaves.end());
  return text(sha256_raw(as_byte_span("\x01" + tree_hash(left) + tree_hash(right))));
}

}  // namespace

TEST_CASE("merkle: the root is that of RFC 6962 for 1 to 40 chunks") {
  std::vector<ChunkDigest> leaves;
  MerkleTree tree;
  CHECK(tree.root_hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (int i = 0; i < 40; ++i) {
    leaves.push_back(sha256_raw(as_byte_span(std::to_string(i))));
    tree.add(leaves.back());
    CHECK(std::string(as_chars(Bytes(tree.root()))) == tree_hash(leaves));
  }
}
