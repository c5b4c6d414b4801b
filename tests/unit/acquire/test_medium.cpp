// SPDX-License-Identifier: Apache-2.0
#include "acquire/aligned_buffer.h"
#include "acquire_fixture.h"
#include "doctest/doctest.h"

using namespace triage;
using namespace triage::testing;

namespace {

constexpr std::size_t kSize = 4U << 20;

std::vector<ReadFault> read_whole(FakeMedium& medium, RetryPolicy policy, std::vector<std::byte>& out) {
  SectorReader reader(medium, policy);
  const std::size_t size = medium.size().value;
  AlignedBuffer buffer((size + 4095) / 4096 * 4096);
  std::vector<ReadFault> faults;
  REQUIRE(reader.read(ByteOffset{0}, buffer.span(), size, faults).has_value());
  out.assign(buffer.span().begin(), buffer.span().begin() + static_cast<std::ptrdiff_t>(size));
  return faults;
}

}  // namespace

TEST_CASE("AM-06 AM-08 AM-10: every good sector is read in its place, a bad one is zeros and nothing else is") {
  const auto source = stamped(kSize);
  FakeMedium medium(source);
  medium.bad = {700, 1801, 1802, 1803, 1804, 1805, 1806, 1807, 1808};
  for (std::uint64_t sector = 3000; sector < 5048; ++sector) medium.bad.insert(sector);
  std::vector<std::byte> got;
  const auto faults = read_whole(medium, {}, got);
  std::uint64_t wrong = 0;
  for (std::uint64_t sector = 0; sector < kSize / 512; ++sector) {
    const auto at = static_cast<std::ptrdiff_t>(sector * 512);
    const bool zero =
        std::all_of(got.begin() + at, got.begin() + at + 512, [](std::byte b) { return b == std::byte{0}; });
    const bool same = std::equal(got.begin() + at, got.begin() + at + 512, source.begin() + at);
    if (medium.bad.contains(sector) ? !zero : !same) ++wrong;
  }
  CHECK(wrong == 0);
  REQUIRE(faults.size() == 3);  // AM-09: where and why
  CHECK(faults[0].at.value == 700 * 512);
  CHECK(faults[0].length.value == 512);
  CHECK(faults[1].at.value == 1801 * 512);
  CHECK(faults[1].length.value == 8 * 512);
  CHECK(faults[2].length.value == 2048 * 512);
  CHECK(faults[2].sys_errno == EIO);
}

TEST_CASE("reader: a bad sector of 4096 bytes is one fault of 4096 bytes") {
  FakeMedium medium(stamped(kSize), 4096);
  medium.bad = {5};
  std::vector<std::byte> got;
  const auto faults = read_whole(medium, {}, got);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at.value == 5 * 4096);
  CHECK(faults[0].length.value == 4096);
}

TEST_CASE("reader: a source that ends inside a sector is read to its last byte") {
  const auto source = stamped(100'000);
  FakeMedium medium(source);
  std::vector<std::byte> got;
  CHECK(read_whole(medium, {}, got).empty());
  CHECK(got == source);
}

TEST_CASE("reader: a bad last sector of a source that ends inside it is a fault up to the end only") {
  FakeMedium medium(stamped(100'000));
  medium.bad = {100'000 / 512};
  std::vector<std::byte> got;
  const auto faults = read_whole(medium, {}, got);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at.value + faults[0].length.value == 100'000);
}

TEST_CASE("reader: retries bring back a sector that gives on its third attempt") {
  const auto source = stamped(kSize);
  FakeMedium first(source);
  first.weak = {400};
  first.bad = {900};
  std::vector<std::byte> got;
  auto faults = read_whole(first, {0, false}, got);
  // Splitting asks for the sector several times, so a weak one may come by itself; a bad one never does.
  CHECK(faults.back().at.value == 900 * 512);
  FakeMedium second(source);
  second.weak = {400};
  faults = read_whole(second, {3, false}, got);
  CHECK(faults.empty());
  CHECK(got == source);
}

TEST_CASE("reader: the reverse pass asks from the back") {
  FakeMedium medium(stamped(kSize));
  medium.bad = {100, 101, 102};
  std::vector<std::byte> got;
  read_whole(medium, {0, true}, got);
  REQUIRE(medium.asked.size() > 3);
  const std::vector<std::uint64_t> last(medium.asked.end() - 3, medium.asked.end());
  CHECK(last == std::vector<std::uint64_t>{102, 101, 100});
}

TEST_CASE("reader: a medium that went away is an error, not a bad sector") {
  FakeMedium medium(stamped(kSize));
  medium.gone_at = 1U << 20;
  SectorReader reader(medium, {});
  AlignedBuffer buffer(kSize);
  std::vector<ReadFault> faults;
  const auto status = reader.read(ByteOffset{0}, buffer.span(), kSize, faults);
  REQUIRE(!status);
  CHECK(status.error().code == ErrorCode::kUnreadable);
  CHECK(status.error().sys_errno == ENODEV);
}
