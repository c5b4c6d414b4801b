// SPDX-License-Identifier: Apache-2.0
#include "report/event_selection.h"
#include "report_fixture.h"

using namespace triage;
using namespace triage::report_test;

TEST_CASE("event selection: user files count more than system files, records more than both") {
  CHECK(rank_of("browser.chromium", "url.visited", "", false) == EventRank::kRecord);
  CHECK(rank_of("fs.times", "file.created", "/Users/u/Documents/a.txt", false) == EventRank::kUserFile);
  CHECK(rank_of("fs.times", "file.created", "C:\\Users\\u\\a.txt", false) == EventRank::kUserFile);
  CHECK(rank_of("fs.times", "file.created", "/Users/u/AppData/Local/x", false) == EventRank::kRest);
  CHECK(rank_of("fs.times", "file.created", "/Windows/System32/x.dll", false) == EventRank::kSystem);
  CHECK(rank_of("fs.times", "file.created", "/$MFT", false) == EventRank::kSystem);
  CHECK(rank_of("fs.times", "file.created", "/$Recycle.Bin/S-1-5/$RA.zip", false) == EventRank::kUserFile);
  CHECK(rank_of("fs.times", "file.created", "/backup.zip", false) == EventRank::kOtherFile);
  CHECK(rank_of("fs.times", "file.created", "/backup.zip", true) == EventRank::kUserFile);
  CHECK(rank_of("ntfs.usnjrnl", "file.deleted", "memo.txt", false) == EventRank::kUserFile);
  CHECK(rank_of("fs.times", "file.created", "", false) == EventRank::kSystem);
}

TEST_CASE("event selection: named events come first, later ones before earlier, days are counted") {
  const Folder folder;
  const std::string dir = folder / "case";
  BatchRecords batch;
  for (std::uint64_t i = 0; i < 50; ++i) {
    batch.events.push_back(
        event(i, fmt::format("/Users/u/{}.txt", i), kEvening + static_cast<std::int64_t>(i) * 3'600'000'000'000));
  }
  batch.events.push_back(event(90, "/Windows/named.dll", 1000));
  batch.events.push_back(event(91, "/Users/u/none.txt", std::nullopt));
  make_case(dir, batch);
  auto database = open_case_for_reading(dir + "/3-investigation/case.db");
  REQUIRE(database);
  const auto zone = ReportZone::parse("Asia/Tokyo");
  REQUIRE(zone);
  const auto overview = choose_events(*database, *zone, 3, {{batch.events[50].id, 1}});
  REQUIRE(overview);
  CHECK(overview->total == 52);
  CHECK(overview->without_time == 1);
  std::vector<std::string> expected = {batch.events[50].id, batch.events[49].id, batch.events[48].id};
  std::sort(expected.begin(), expected.end());
  CHECK(overview->chosen == expected);
  CHECK(overview->days.begin()->first == 0);
  // 19:31 of 10 April in Tokyo: five events (19:31 to 23:31) on that day.
  CHECK(overview->days.at(zone->day_of(kEvening))[0] == 5);
  std::size_t visited = 0;
  REQUIRE(for_events_by_id(*database, overview->chosen, [&visited](const EventRow&) { ++visited; }));
  CHECK(visited == 3);
}
