// SPDX-License-Identifier: Apache-2.0
// Expected values: date -u -d … +%s%N, and the epochs' published differences.
#include "bytes/time_formats.h"

#include <doctest/doctest.h>

#include <limits>
#include <random>

using namespace triage;

TEST_CASE("FILETIME keeps its 100 ns and its zero is no date") {
  CHECK(nanos_from_filetime(116444736000000000ULL) == 0);
  CHECK(nanos_from_filetime(132539328000000001ULL) == 1609459200000000100LL);  // 2021-01-01
  CHECK_FALSE(nanos_from_filetime(0).has_value());
  CHECK_FALSE(nanos_from_filetime(~0ULL).has_value());
}

TEST_CASE("Chromium and Firefox stamps have their own epochs") {
  CHECK(nanos_from_webkit(13253932800000000LL) == 1609459200000000000LL);
  CHECK_FALSE(nanos_from_webkit(0).has_value());
  CHECK(nanos_from_unix_micros(-1) == -1000);
  CHECK_FALSE(nanos_from_unix(std::numeric_limits<std::int64_t>::max()).has_value());
}

TEST_CASE("a DOS stamp with an impossible field is no date") {
  CHECK(nanos_from_dos(0x5621, 0x6000) == 1672574400000000000LL);  // 2023-01-01 12:00:00
  CHECK_FALSE(nanos_from_dos(0x0000, 0).has_value());
  CHECK_FALSE(nanos_from_dos(0x5621, 0xc000).has_value());  // hour 24
  CHECK_FALSE(nanos_from_dos(0x5621, 0x6000, 200).has_value());
}

TEST_CASE("text of a time has the digits asked for and the offset said") {
  CHECK(utc_text(1609459200123456789LL, 7) == "2021-01-01T00:00:00.1234567Z");
  CHECK(utc_text(-1, 9) == "1969-12-31T23:59:59.999999999Z");
  CHECK(offset_text(1609459200000000000LL, 0, 540) == "2021-01-01T09:00:00+09:00");
}

TEST_CASE("times are read back from what is printed, and from what people write") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 5000; ++round) {
    const auto nanos = static_cast<std::int64_t>(random() % 8'000'000'000'000'000'000ULL) - 1'000'000'000'000'000'000LL;
    CHECK(parse_time_text(utc_text(nanos, 9)) == nanos);
    CHECK(parse_time_text(offset_text(nanos, 9, -210)) == nanos);
  }
  CHECK(parse_time_text("2021-01-01", 540) == 1609426800000000000LL);
  CHECK(parse_time_text("2021-01-01 09:00", 540) == 1609459200000000000LL);
  CHECK_FALSE(parse_time_text("2021-13-01").has_value());
  CHECK_FALSE(parse_time_text("2021-02-30").has_value());
  CHECK_FALSE(parse_time_text("2021-01-01T00:00:00.Z").has_value());
  CHECK_FALSE(parse_time_text("yesterday").has_value());
}
