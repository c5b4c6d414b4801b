// SPDX-License-Identifier: Apache-2.0
#include "recover/claims.h"

#include <doctest/doctest.h>

using namespace triage;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Case {
  VolumeFacts volume;
  std::vector<HeldStream> held;
  explicit Case(const std::string& file_system) {
    volume.file_system = file_system;
    volume.free.insert({0, 100'000});
  }
  void file(std::uint64_t at, std::uint64_t length, std::optional<std::int64_t> changed) {
    HeldStream one;
    one.stream.meta.emplace();
    one.stream.meta->times.changed.utc_nanos = changed;
    one.stream.extents.push_back({ByteOffset{at}, ByteCount{length}, false});
    volume.held.push_back(held.size());
    held.push_back(one);
  }
};

}  // namespace

TEST_CASE("claims: of two deleted files with the same blocks the younger holds them") {
  Case one("ntfs");
  one.file(1000, 1000, 5 * kSecond);
  one.file(1500, 1000, 9 * kSecond);
  settle_claims(one.volume, one.held);
  CHECK(one.held[0].stream.availability == Availability::kOverwritten);
  CHECK(one.held[0].stream.survive_percent == 50);
  CHECK(one.held[1].stream.availability == Availability::kWhole);
}

TEST_CASE("claims: blocks in use now are lost, whatever the age") {
  Case one("ext4");
  one.file(99'000, 4000, 5 * kSecond);
  settle_claims(one.volume, one.held);
  CHECK(one.held[0].stream.availability == Availability::kOverwritten);
  CHECK(one.held[0].stream.survive_percent == 25);
}

TEST_CASE("claims: where the stamps decide nothing neither is called complete") {
  Case one("fat32");
  one.file(1000, 1000, 5 * kSecond);
  one.file(1500, 1000, 6 * kSecond);
  one.file(5000, 10, std::nullopt);
  settle_claims(one.volume, one.held);
  CHECK(one.held[0].stream.availability == Availability::kWhole);
  CHECK(one.held[0].stream.inferred);
  CHECK(one.held[1].stream.inferred);
  CHECK_FALSE(one.held[2].stream.inferred);
}
