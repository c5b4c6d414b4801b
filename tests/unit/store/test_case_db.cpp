// SPDX-License-Identifier: Apache-2.0
#include "store/case_db.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_fixture.h"

using namespace triage;
using namespace triage::store_test;

namespace {

CaseDb open_begun(const std::string& path, std::uint64_t batches) {
  auto db = CaseDb::open(path);
  REQUIRE(db);
  REQUIRE(db->begin_evidence(evidence_record(), 1'700'000'000'000'000'000));
  REQUIRE(db->write_map(kEvidence, {}, {}, batches, "plan"));
  return std::move(*db);
}

BatchRecords batch_of(std::uint64_t index, std::uint64_t count) {
  BatchRecords out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t number = index * count + i + 1;
    const std::string path = fmt::format("/docs/{}.txt", number);
    out.files.push_back(file_record(number, path));
    out.events.push_back(event_record(number, path, static_cast<std::int64_t>(number) * 1'000'000'000));
  }
  return out;
}

std::string sqlite(const std::string& path, const std::string& sql) {
  return output_of("sqlite3 -readonly '" + path + "' \"" + sql + "\"");
}

}  // namespace

TEST_CASE("case.db: sqlite3 reads from the closed file what was written") {
  const Folder folder;
  const std::string path = folder / "case.db";
  {
    CaseDb db = open_begun(path, 1);
    VolumeRecord volume;
    volume.evidence = kEvidence;
    volume.offset = ByteOffset{1048576};
    volume.length = ByteCount{4096};
    volume.table = "dos";
    volume.file_system = "ntfs";
    volume.status = "parsed";
    Damage damage;
    damage.kind = DamageKind::kBadMagic;
    damage.detail = "expected FILE";
    damage.consumer = "evidence.map";
    REQUIRE(db.write_map(kEvidence, {volume}, {damage}, 1, "plan"));
    REQUIRE(db.write_map(kEvidence, {volume}, {damage}, 1, "plan"));  // resumed: the same again
    BatchRecords batch = batch_of(0, 2);
    batch.files[0].digests = Digests{std::string(32, '1'), std::string(40, '2'), std::string(64, '3')};
    batch.events[0].event.attribute("run_count", std::uint64_t{7});
    batch.damages.push_back(damage);
    REQUIRE(db.write_batch(kEvidence, 0, batch));
    CHECK(db.has_allocated_sha256(std::string(64, '3')));
    CHECK_FALSE(db.has_allocated_sha256(std::string(64, '4')));
    REQUIRE(db.finish_evidence(kEvidence, 1048576, 1'700'000'001'000'000'000));
    REQUIRE(db.close());
  }
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK(sqlite(path, "PRAGMA integrity_check") == "ok");
  CHECK(sqlite(path, "SELECT id, state, done_batches, started, finished FROM evidence") ==
        kEvidence + "|finished|1|2023-11-14T22:13:20Z|2023-11-14T22:13:21Z");
  CHECK(sqlite(path, "SELECT evidence, volume, offset, file_system FROM volumes") == kEvidence + "|0|1048576|ntfs");
  CHECK(sqlite(path, "SELECT path, inode, allocated, kind, md5, runs, stream FROM files WHERE sequence = 1") ==
        "/docs/1.txt|1|1|file|" + std::string(32, '1') + "|[[4096,5,0]]|v1048576.i1.a128-1");
  CHECK(sqlite(path, "SELECT \\\"when\\\", when_ns, when_meaning, path, object, what, locator, attributes FROM events "
                     "ORDER BY when_ns LIMIT 1") ==
        "1970-01-01T00:00:01.0000000Z|1000000000|created,modified|/docs/1.txt|/docs/1.txt|file.created|" + kEvidence +
            "/v1048576.i1.a128-1@0x1f0+56|{\"run_count\":7}");
  CHECK(sqlite(path, "SELECT count(*), min(kind) FROM damage") == "2|bad_magic");
  CHECK(sqlite(path, "SELECT method IS NULL, grade IS NULL, sha1 IS NULL FROM files WHERE sequence = 2") == "1|1|1");
}

TEST_CASE("case.db: the view's order by time is answered by an index") {
  const Folder folder;
  const std::string path = folder / "case.db";
  CaseDb db = open_begun(path, 0);
  REQUIRE(db.finish_evidence(kEvidence, 0, 1));
  REQUIRE(db.close());
  const std::string plan = sqlite(path, "EXPLAIN QUERY PLAN SELECT * FROM events WHERE when_ns > 5 ORDER BY when_ns, id");
  CHECK(plan.find("i_event_when") != std::string::npos);
  CHECK(plan.find("TEMP B-TREE") == std::string::npos);
}

TEST_CASE("case.db: a batch out of order, unknown or finished evidence is refused and changes nothing") {
  const Folder folder;
  CaseDb db = open_begun(folder / "case.db", 2);
  CHECK(db.write_batch(kEvidence, 1, batch_of(1, 1)).error().code == ErrorCode::kInternal);
  CHECK(db.write_batch("e00", 0, batch_of(0, 1)).error().code == ErrorCode::kInternal);
  REQUIRE(db.write_batch(kEvidence, 0, batch_of(0, 1)));
  CHECK_FALSE(db.write_batch(kEvidence, 0, batch_of(0, 1)));
  CHECK_FALSE(db.finish_evidence(kEvidence, 1, 1));
  CHECK(db.write_map(kEvidence, {}, {}, 2, "other plan").error().code == ErrorCode::kVerification);
  REQUIRE(db.write_batch(kEvidence, 1, batch_of(1, 1)));
  REQUIRE(db.finish_evidence(kEvidence, 1, 1));
  CHECK(db.begin_evidence(evidence_record(), 2).error().code == ErrorCode::kUsage);
  CHECK(db.event_count() == 2);
  CHECK(db.progress(kEvidence)->finished);
  CHECK_FALSE(db.progress("e00")->known);
}
