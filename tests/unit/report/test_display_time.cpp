// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>

#include "report/display_time.h"

using triage::ReportZone;

TEST_CASE("display time: Tokyo is nine hours ahead and both clocks are printed") {
  const auto zone = ReportZone::parse("Asia/Tokyo");
  REQUIRE(zone);
  CHECK(zone->moment(1775817067123456700, 3) == "2026-04-10 19:31:07.123 +09:00 (10:31:07 UTC)");
  // The UTC side has its date where that is another day.
  CHECK(zone->moment(1775770267000000000, 0) == "2026-04-10 06:31:07 +09:00 (2026-04-09 21:31:07 UTC)");
  CHECK(zone->day_text(zone->day_of(1775770267000000000)) == "2026-04-10");
  CHECK(zone->label() == "Asia/Tokyo (+09:00)");
}

TEST_CASE("display time: offsets west and with half hours, before 1970") {
  const auto zone = ReportZone::parse("-03:30");
  REQUIRE(zone);
  CHECK(zone->moment(-1'000'000'000, 0) == "1969-12-31 20:29:59 -03:30 (23:59:59 UTC)");
  CHECK(zone->day_of(-1'000'000'000) == -1);
}

TEST_CASE("display time: a zone with summer time is asked for each moment") {
  const std::int64_t march_29 = 1774746000'000000000;  // 2026-03-29T01:00:00Z, when Berlin goes to summer time
  const auto zone = ReportZone::of({"Europe/Berlin", [march_29](std::int64_t at) { return at < march_29 ? 60 : 120; }});
  CHECK(zone.moment(march_29 - 1'000'000'000, 0) == "2026-03-29 01:59:59 +01:00 (00:59:59 UTC)");
  CHECK(zone.moment(march_29, 0) == "2026-03-29 03:00:00 +02:00 (01:00:00 UTC)");
  CHECK(zone.label() == "Europe/Berlin");
}

TEST_CASE("display time: the ends of the calendar do not wrap") {
  const auto zone = ReportZone::parse("+14:00");
  REQUIRE(zone);
  CHECK(zone->moment(std::numeric_limits<std::int64_t>::max(), 0).starts_with("2262-04-11"));
  CHECK(zone->moment(std::numeric_limits<std::int64_t>::min(), 0).find("1677-09-2") != std::string::npos);
}

TEST_CASE("display time: a zone that is not known is a usage error") {
  for (const char* name : {"Mars/Olympus", "+9", "+15:00", "+09:60", "09:00", "", "+0a:00"}) {
    const auto zone = ReportZone::parse(name);
    REQUIRE(!zone);
    CHECK(zone.error().code == triage::ErrorCode::kUsage);
  }
}

TEST_CASE("display time: numbers have thousands separators and sizes a unit") {
  CHECK(triage::grouped(0) == "0");
  CHECK(triage::grouped(999) == "999");
  CHECK(triage::grouped(1000) == "1,000");
  CHECK(triage::grouped(18446744073709551615ULL) == "18,446,744,073,709,551,615");
  CHECK(triage::binary_size(1023) == "1023 B");
  CHECK(triage::binary_size(270532608) == "258.0 MiB");
}
