// SPDX-License-Identifier: Apache-2.0
#include "formats/mft_record.h"

#include <doctest/doctest.h>

#include <array>

#include "memory_source.h"
#include "recover/mft_search.h"
#include "recover/ntfs_geometry.h"

using namespace triage;
using triage::testing::MemorySource;

namespace {

constexpr std::size_t kRecord = 1024;

/// A file record at `at`: "a.bin" in directory 5, 9000 bytes in clusters of 4 KiB at cluster `lcn`.
void put_record(MemorySource& image, std::size_t at, std::uint32_t number, std::uint8_t lcn) {
  image.put(at, "FILE");
  image.le(at + 4, 0x30, 2);
  image.le(at + 6, 3, 2);
  image.le(at + 0x10, 7, 2);     // sequence
  image.le(at + 0x14, 0x38, 2);  // first attribute
  image.le(at + 0x16, 1, 2);
  image.le(at + 0x18, 0x180, 4);
  image.le(at + 0x1c, kRecord, 4);
  image.le(at + 0x2c, number, 4);
  image.le(at + 0x30, 0x0101, 2);  // update sequence number
  image.le(at + 0x1fe, 0x0101, 2);
  image.le(at + 0x3fe, 0x0101, 2);
  const std::size_t name = at + 0x38;
  image.le(name, 0x30, 4);
  image.le(name + 4, 0x70, 4);
  image.le(name + 0x10, 0x4c, 4);  // value length
  image.le(name + 0x14, 0x18, 2);
  image.le(name + 0x18, 5 | (std::uint64_t{5} << 48), 8);
  image.le(name + 0x20, 132'000'000'000'000'000ULL, 8);
  image.le(name + 0x18 + 0x40, 5, 1);
  const std::array<char, 5> text = {'a', '.', 'b', 'i', 'n'};
  for (std::size_t i = 0; i < text.size(); ++i)
    image.le(name + 0x18 + 0x42 + 2 * i, static_cast<unsigned char>(text[i]), 2);
  const std::size_t data = at + 0xa8;
  image.le(data, 0x80, 4);
  image.le(data + 4, 0x48, 4);
  image.le(data + 8, 1, 1);
  image.le(data + 0x18, 2, 8);     // last vcn
  image.le(data + 0x20, 0x40, 2);  // runs
  image.le(data + 0x28, 12288, 8);
  image.le(data + 0x30, 9000, 8);
  image.le(data + 0x38, 9000, 8);
  image.le(data + 0x40, 0x11, 1);
  image.le(data + 0x41, 3, 1);
  image.le(data + 0x42, lcn, 1);
  image.le(at + 0xf0, 0xffffffff, 4);
}

}  // namespace

TEST_CASE("ntfs: mapping pairs with a hole, a step back and a wide number") {
  // Decoded by hand after libfsntfs 8.5: 0x18 clusters at 0x5634; 4 of a hole; 0x30 at 0x5634 - 0x20; then the end.
  const std::array raw = {std::byte{0x21}, std::byte{0x18}, std::byte{0x34}, std::byte{0x56}, std::byte{0x01},
                          std::byte{0x04}, std::byte{0x11}, std::byte{0x30}, std::byte{0xe0}, std::byte{0x00}};
  bool sound = false;
  const std::vector<MftRun> runs = parse_mft_runs(raw, &sound);
  CHECK(sound);
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].lcn == 0x5634);
  CHECK(runs[0].count == 0x18);
  CHECK_FALSE(runs[1].lcn.has_value());
  CHECK(runs[2].lcn == 0x5614);
}

TEST_CASE("ntfs: mapping pairs that break off, go below zero or count nothing are not sound") {
  bool sound = true;
  const std::array cut = {std::byte{0x21}, std::byte{0x18}, std::byte{0x34}};
  CHECK(parse_mft_runs(cut, &sound).empty());
  CHECK_FALSE(sound);
  const std::array below = {std::byte{0x11}, std::byte{0x01}, std::byte{0xff}, std::byte{0x00}};
  CHECK(parse_mft_runs(below, &sound).empty());
  CHECK_FALSE(sound);
  const std::array nothing = {std::byte{0x11}, std::byte{0x00}, std::byte{0x05}, std::byte{0x00}};
  CHECK(parse_mft_runs(nothing, &sound).empty());
  CHECK_FALSE(sound);
}

TEST_CASE("ntfs: a record's name, parent and runs; a torn sector makes it none") {
  MemorySource image{kRecord};
  put_record(image, 0, 64, 40);
  const auto record = parse_mft_record(image.bytes);
  REQUIRE(record.has_value());
  CHECK(record->number == 64U);
  CHECK(record->sequence == 7);
  REQUIRE(best_name(*record) != nullptr);
  CHECK(best_name(*record)->name == "a.bin");
  CHECK(best_name(*record)->parent == MftReference{5, 5});
  REQUIRE(record->attributes.size() == 1);
  CHECK(record->attributes[0].size == 9000);
  CHECK(record->attributes[0].runs.size() == 1);
  image.le(0x3fe, 0x0202, 2);
  CHECK_FALSE(parse_mft_record(image.bytes).has_value());
}

TEST_CASE("ntfs: any one byte of a record may lie without harm") {
  MemorySource image{kRecord};
  put_record(image, 0, 64, 40);
  for (std::size_t at = 0; at < 0x110; ++at) {
    for (const std::byte value : {std::byte{0}, std::byte{0x7f}, std::byte{0xff}}) {
      MemorySource damaged = image;
      damaged.bytes[at] = value;
      const auto record = parse_mft_record(damaged.bytes);
      if (record) CHECK(record->attributes.size() <= 4);
    }
  }
}

TEST_CASE("ntfs: records are found in free space in runs, not in what is in use") {
  MemorySource image{4 << 20};
  for (std::uint32_t i = 0; i < 6; ++i) put_record(image, (1 << 20) + i * kRecord, 60 + i, 40);
  put_record(image, 3 << 20, 90, 40);              // a lone one, on a cluster
  put_record(image, (2 << 20) + 512 * 3, 91, 40);  // in use
  RangeSet free;
  free.insert({0, 2 << 20});
  free.insert({5 << 19, 4 << 20});
  ImageBytes probe(image, 1 << 24);
  ImageBytes kept(image, 1 << 24);
  const MftSearch found = search_mft_records(probe, kept, {0, 4 << 20}, free, {});
  REQUIRE(found.records.size() == 7);
  CHECK(found.records[0].place == 1 << 20);
  CHECK(found.records[5].number == 65U);
  CHECK(found.records[6].number == 90U);
  CHECK_FALSE(found.cut);
  ImageBytes poor(image, 100);
  CHECK(search_mft_records(poor, kept, {0, 4 << 20}, free, {}).cut);
}

TEST_CASE("ntfs: the cluster size follows from sizes, and nothing proves the place without an index block") {
  MemorySource image{4 << 20};
  put_record(image, 0, 64, 40);
  std::vector<MftRecord> records{*parse_mft_record(Bytes(image.bytes).first(kRecord))};
  ImageBytes bytes(image, 1 << 20);
  const NtfsGeometry geometry = infer_ntfs_geometry(bytes, records, 512);
  CHECK(geometry.cluster == 4096);
  CHECK(geometry.begin == 512);
  CHECK_FALSE(geometry.proven);
}
