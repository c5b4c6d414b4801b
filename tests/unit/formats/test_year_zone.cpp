// SPDX-License-Identifier: Apache-2.0
#include "formats/year_zone.h"

#include "bytes/time_formats.h"
#include "formats/lz4_block.h"

using namespace triage;

namespace {

LogTime taken(std::string_view text) {
  LineScan scan(text);
  const auto time = scan_month_name_time(scan);
  REQUIRE(time.has_value());
  return *time;
}

Stream written(std::string_view when) {
  Stream out;
  out.meta.emplace();
  out.meta->times.modified = from_unix(parse_time_text(when).value() / 1000000000);
  return out;
}

/// The texts of `lines` after inference, with their basis.
std::vector<std::string> inferred(const Stream& stream, const std::vector<std::string>& lines) {
  LogClock clock(stream);
  for (const std::string& line : lines) clock.observe(taken(line));
  clock.infer();
  std::vector<std::string> out;
  for (const std::string& line : lines) {
    const Timestamp at = clock.stamp(taken(line), line);
    out.push_back(at.text().value_or("unknown") + " " + std::string(basis_name(at.basis)));
  }
  return out;
}

}  // namespace

TEST_CASE(
    "year and zone: a log over new year takes its years from the file's time, also where UTC is still in the old one") {
  const auto out = inferred(written("2025-12-31T15:08:00Z"), {"Dec 31 23:59:59", "Jan  1 00:08:00"});
  CHECK(out[0] == "2025-12-31T14:59:59Z local-assumed");
  CHECK(out[1] == "2025-12-31T15:08:00Z local-assumed");
}

TEST_CASE("year and zone: a file that was copied later keeps its zone unknown") {
  const auto out = inferred(written("2026-04-10T03:17:44Z"), {"Mar 11 09:39:38"});
  CHECK(out[0] == "2026-03-11T09:39:38Z unknown");
}

TEST_CASE("year and zone: west of Greenwich, and a half-hour zone") {
  CHECK(inferred(written("2026-07-01T16:00:02Z"), {"Jul  1 12:00:00"})[0] == "2026-07-01T16:00:00Z local-assumed");
  CHECK(inferred(written("2026-07-01T06:30:00Z"), {"Jul  1 12:00:00"})[0] == "2026-07-01T06:30:00Z local-assumed");
}

TEST_CASE("year and zone: 29 February goes back to the last leap year") {
  CHECK(inferred(written("2026-03-05T00:00:33Z"), {"Feb 29 10:00:00"})[0].starts_with("2024-02-29T10:00:00Z"));
}

TEST_CASE("year and zone: without a file time nothing is made up") {
  CHECK(inferred(Stream{}, {"Mar 11 09:39:38"})[0] == "unknown unknown");
}

TEST_CASE("year and zone: a clock set back by days is no new year") {
  const auto out = inferred(written("2026-05-01T00:00:33Z"), {"Apr 30 10:00:00", "Apr  2 10:00:00", "Apr 30 11:00:00"});
  CHECK(out[0].starts_with("2026-04-30"));
  CHECK(out[1].starts_with("2026-04-02"));
}

TEST_CASE("year and zone: shapes of times with their fractions and offsets") {
  const auto iso = [](std::string_view text) {
    LineScan scan(text);
    return scan_iso_time(scan);
  };
  CHECK(iso("2024-05-01T10:00:00.123456+09:00 x")->offset_minutes == 540);
  CHECK(iso("2024-05-01 10:00:00,123")->precision == Precision::kMillisecond);
  CHECK(iso("2024/05/01 10:00:00")->month == 5);
  CHECK_FALSE(iso("2024-05-01").has_value());
  CHECK_FALSE(iso("2024-13-01 10:00:00").has_value());
  LineScan clf("10/Oct/2000:13:55:36 -0700]");
  CHECK(scan_clf_time(clf)->offset_minutes == -420);
  CHECK(clf.rest() == "]");
  CHECK(taken("Mon Jun  6 18:43:28 2016 [pid 2]").year == 2016);
}

TEST_CASE("lz4 blocks: literals and an overlapping match, and what is no block") {
  // Token 0x32: three literals "abc", match of 6 at distance 3; then the last literals.
  const std::string block = std::string(
      "\x32"
      "abc\x03\x00\x50"
      "abcab",
      12);
  CHECK(lz4_block_decompress(as_byte_span(block), 14, 100) == "abcabcabcabcab");
  CHECK_FALSE(lz4_block_decompress(as_byte_span(block), 13, 100).has_value());
  CHECK_FALSE(lz4_block_decompress(as_byte_span(block), 14, 10).has_value());
  const std::string far = std::string(
      "\x32"
      "abc\x04\x00\x50"
      "abcab",
      12);
  CHECK_FALSE(lz4_block_decompress(as_byte_span(far), 14, 100).has_value());
}
