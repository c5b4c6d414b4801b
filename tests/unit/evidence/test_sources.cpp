// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "evidence/cached_source.h"
#include "evidence/raw_source.h"
#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {

std::string read_all(Source& source, std::size_t step, std::vector<ReadFault>& faults) {
  std::string out(static_cast<std::size_t>(source.size().value), '\0');
  for (std::size_t at = 0; at < out.size(); at += step) {
    source.read(ByteOffset{at}, std::as_writable_bytes(std::span(out).subspan(at, std::min(step, out.size() - at))),
                faults);
  }
  return out;
}

/// A medium with bad sectors: every read that touches one fails for that sector only.
class BadMedium final : public Source {
 public:
  explicit BadMedium(std::string bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] ByteCount size() const override { return ByteCount{bytes_.size()}; }
  [[nodiscard]] SectorSize sector_size() const override { return SectorSize{512}; }
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    ++calls;
    const auto all = std::as_bytes(std::span(bytes_));
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::uint64_t place = at.value + i;
      const bool bad = place / 512 == bad_sector;
      out[i] = bad || place >= all.size() ? std::byte{0} : all[place];
      if (bad && (i == 0 || place % 512 == 0)) faults.push_back({ByteOffset{place}, ByteCount{512 - place % 512}, EIO});
    }
  }
  std::uint64_t bad_sector = ~std::uint64_t{0};
  int calls = 0;

 private:
  std::string bytes_;
};

}  // namespace

