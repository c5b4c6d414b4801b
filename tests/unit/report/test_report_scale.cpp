// SPDX-License-Identifier: Apache-2.0
// How the report behaves with many events. The million is skipped unless asked for:
//   build/bin/test_report --no-skip -tc="*million*"     (release preset: under 20 s, under 15 MB)
#include <chrono>

#include "report_fixture.h"

using namespace triage;
using namespace triage::report_test;

namespace {

/// `count` events over two years, most of them system files, in one case.
void make_large_case(const std::string& dir, std::uint64_t count) {
  CaseInit init;
  auto folder = CaseFolder::create(dir, init);
  REQUIRE(folder);
  auto database = CaseDb::open(folder->database_path());
  REQUIRE(database);
  REQUIRE(database->begin_evidence(evidence("laptop.img"), kEvening));
  const std::uint64_t batches = count / 5000;
  REQUIRE(database->write_map(kEvidence, {volume()}, {}, batches, "plan"));
  std::uint64_t number = 0;
  for (std::uint64_t index = 0; index < batches; ++index) {
    BatchRecords batch;
    for (int i = 0; i < 5000; ++i) {
      ++number;
      const std::string path = number % 10 == 0 ? fmt::format("/Users/u/Documents/folder{}/file{}.txt", index, number)
                                                : fmt::format("/Windows/System32/folder{}/file{}.dll", index, number);
      batch.events.push_back(
          event(number, path, kEvening - static_cast<std::int64_t>(number % 63'000'000) * 1'000'000'000));
      if (number % 100 == 0) batch.files.push_back(deleted_file(number, path, FileGrade::kComplete));
    }
    batch.findings.push_back(finding("leak.archive", Severity::kMedium, {batch.events[0].id}));
    REQUIRE(database->write_batch(kEvidence, index, batch));
  }
  REQUIRE(database->finish_evidence(kEvidence, 1, kEvening));
  REQUIRE(database->close());
}

/// Seconds that the report took; its size is checked.
double time_report(std::uint64_t count, std::uint64_t max_bytes) {
  const Folder folder;
  const std::string dir = folder / "case";
  make_large_case(dir, count);
  const auto begin = std::chrono::steady_clock::now();
  const auto written = write_report(request(dir, "ja"));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  REQUIRE(written);
  CHECK(written->bytes <= max_bytes);
  CHECK(written->events_shown == 2000);
  MESSAGE(count << " events: " << took.count() << " s, " << written->bytes << " bytes");
  return took.count();
}

}  // namespace

TEST_CASE("report: twenty thousand events make a page of bounded size") { time_report(20'000, 6'000'000); }

TEST_CASE("report: a million events take less than 20 s and 15 MB" * doctest::skip()) {
  CHECK(time_report(1'000'000, 15'000'000) < 20.0);
}
