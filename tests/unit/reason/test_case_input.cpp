// SPDX-License-Identifier: Apache-2.0
// The reasoner over a real case.db: facts of files and volumes, order of time, the same findings each time.
#include "../store/store_fixture.h"
#include "reason_fixture.h"
#include "store/case_db.h"

using namespace triage;
using namespace triage::reason_test;
namespace st = triage::store_test;

namespace {

constexpr std::int64_t kHourNs = std::int64_t{3600} * 1'000'000'000;
const std::string kStick = "e00000000000000aa";

VolumeRecord volume(const std::string& evidence, std::uint64_t offset, const std::string& system,
                    const std::string& serial) {
  VolumeRecord out;
  out.evidence = evidence;
  out.offset = ByteOffset{offset};
  out.length = ByteCount{1 << 20};
  out.file_system = system;
  out.serial = serial;
  out.status = "parsed";
  return out;
}

FileRecord file(const std::string& evidence, const std::string& path, const std::string& sha256) {
  FileRecord out = st::file_record(7, path);
  out.evidence = evidence;
  out.size = 4096;
  out.digests = Digests{std::string(32, '0'), std::string(40, '0'), sha256};
  return out;
}

/// A shortcut to E:\list.csv: made there at `created`, last written at `modified`.
std::vector<IdentifiedEvent> shortcut(std::int64_t created, std::int64_t modified) {
  std::vector<IdentifiedEvent> out;
  std::uint64_t number = 100;
  for (const auto& [what, at] :
       {std::pair(action::kFileCreated, created), std::pair(action::kFileModified, modified)}) {
    IdentifiedEvent one = st::event_record(++number, "E:\\list.csv", at);
    one.event.what = what;
    one.event.artifact = "windows.lnk";
    one.event.source = "/Users/a/Recent/list.lnk";
    one.event.volume = "a1b2c3d4";
    one.event.channel = "usb";
    one.event.attribute("drive_type", "removable");
    one.id = event_id(one.event, static_cast<std::uint32_t>(number));
    out.push_back(std::move(one));
  }
  return out;
}

void fill(CaseDb& db, bool with_stick) {
  REQUIRE(db.begin_evidence(st::evidence_record(), 1));
  REQUIRE(db.write_map(st::kEvidence, {volume(st::kEvidence, 1048576, "ntfs", "24edea8f3d861e90")}, {}, 1, "plan"));
  BatchRecords records;
  records.files = {file(st::kEvidence, "/Users/a/list.csv", std::string(64, 'c'))};
  records.events = shortcut(100 * kHourNs, 90 * kHourNs);
  REQUIRE(db.write_batch(st::kEvidence, 0, records));
  REQUIRE(db.finish_evidence(st::kEvidence, 0, 2));
  if (!with_stick) return;
  REQUIRE(db.begin_evidence(st::evidence_record(kStick), 1));
  REQUIRE(db.write_map(kStick, {volume(kStick, 1048576, "fat32", "a1b2c3d4")}, {}, 1, "plan"));
  BatchRecords stick;
  stick.files = {file(kStick, "/list.csv", std::string(64, 'c')), file(kStick, "/other.csv", std::string(64, 'd'))};
  stick.files[1].sequence = 8;
  // What an archive on the stick holds: one member is the list, one is not.
  for (const auto& [name, digit] : {std::pair("/a.zip/inner.csv", 'c'), std::pair("/a.zip/new.csv", 'e')}) {
    FileRecord member = file(kStick, name, std::string(64, digit));
    member.sequence = 9;
    member.kind = "child";
    member.method = "carved";
    member.stream = "v1048576.i9.a1-0|zip@0";
    stick.files.push_back(member);
  }
  IdentifiedEvent made = st::event_record(9, "/list.csv", 109 * kHourNs);  // 9 hours off: FAT keeps local time
  made.event.when.basis = TimeBasis::kUnknown;
  made.event.locator.evidence = kStick;
  made.id = event_id(made.event, 9);
  stick.events = {made};
  REQUIRE(db.write_batch(kStick, 0, stick));
  REQUIRE(db.finish_evidence(kStick, 0, 2));
}

std::string dump(CaseDb& db) {
  std::string out;
  REQUIRE(for_each_finding(db.database(), [&out](const Statement& row) -> Result<bool> {
    out += finding_json(row) + "\n";
    return true;
  }));
  return out;
}

RuleSet installed() {
  auto rules = load_rules({TRIAGE_SOURCE_DIR "/rules/leak"}, {});
  REQUIRE(rules);
  return *std::move(rules);
}

}  // namespace

