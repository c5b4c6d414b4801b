// SPDX-License-Identifier: Apache-2.0
#include "recover/jbd2_log.h"

#include <doctest/doctest.h>

#include <array>

#include "memory_source.h"
#include "recover/crc32c.h"

using namespace triage;
using triage::testing::MemorySource;

namespace {

constexpr std::size_t kBlock = 1024;

struct Journal {
  MemorySource image{kBlock * 16};
  std::vector<std::uint64_t> places;

  explicit Journal(std::uint32_t incompat) {
    for (std::uint64_t i = 0; i < 16; ++i) places.push_back(i * kBlock);
    header(0, 4, 0);
    image.be(0x0c, kBlock, 4);
    image.be(0x10, 16, 4);
    image.be(0x14, 1, 4);
    image.be(0x18, 50, 4);  // the next transaction
    image.be(0x28, incompat, 4);
    image.put(0x30, "0123456789abcdef");
  }
  void header(std::size_t block, std::uint32_t type, std::uint32_t sequence) {
    image.be(block * kBlock, 0xc03b3998, 4);
    image.be(block * kBlock + 4, type, 4);
    image.be(block * kBlock + 8, sequence, 4);
  }
  /// Sum of a block as journal.rst describes it: UUID, sequence, block.
  [[nodiscard]] std::uint32_t sum(std::size_t block, std::uint32_t sequence) const {
    const std::array<std::byte, 4> number = {std::byte{0}, std::byte{0}, std::byte{0},
                                             static_cast<std::byte>(sequence)};
    const std::uint32_t seed = crc32c(number, crc32c(Bytes(image.bytes).subspan(0x30, 16), ~0U));
    return crc32c(Bytes(image.bytes).subspan(block * kBlock, kBlock), seed);
  }
  [[nodiscard]] JournalLog read(std::size_t most = 100) {
    ImageBytes bytes(image, 1 << 20);
    return read_journal(bytes, places, kBlock, most);
  }
};

}  // namespace

TEST_CASE("crc32c: the vectors of RFC 3720 B.4") {
  std::vector<std::byte> zeros(32);
  CHECK((crc32c(zeros, ~0U) ^ ~0U) == 0x8a9136aaU);
  std::vector<std::byte> ones(32, std::byte{0xff});
  CHECK((crc32c(ones, ~0U) ^ ~0U) == 0x62a8ab43U);
  std::vector<std::byte> counting;
  for (unsigned i = 0; i < 31; ++i) counting.push_back(static_cast<std::byte>(i));
  counting.push_back(std::byte{31});
  CHECK((crc32c(counting, ~0U) ^ ~0U) == 0x46dd794eU);
}

TEST_CASE("jbd2: old 32-bit tags name the blocks that follow, the escape is undone") {
  Journal journal(0);
  journal.header(3, 1, 40);
  journal.image.be(3 * kBlock + 12, 777, 4);
  journal.image.be(3 * kBlock + 16, 0, 4);  // no flags: a UUID follows
  journal.image.be(3 * kBlock + 20 + 16, 888, 4);
  journal.image.be(3 * kBlock + 24 + 16, 1 | 2 | 8, 4);  // escaped, same UUID, last
  journal.image.put(4 * kBlock, "first");
  journal.image.put(5 * kBlock + 4, "tail");
  const JournalLog log = journal.read();
  REQUIRE(log.copies.size() == 2);
  CHECK(log.fault.empty());
  CHECK(log.transactions == 1);
  CHECK(log.copies[0].block == 777);
  CHECK(log.copies[0].place == 4 * kBlock);
  CHECK(log.copies[0].order == -10);
  CHECK(log.copies[1].block == 888);
  ImageBytes bytes(journal.image, 1 << 20);
  const auto block = journal_block(bytes, log.copies[1], kBlock);
  REQUIRE(block.has_value());
  CHECK(has_at(*block, 0, "\xc0\x3b\x39\x98tail"));
}

TEST_CASE(
    "jbd2: 64-bit tags with checksums v3 that run over the end of the ring; a block overwritten since is left out") {
  Journal journal(0x2 | 0x10);
  journal.header(14, 1, 41);
  journal.image.put(15 * kBlock, "kept");
  journal.image.put(1 * kBlock, "newer bytes");
  journal.image.be(14 * kBlock + 12, 5, 4);
  journal.image.be(14 * kBlock + 16, 2, 4);
  journal.image.be(14 * kBlock + 20, 1, 4);  // high half
  journal.image.be(14 * kBlock + 24, journal.sum(15, 41), 4);
  journal.image.be(14 * kBlock + 28, 6, 4);
  journal.image.be(14 * kBlock + 32, 2 | 8, 4);
  journal.image.be(14 * kBlock + 40, 0xdeadbeef, 4);
  const JournalLog log = journal.read();
  REQUIRE(log.copies.size() == 1);
  CHECK(log.copies[0].block == 0x100000005ULL);
  CHECK(log.copies[0].place == 15 * kBlock);
  CHECK(log.bad_checksums == 1);
}

TEST_CASE("jbd2: tags with checksums v2 are ten bytes without 64-bit and fourteen with") {
  for (const bool wide : {false, true}) {
    Journal journal(0x8 | (wide ? 0x2U : 0U));
    journal.header(2, 1, 42);
    const std::size_t step = wide ? 14 : 10;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::size_t at = 2 * kBlock + 12 + i * step;
      journal.image.be(at, 100 + i, 4);
      journal.image.be(at + 4, journal.sum(3 + i, 42) & 0xffff, 2);
      journal.image.be(at + 6, i == 1 ? 2 | 8 : 2, 2);
    }
    const JournalLog log = journal.read();
    REQUIRE(log.copies.size() == 2);
    CHECK(log.copies[1].block == 101);
    CHECK(log.copies[1].place == 4 * kBlock);
  }
}

TEST_CASE("jbd2: what is no journal, a cut one and too many copies are said") {
  Journal journal(0);
  journal.header(3, 1, 40);
  journal.image.be(3 * kBlock + 16, 2, 4);  // never "last": tags up to the end of the block
  for (std::size_t at = 12; at + 8 <= kBlock; at += 8) journal.image.be(3 * kBlock + at + 4, 2, 4);
  const JournalLog all = journal.read(1000);
  CHECK(all.copies.size() == (kBlock - 12) / 8);
  const JournalLog few = journal.read(3);
  CHECK(few.copies.size() == 3);
  CHECK_FALSE(few.fault.empty());
  journal.places.resize(3);  // the map of the journal's inode is cut
  CHECK(journal.read().copies.empty());
  journal.image.bytes[0] = std::byte{0};
  CHECK_FALSE(journal.read().fault.empty());
  journal.places.clear();
  CHECK_FALSE(journal.read().fault.empty());
}

TEST_CASE("jbd2: a commit block dates its transaction, one with an impossible time does not") {
  Journal journal(0);
  journal.header(3, 2, 41);
  journal.image.be(3 * kBlock + 0x30, 1'714'556'000, 8);
  journal.image.be(3 * kBlock + 0x38, 250'000'000, 4);
  journal.header(4, 2, 42);
  journal.image.be(4 * kBlock + 0x30, 0xffff'ffff'ffff, 8);
  const JournalLog log = journal.read();
  REQUIRE(log.commits.size() == 1);
  CHECK(log.commits.begin()->first == -9);
  CHECK(log.commits.begin()->second == 1'714'556'000'250'000'000);
}
