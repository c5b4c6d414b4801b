// SPDX-License-Identifier: Apache-2.0
// A small case with hostile texts, made through the store's own interface.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "report/report.h"
#include "store/case_db.h"
#include "store/custody.h"
#include "unit/fixed_clock.h"

namespace triage::report_test {

/// A folder that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-report-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;  // leftovers of a failed test do no harm
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline const std::string kEvidence = "e0123456789abcdef";
inline constexpr std::int64_t kEvening = 1775817067123000000;  ///< 2026-04-10T10:31:07.123Z

/// Names that would break a page that trusted them.
inline const std::vector<std::string> kHostile = {
    "/Users/u/<script>alert(1)</script>.txt",
    "/Users/u/</style><img src=x onerror=alert(1)>",
    "/Users/u/\xE2\x80\xAEgpj.exe",
    "/Users/u/\"onmouseover=alert(1) x='y'",
    "/Users/u/line\nbreak\ttab\x1b[31mred",
    "/Users/u/bad\xff\xfeutf8\xEF\xBF\xBF",
    "/Users/u/]]><!--&amp;&#0;",
    "javascript:alert(document.domain)",
};

inline IdentifiedEvent event(std::uint64_t number, const std::string& path, std::optional<std::int64_t> when,
                             const std::string& artifact = "fs.times") {
  IdentifiedEvent out;
  Event& e = out.event;
  e.when.utc_nanos = when;
  e.when.precision = Precision::kHundredNanoseconds;
  e.when.basis = TimeBasis::kUtc;
  e.when.status = when ? TimeStatus::kOk : TimeStatus::kNotSet;
  e.when_meaning = {Meaning::kCreated, Meaning::kModified};
  e.path = path;
  e.what = action::kFileCreated;
  e.object_kind = "file";
  e.object = path;
  e.artifact = artifact;
  e.artifact_version = 1;
  e.locator = {kEvidence, fmt::format("v1048576.i{}.a128-1", number), 0x1f0, 56, {}};
  e.source = path;
  out.id = event_id(e, 0);
  return out;
}

inline FileRecord deleted_file(std::uint64_t sequence, const std::string& path, FileGrade grade) {
  FileRecord out;
  out.evidence = kEvidence;
  out.sequence = sequence;
  out.stream = fmt::format("v1048576.i{}.a128-1", sequence);
  out.volume = 0;
  out.path = path;
  out.allocated = false;
  out.kind = "file";
  out.size = 59117;
  out.digests = Digests{std::string(32, 'a'), std::string(40, 'b'), std::string(64, 'c')};
  out.method = path.empty() ? "carved" : "metadata";
  out.grade = grade;
  out.saved = grade == FileGrade::kComplete;
  return out;
}

inline EvidenceRecord evidence(const std::string& name) {
  EvidenceRecord out;
  out.id = kEvidence;
  out.name = name;
  out.format = "raw";
  out.size = 270532608;
  out.key_kind = "image_sha256";
  out.key = std::string(64, 'd');
  out.sha256 = std::string(64, 'd');
  return out;
}

inline VolumeRecord volume() {
  VolumeRecord out;
  out.evidence = kEvidence;
  out.offset = ByteOffset{1048576};
  out.length = ByteCount{268435456};
  out.table = "gpt";
  out.description = "Basic data <b>partition</b>";
  out.file_system = "ntfs";
  out.status = "parsed";
  out.label = "OSDISK";
  out.serial = "5e0d1a2b3c4d5e6f";
  return out;
}

inline Finding finding(const std::string& rule, Severity severity, std::vector<std::string> events) {
  Finding out;
  out.rule = rule;
  out.claim = {"A customer list was packed into an archive <script>alert(2)</script>",
               "顧客名簿が圧縮ファイルにまとめられた <script>alert(2)</script>"};
  out.severity = severity;
  out.likelihood = Likelihood::kVeryLikely;
  out.quality = Quality::kHigh;
  out.events = std::move(events);
  out.alternatives = {"A backup made by order", "指示による控えの作成"};
  out.limits = {"Who sat at the machine is not shown", "操作した人は示せません"};
  out.technique = "T1560.001";
  out.question = "Was the list taken out?";
  out.step = "3";
  return out;
}

/// The records of the small case; ids of its events by place.
inline BatchRecords hostile_batch() {
  BatchRecords batch;
  std::uint64_t number = 0;
  for (const std::string& name : kHostile) {
    ++number;
    batch.events.push_back(event(number, name, kEvening + static_cast<std::int64_t>(number) * 1'000'000'000));
    batch.files.push_back(deleted_file(number, name, FileGrade::kComplete));
  }
  batch.events.push_back(event(++number, "/Users/u/" + std::string(65536, 'n'), kEvening));
  batch.events.push_back(event(++number, "/Users/u/no-time.txt", std::nullopt));
  IdentifiedEvent visit = event(++number, "", kEvening + 60'000'000'000, "browser.chromium");
  visit.event.path.reset();
  visit.event.what = action::kUrlVisited;
  visit.event.object_kind = "url";
  visit.event.object = "javascript:alert('url')";
  visit.event.remote = "https://upload.example/?q=<script>";
  visit.event.channel = "web";
  visit.event.attribute("title", "<title>&\"").attribute("visits", std::uint64_t{3});
  batch.events.push_back(visit);
  IdentifiedEvent fat = event(++number, "/営業/顧客名簿.csv", kEvening);
  fat.event.when.basis = TimeBasis::kUnknown;
  fat.event.when.precision = Precision::kTwoSeconds;
  batch.events.push_back(fat);
  batch.files.push_back(deleted_file(90, "", FileGrade::kComplete));
  batch.files.push_back(deleted_file(91, "/Users/u/送付先メモ.txt", FileGrade::kOverwritten));
  Damage damage;
  damage.evidence = kEvidence;
  damage.stream = "v1048576.i70.a128-1";
  damage.path = kHostile[0];
  damage.at = 4096;
  damage.kind = DamageKind::kTruncated;
  damage.detail = "expected 84 bytes, found <12>";
  damage.consumer = "windows.prefetch";
  batch.damages.push_back(damage);
  batch.findings.push_back(finding("leak.archive", Severity::kHigh, {batch.events[0].id, batch.events[8].id}));
  Finding content = finding("yara.eicar", Severity::kCritical, {});
  content.locator = {kEvidence, "v1048576.i71.a128-1", 0, 68, {}};
  content.path = kHostile[1];
  content.details = R"({"description":"the test file <b>","reference":"https://www.eicar.example/","match_count":2})";
  batch.findings.push_back(content);
  return batch;
}

/// A finished case at `dir`.
inline void make_case(const std::string& dir, const BatchRecords& batch) {
  CaseInit init;
  init.organisation = "見本商事 <script>alert(3)</script>";
  init.leak_type = "insider";
  auto folder = CaseFolder::create(dir, init);
  REQUIRE(folder);
  auto database = CaseDb::open(folder->database_path());
  REQUIRE(database);
  REQUIRE(database->begin_evidence(evidence("laptop.img"), kEvening));
  REQUIRE(database->write_map(kEvidence, {volume()}, {}, 1, "plan"));
  REQUIRE(database->write_batch(kEvidence, 0, batch));
  REQUIRE(database->finish_evidence(kEvidence, 270532608, kEvening + 60'000'000'000));
  const FixedClock clock{1775900000000000000};
  auto custody = Custody::open(*folder, *database, clock);
  REQUIRE(custody);
  RunEntry run;
  run.host = "lab01";
  run.argv = {"triage", "run", "laptop.img", "--case", "it's <here>"};
  run.tool_version = "0.1.0";
  run.start = "2026-04-11T09:00:00Z";
  run.end = "2026-04-11T09:04:00Z";
  run.exit_status = 1;
  run.inputs = {{kEvidence, "laptop.img", 270532608, std::string(64, 'd')}};
  run.damage = {{"truncated", 1}};
  REQUIRE(custody->append("run", run.fields()));
  REQUIRE(database->close());
}

inline ReportRequest request(const std::string& dir, const std::string& lang) {
  ReportRequest out;
  out.case_dir = dir;
  out.lang = lang;
  out.tz = "Asia/Tokyo";
  out.generated_at = "2026-04-11T09:05:00Z";
  return out;
}

}  // namespace triage::report_test
