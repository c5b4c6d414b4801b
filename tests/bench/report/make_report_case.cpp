// SPDX-License-Identifier: Apache-2.0
// make_report_case DIR EVENTS: a case with that many events over three years, made through the store as a run makes it:
// file records for the most part, logons, programs, browser visits, devices, and a finding for every 2,000 events.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/clock.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/custody.h"
#include "store/export_timeline.h"

using namespace triage;

namespace {

constexpr std::int64_t kLast = 1'775'817'067'123'000'000;  // 2026-04-10T10:31:07Z
constexpr std::int64_t kSpanSeconds = 3LL * 365 * 86'400;
constexpr std::uint64_t kBatch = 5000;
const std::string kEvidence = "e0123456789abcdef";

/// The same numbers each time.
std::uint64_t spread(std::uint64_t number) {
  std::uint64_t x = number * 0x9E3779B97F4A7C15ULL;
  x ^= x >> 29U;
  x *= 0xBF58476D1CE4E5B9ULL;
  return x ^ (x >> 32U);
}

IdentifiedEvent event(std::uint64_t number) {
  const std::uint64_t random = spread(number);
  IdentifiedEvent out;
  Event& e = out.event;
  e.when.utc_nanos = kLast - static_cast<std::int64_t>(random % kSpanSeconds) * 1'000'000'000;
  e.when.precision = Precision::kHundredNanoseconds;
  e.when.basis = TimeBasis::kUtc;
  e.when.status = TimeStatus::kOk;
  e.artifact_version = 1;
  e.host = number % 3 == 0 ? "PC-01" : "PC-02";
  e.who = fmt::format("user{}", random % 7);
  e.locator = {kEvidence, fmt::format("v1048576.i{}.a128-1", number), random % 4096, 56, {}};
  const std::string path =
      number % 10 == 0 ? fmt::format("/Users/user{}/Documents/資料{}/file{}.xlsx", random % 7, number / 100, number)
                       : fmt::format("/Windows/System32/folder{}/file{}.dll", number / 100, number);
  e.source = path;
  switch (number % 20) {
    case 0: e.artifact = "windows.evtx", e.what = action::kLogonSucceeded, e.remote = "192.0.2.7"; break;
    case 1: e.artifact = "windows.prefetch", e.what = action::kProgramRun, e.program = "7z.exe"; break;
    case 2:
      e.artifact = "browser.chromium", e.what = action::kUrlVisited, e.channel = "web";
      e.object = fmt::format("https://upload.example/{}", number);
      break;
    case 3: e.artifact = "windows.registry.usbstor", e.what = action::kDeviceConnected, e.channel = "usb"; break;
    default:
      e.artifact = "fs.times", e.what = action::kFileModified, e.path = path, e.object = path, e.object_kind = "file";
      e.when_meaning = {Meaning::kModified};
  }
  out.id = event_id(e, 0);
  return out;
}

Finding finding(const BatchRecords& batch, std::uint64_t number) {
  Finding out;
  out.rule = fmt::format("leak.rule{}", number % 15);
  out.claim = {"Files were copied to removable media", "外部媒体へのファイルの複写が記録されています"};
  out.severity = static_cast<Severity>(number % 5);
  out.likelihood = static_cast<Likelihood>(1 + number % 7);
  for (std::size_t i = 0; i < 40; ++i) out.events.push_back(batch.events[i * 7 % batch.events.size()].id);
  out.alternatives = {"A copy made by order", "指示による複写"};
  out.limits = {"Who sat at the machine is not shown", "操作した人は示せません"};
  out.technique = "T1052.001";
  out.question = number % 2 == 0 ? "exfil_channel_used" : "data_staged";
  out.step = std::to_string(1 + number % 6);
  return out;
}

Status make_case(const std::string& dir, std::uint64_t count) {
  CaseInit init;
  init.organisation = "見本商事";
  init.leak_type = "insider";
  init.knew_time = "2026-04-05T09:00:00+09:00";
  TRIAGE_TRY(CaseFolder folder, CaseFolder::create(dir, init));
  TRIAGE_TRY(CaseDb database, CaseDb::open(folder.database_path()));
  EvidenceRecord evidence;
  evidence.id = kEvidence;
  evidence.name = "laptop.img";
  evidence.format = "raw";
  evidence.size = 256'000'000'000;
  evidence.key_kind = "image_sha256";
  evidence.key = std::string(64, 'd');
  evidence.sha256 = evidence.key;
  TRIAGE_TRY_STATUS(database.begin_evidence(evidence, kLast));
  TRIAGE_TRY_STATUS(database.write_map(kEvidence, {}, {}, (count + kBatch - 1) / kBatch, "plan"));
  std::uint64_t index = 0;
  for (std::uint64_t number = 0; number < count; ++index) {
    BatchRecords batch;
    for (std::uint64_t i = 0; i < kBatch && number < count; ++i) batch.events.push_back(event(number++));
    for (std::uint64_t i = 0; i < kBatch / 2000; ++i) batch.findings.push_back(finding(batch, index * 2 + i));
    TRIAGE_TRY_STATUS(database.write_batch(kEvidence, index, batch));
  }
  TRIAGE_TRY_STATUS(database.finish_evidence(kEvidence, evidence.size, kLast));
  TRIAGE_TRY_STATUS(export_case(folder, database, DisplayZone{}));
  return database.close();
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (count == 0) {
    std::fputs("usage: make_report_case DIR EVENTS\n", stderr);
    return 2;
  }
  const Status made = make_case(argv[1], count);
  if (made) return 0;
  std::fputs((made.error().text() + "\n").c_str(), stderr);
  return 1;
}
