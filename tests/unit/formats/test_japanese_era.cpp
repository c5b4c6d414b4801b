// SPDX-License-Identifier: Apache-2.0
#include "formats/japanese_era.h"

#include <doctest/doctest.h>

#include "bytes/time_formats.h"

using namespace triage;

namespace {

/// The time as if in UTC, and what is left of the line behind a bar.
std::string read(std::string_view text) {
  LineScan scan(text);
  const auto time = scan_era_time(scan);
  if (!time) return "none|" + std::string(scan.rest());
  const auto nanos = civil_nanos(*time);
  return (nanos ? utc_text(*nanos, precision_digits(time->precision)) : "no date") + "|" + std::string(scan.rest());
}

}  // namespace

TEST_CASE("Japanese calendar: eras, their first years and both ways of writing") {
  // Years by the table of the National Astronomical Observatory: 令和元 = 2019, 平成元 = 1989, 昭和元 = 1926.
  CHECK(read("令和8年4月10日 10時31分07秒 host") == "2026-04-10T10:31:07Z| host");
  CHECK(read("令和元年5月1日 午後3時05分") == "2019-05-01T15:05:00Z|");
  CHECK(read("平成31年4月30日23:59:59 x") == "2019-04-30T23:59:59Z| x");
  CHECK(read("昭和64年1月7日 午前12時00分00秒") == "1989-01-07T00:00:00Z|");
  CHECK(read("R8.4.10 10:31:07 a") == "2026-04-10T10:31:07Z| a");
  CHECK(read("R08/04/10 10:31:07.250 a") == "2026-04-10T10:31:07.250Z| a");
  CHECK(read("H01-01-08 00:00:00") == "1989-01-08T00:00:00Z|");
  CHECK(read("令和８年１２月３１日　10時") == "none|令和８年１２月３１日　10時");
  CHECK(read("令和８年１２月３１日 ２３時５９分５９秒") == "2026-12-31T23:59:59Z|");
  CHECK(read("平成31年5月1日 0:00:00") == "2019-05-01T00:00:00Z|");  // a clock that was not told of 令和
}

TEST_CASE("Japanese calendar: what is no date takes nothing") {
  for (const std::string_view text :
       {"", "R", "令和", "令和0年1月1日 1:02:03", "令和8年4月 10:31:07", "R8.4/10 1:02:03", "Random words", "H31.04.30",
        "令和8年4月10日 午後13時00分00秒", "明治元年1月1日 1:02:03"})
    CHECK(read(text) == "none|" + std::string(text));
  CHECK(read("R8.13.41 10:31:07") == "no date|");
}
