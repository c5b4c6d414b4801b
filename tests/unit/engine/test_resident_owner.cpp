// SPDX-License-Identifier: Apache-2.0
#include "engine/resident_owner.h"

#include <doctest/doctest.h>

#include <string>

using namespace triage;

namespace {

void put(std::string& out, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out[at + i] = static_cast<char>(value >> 8 * i & 0xff);
}

/// A record of 1 KiB by the offsets of libfsntfs' documentation: $STANDARD_INFORMATION, then a resident $DATA of 100
/// bytes that begins 0x18 bytes into its attribute, at 0x38 + 0x60 + 0x18 = 0xb0.
std::string record(std::uint64_t base) {
  std::string out(1024, '\0');
  out.replace(0, 4, "FILE");
  put(out, 0x14, 0x38, 2);
  put(out, 0x1c, 1024, 4);
  put(out, 0x20, base, 8);
  put(out, 0x38, 0x10, 4);
  put(out, 0x3c, 0x60, 4);
  put(out, 0x98, 0x80, 4);
  put(out, 0x9c, 0x80, 4);
  put(out, 0xa8, 100, 4);
  put(out, 0xac, 0x18, 2);
  put(out, 0x118, 0xffffffff, 4);
  return out;
}

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace

TEST_CASE("resident content belongs to its record, or to the record's base") {
  const std::string table = record(0) + record(0x0003000000000007) + record(0);
  CHECK(resident_owner(bytes_of(table), 0, 0xb0, 100) == 0U);
  CHECK(resident_owner(bytes_of(table), 40 * 1024, 2048 + 0xb0 + 99, 1) == 42U);
  CHECK(resident_owner(bytes_of(table), 40 * 1024, 1024 + 0xb0, 4) == 7U);
}

TEST_CASE("bytes beside or beyond resident content belong to the table") {
  const std::string table = record(0);
  CHECK_FALSE(resident_owner(bytes_of(table), 0, 0xaf, 4));
  CHECK_FALSE(resident_owner(bytes_of(table), 0, 0xb0 + 98, 4));
  CHECK_FALSE(resident_owner(bytes_of(table), 0, 0x40, 4));
  CHECK_FALSE(resident_owner(bytes_of(table), 0, 1 << 20, 4));
}

TEST_CASE("damaged records of a table own nothing and are left in time") {
  std::string no_length = record(0);
  put(no_length, 0x3c, 0, 4);
  CHECK_FALSE(resident_owner(bytes_of(no_length), 0, 0xb0, 4));
  std::string outside = record(0);
  put(outside, 0x14, 0xffff, 2);
  CHECK_FALSE(resident_owner(bytes_of(outside), 0, 0xb0, 4));
  std::string odd_size = record(0);
  put(odd_size, 0x1c, 1000, 4);
  CHECK_FALSE(resident_owner(bytes_of(odd_size), 0, 0xb0, 4));
  std::string large = record(0);
  put(large, 0xa8, 0xffffffff, 4);
  CHECK(resident_owner(bytes_of(large), 0, 0xb0, 4) == 0U);
  CHECK_FALSE(resident_owner(bytes_of(record(0).substr(0, 700)), 0, 0xb0, 4));
  CHECK_FALSE(resident_owner({}, 0, 0, 1));
}