TEST_CASE("raw source: pieces read as one run of bytes at every step size") {
  const TempFolder folder;
  const std::string all = pattern_bytes(100'000, 1);
  write_file(folder / "x.001", all.substr(0, 30'000));
  write_file(folder / "x.002", "");
  write_file(folder / "x.003", all.substr(30'000, 1));
  write_file(folder / "x.004", all.substr(30'001));
  const auto source = open_raw_source(recognise_evidence(folder / "x.001")->paths);
  REQUIRE(source);
  for (const std::size_t step : {1000U, 4096U, 77'777U, 200'000U}) {
    std::vector<ReadFault> faults;
    CHECK((read_all(**source, step, faults) == all));
    CHECK(faults.empty());
  }
}

TEST_CASE("raw source: past the end, and an image that became shorter while it was read, are zeros with a place") {
  const TempFolder folder;
  write_file(folder / "image", pattern_bytes(10'000, 2));
  const auto source = open_raw_source({folder / "image"});
  REQUIRE(source);
  std::string out(4096, 'x');
  std::vector<ReadFault> faults;
  (*source)->read(ByteOffset{8000}, std::as_writable_bytes(std::span(out)), faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at == ByteOffset{10'000});
  CHECK(faults[0].length == ByteCount{2096});
  REQUIRE(::truncate((folder / "image").c_str(), 4096) == 0);
  faults.clear();
  (*source)->read(ByteOffset{4000}, std::as_writable_bytes(std::span(out)), faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at == ByteOffset{4096});
  CHECK(out.substr(96) == std::string(4000, '\0'));
}

TEST_CASE("cached source: gives the same bytes as the medium and asks for each block once") {
  BadMedium medium(pattern_bytes(300'000, 3));
  CountingSource counting(std::make_unique<BadMedium>(pattern_bytes(300'000, 3)));
  CachedSource cache(counting);
  std::uint32_t state = 5;
  for (int i = 0; i < 500; ++i) {
    state = state * 1664525U + 1013904223U;
    const std::size_t at = (state >> 8) % 299'000;
    const std::size_t length = 1 + (state >> 4) % std::min<std::size_t>(90'000, 300'000 - at);
    std::string ours(length, 'x');
    std::string theirs(length, 'y');
    std::vector<ReadFault> faults;
    if (i % 3 == 0) {
      cache.read_through(at, std::as_writable_bytes(std::span(ours)), faults);
    } else {
      cache.read_cached(at, std::as_writable_bytes(std::span(ours)), faults);
    }
    medium.read(ByteOffset{at}, std::as_writable_bytes(std::span(theirs)), faults);
    REQUIRE((ours == theirs));
    REQUIRE(faults.empty());
  }
  const ByteCount before = counting.bytes_read();
  std::string again(300'000, 'x');
  std::vector<ReadFault> faults;
  cache.read_cached(0, std::as_writable_bytes(std::span(again)), faults);
  const ByteCount filled = counting.bytes_read();
  cache.read_through(0, std::as_writable_bytes(std::span(again)), faults);
  CHECK(counting.bytes_read() == filled);
  CHECK(filled.value >= before.value);
}

namespace {

/// An unnamed file, open for reading and writing.
UniqueFd working_file(const TempFolder& folder) {
  const std::string name = folder / "kept";
  UniqueFd file(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  ::unlink(name.c_str());
  return file;
}

/// Reads everything in small pieces in a jumbled order; the bytes that differ from `all`.
std::size_t read_jumbled(CachedSource& cache, const std::string& all) {
  std::size_t wrong = 0;
  const std::size_t pieces = all.size() / 1000;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t at = i * 7919 % pieces * 1000;
    std::string out(1000, 'x');
    std::vector<ReadFault> faults;
    cache.read_cached(at, std::as_writable_bytes(std::span(out)), faults);
    if (out != all.substr(at, 1000) || !faults.empty()) ++wrong;
  }
  return wrong;
}

}  // namespace

TEST_CASE("cached source: what memory cannot hold comes back from the working file, never from the medium again") {
  const TempFolder folder;
  const std::string all = pattern_bytes(400'000, 6);
  CountingSource counting(std::make_unique<BadMedium>(all));
  CachedSource cache(counting, 8);
  cache.spill_into(working_file(folder), ByteCount{1U << 20});
  CHECK(read_jumbled(cache, all) == 0);
  CHECK(read_jumbled(cache, all) == 0);
  std::string swept(all.size(), 'x');
  std::vector<ReadFault> faults;
  cache.read_through(0, std::as_writable_bytes(std::span(swept)), faults);
  CHECK((swept == all));
  CHECK(counting.bytes_read().value <= all.size());
}

TEST_CASE("cached source: a full or broken working file costs reads, not bytes") {
  const TempFolder folder;
  const std::string all = pattern_bytes(400'000, 7);
  CountingSource counting(std::make_unique<BadMedium>(all));
  SUBCASE("room for ten blocks") {
    CachedSource cache(counting, 8);
    cache.spill_into(working_file(folder), ByteCount{10 * CachedSource::kBlockBytes});
    CHECK(read_jumbled(cache, all) == 0);
    CHECK(read_jumbled(cache, all) == 0);
  }
  SUBCASE("cannot be written") {
    write_file(folder / "closed", "");
    CachedSource cache(counting, 8);
    cache.spill_into(UniqueFd(::open((folder / "closed").c_str(), O_RDONLY | O_CLOEXEC)), ByteCount{1U << 20});
    CHECK(read_jumbled(cache, all) == 0);
    CHECK(read_jumbled(cache, all) == 0);
  }
  SUBCASE("loses what it held") {
    UniqueFd file = working_file(folder);
    const int raw = file.get();
    CachedSource cache(counting, 8);
    cache.spill_into(std::move(file), ByteCount{1U << 20});
    CHECK(read_jumbled(cache, all) == 0);
    REQUIRE(::ftruncate(raw, 5000) == 0);
    CHECK(read_jumbled(cache, all) == 0);
  }
  CHECK(counting.bytes_read().value > all.size());
}

TEST_CASE("cached source: pieces far from each other cost one block each, a long row is read ahead") {
  const std::string all = pattern_bytes(4'000'000, 8);
  CountingSource counting(std::make_unique<BadMedium>(all));
  CachedSource cache(counting);
  std::vector<ReadFault> faults;
  std::string out(1000, 'x');
  for (const std::size_t at : {3'000'000U, 100'000U, 2'000'000U, 1'000'000U})
    cache.read_cached(at, std::as_writable_bytes(std::span(out)), faults);
  CHECK(counting.bytes_read().value <= 4 * 2 * CachedSource::kBlockBytes);
  auto medium = std::make_unique<BadMedium>(all);
  CachedSource in_row(*medium);
  for (std::size_t at = 0; at < all.size(); at += 1000)
    in_row.read_cached(at, std::as_writable_bytes(std::span(out)), faults);
  CHECK(medium->calls < 100);
}

TEST_CASE("cached source: a bad sector is reported to every reader and never kept as good") {
  auto medium = std::make_unique<BadMedium>(pattern_bytes(100'000, 4));
  medium->bad_sector = 50;
  CachedSource cache(*medium);
  for (int round = 0; round < 2; ++round) {
    std::string out(4096, 'x');
    std::vector<ReadFault> faults;
    cache.read_cached(25'000, std::as_writable_bytes(std::span(out)), faults);
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.back().at == ByteOffset{25'600});
    CHECK(out.substr(600, 512) == std::string(512, '\0'));
  }
}
