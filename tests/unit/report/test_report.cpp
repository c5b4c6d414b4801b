// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "bytes/digest.h"
#include "report_fixture.h"

using namespace triage;
using namespace triage::report_test;

namespace {

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

int check_page(const std::string& path) {
  const std::string command = fmt::format("python3 '{}/tests/unit/report/check_page.py' '{}'", TRIAGE_SOURCE_DIR, path);
  return std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): one thread
}

}  // namespace

TEST_CASE("report: hostile texts stay text in both languages") {
  const Folder folder;
  const std::string dir = folder / "case";
  const BatchRecords batch = hostile_batch();
  make_case(dir, batch);
  for (const std::string lang : {"ja", "en"}) {
    CAPTURE(lang);
    const auto written = write_report(request(dir, lang));
    REQUIRE(written);
    const std::string page = read_file(written->path);
    CHECK(page.size() == written->bytes);
    CHECK(sha256_hex(std::string_view(page)) == written->sha256);
    CHECK(count_of(page, "<script") == 0);
    CHECK(count_of(page, "</style>") == 1);
    CHECK(count_of(page, "<img") == 0);
    CHECK(count_of(page, "href=\"#") == count_of(page, "href="));
    CHECK(page.find("\\u{202e}gpj.exe") != std::string::npos);
    CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
    CHECK(page.find("\\x1b[31mred") != std::string::npos);
    CHECK(count_of(page, std::string(1000, 'n')) == 0);
    for (const Finding& finding : batch.findings) {
      for (const std::string& id : finding.events) {
        CHECK(page.find(fmt::format("id=\"ev-{}\"", id)) != std::string::npos);
        CHECK(page.find(fmt::format("href=\"#ev-{}\"", id)) != std::string::npos);
      }
    }
    CHECK(check_page(written->path) == 0);
  }
}

TEST_CASE("report: the same case gives the same bytes, readable by its owner only") {
  const Folder folder;
  const std::string dir = folder / "case";
  make_case(dir, hostile_batch());
  const auto first = write_report(request(dir, "ja"));
  const auto second = write_report(request(dir, "ja"));
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->sha256 == second->sha256);
  struct stat status {};
  REQUIRE(::stat(first->path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(!std::filesystem::exists(dir + "/report.html.part"));
}

TEST_CASE("report: says what, when, how sure and what else could be") {
  const Folder folder;
  const std::string dir = folder / "case";
  make_case(dir, hostile_batch());
  const auto written = write_report(request(dir, "ja"));
  REQUIRE(written);
  const std::string page = read_file(written->path);
  for (const char* part :
       {"2026-04-10 19:31:08.123 +09:00 (10:31:08 UTC)", "可能性が非常に高い", "指示による控えの作成",
        "操作した人は示せません", "T1560.001", "内部犯行", "270,532,608 バイト(258.0 MiB)", "途中で終わる",
        "時間帯の記録なし", "2026-04-11 18:05:00 +09:00 (09:05:00 UTC)", "不明(記録からは理由は分かりません)",
        "保管記録 1 件"}) {
    CAPTURE(part);
    CHECK(page.find(part) != std::string::npos);
  }
  // A local time without its zone is shown as it was read.
  CHECK(page.find("2026-04-10 10:31:07 [時間帯の記録なし]") != std::string::npos);
  const auto english = write_report(request(dir, "en"));
  REQUIRE(english);
  const std::string en = read_file(english->path);
  for (const char* part : {"very likely", "A backup made by order", "cut short", "zone not recorded"}) {
    CAPTURE(part);
    CHECK(en.find(part) != std::string::npos);
  }
}

TEST_CASE("report: an empty case has a report that says so") {
  const Folder folder;
  const std::string dir = folder / "case";
  {
    auto made = CaseFolder::create(dir, CaseInit{});
    REQUIRE(made);
    auto database = CaseDb::open(made->database_path());
    REQUIRE(database);
    REQUIRE(database->close());
  }
  for (const std::string lang : {"ja", "en"}) {
    const auto written = write_report(request(dir, lang));
    REQUIRE(written);
    CHECK(check_page(written->path) == 0);
  }
  CHECK(read_file(dir + "/report.html").find("No evidence has been read into this case yet") != std::string::npos);
}

TEST_CASE("report: limits count what they leave out") {
  const Folder folder;
  const std::string dir = folder / "case";
  make_case(dir, hostile_batch());
  ReportRequest small = request(dir, "en");
  small.limits.timeline = 3;
  small.limits.findings = 1;
  small.limits.files = 2;
  const auto written = write_report(small);
  REQUIRE(written);
  CHECK(written->events_shown == 3);
  const std::string page = read_file(written->path);
  CHECK(page.find("12 events are recorded; 3 of them are shown here") != std::string::npos);
  CHECK(page.find("1 of 2 findings are shown") != std::string::npos);
  CHECK(page.find("2 of 10 are shown") != std::string::npos);
  CHECK(check_page(written->path) == 0);
}

TEST_CASE("report: a changed custody log is said on the page") {
  const Folder folder;
  const std::string dir = folder / "case";
  make_case(dir, hostile_batch());
  std::string log = read_file(dir + "/custody.jsonl");
  log.replace(log.find("lab01"), 5, "lab02");
  std::ofstream(dir + "/custody.jsonl", std::ios::binary | std::ios::trunc) << log;
  const auto written = write_report(request(dir, "en"));
  REQUIRE(written);
  CHECK(read_file(written->path).find("The chain of entries does not fit") != std::string::npos);
}

TEST_CASE("report: a bad language, zone or folder is a usage error and writes nothing") {
  const Folder folder;
  const std::string dir = folder / "case";
  make_case(dir, BatchRecords{});
  ReportRequest bad = request(dir, "fr");
  CHECK(write_report(bad).error().code == ErrorCode::kUsage);
  bad = request(dir, "ja");
  bad.tz = "Nowhere";
  CHECK(write_report(bad).error().code == ErrorCode::kUsage);
  CHECK(!std::filesystem::exists(dir + "/report.html"));
  CHECK(write_report(request(folder / "absent", "ja")).error().code != ErrorCode::kInternal);
}