TEST_CASE("a shortcut alone makes a copy likely; the stick at hand with the same content makes it almost certain") {
  for (const bool with_stick : {false, true}) {
    const st::Folder folder;
    auto db = CaseDb::open(folder / "case.db");
    REQUIRE(db);
    fill(*db, with_stick);
    const auto found = reason_case(*db, installed(), {});
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    const Finding& finding = found->front();
    CHECK(finding.rule == "leak.removable_copy");
    CHECK(finding.claim.en.find("list.csv") != std::string::npos);
    CHECK(finding.claim.en.find("other.csv") == std::string::npos);
    CHECK((finding.claim.en.find("inner.csv") != std::string::npos) == with_stick);
    CHECK(finding.claim.en.find("new.csv") == std::string::npos);
    CHECK(finding.likelihood == (with_stick ? Likelihood::kAlmostCertain : Likelihood::kLikely));
    CHECK(finding.quality == (with_stick ? Quality::kHigh : Quality::kMedium));
    CHECK(finding.events.size() == (with_stick ? 3U : 2U));
    CHECK(db->database().integer(
              "SELECT count(*) FROM findings f, json_each(f.events) j JOIN events e ON e.id = j.value") ==
          (with_stick ? 3 : 2));
  }
}

TEST_CASE("drawing findings again gives the same ones, byte for byte, and leaves content findings alone") {
  const st::Folder folder;
  auto db = CaseDb::open(folder / "case.db");
  REQUIRE(db);
  fill(*db, true);
  Finding content;
  content.rule = "yara.x";
  content.locator.evidence = st::kEvidence;
  content.locator.stream = "v1048576.i7.a128-1";
  REQUIRE(db->replace_findings("content", {content}));
  REQUIRE(reason_case(*db, installed(), {}));
  const std::string first = dump(*db);
  REQUIRE(reason_case(*db, installed(), {}));
  CHECK(dump(*db) == first);
  CHECK(first.find("\"origin\":\"content\"") != std::string::npos);
  CHECK(first.find("\"origin\":\"reason\"") != std::string::npos);
}

TEST_CASE("encrypted volumes of two media are two findings with ids of their own") {
  const st::Folder folder;
  auto db = CaseDb::open(folder / "case.db");
  REQUIRE(db);
  for (const std::string& evidence : {st::kEvidence, kStick}) {
    REQUIRE(db->begin_evidence(st::evidence_record(evidence), 1));
    VolumeRecord locked = volume(evidence, 1048576, "", "");
    locked.encryption = "bitlocker";
    REQUIRE(db->write_map(evidence, {locked}, {}, 0, "plan"));
    REQUIRE(db->finish_evidence(evidence, 0, 2));
  }
  const auto found = reason_case(*db, installed(), {});
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK(found->at(0).rule == "leak.encrypted_volume");
  CHECK(found->at(0).locator.evidence == kStick);  // in the order of their ids
  CHECK(db->database().integer("SELECT count(DISTINCT id) FROM findings") == 2);
}

TEST_CASE("a case without events, and one without rules, has no findings") {
  const st::Folder folder;
  auto db = CaseDb::open(folder / "case.db");
  REQUIRE(db);
  CHECK(reason_case(*db, installed(), {})->empty());
  fill(*db, true);
  CHECK(reason_case(*db, RuleSet{}, {})->empty());
}
