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

TEST_CASE("case.db: neither the file nor its log can be read by others") {
  const Folder folder;
  const std::string path = folder / "case.db";
  const mode_t before = ::umask(0);
  CaseDb db = open_begun(path, 1);
  REQUIRE(db.write_batch(kEvidence, 0, batch_of(0, 2)));
  ::umask(before);
  for (const std::string& name : {path, path + "-wal", path + "-shm"}) {
    struct stat facts {};
    REQUIRE(::stat(name.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
  }
}

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
  CHECK(sqlite(path,
               "SELECT \\\"when\\\", when_ns, when_meaning, path, object, what, locator, attributes FROM events "
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
  const std::string plan =
      sqlite(path, "EXPLAIN QUERY PLAN SELECT * FROM events WHERE when_ns > 5 ORDER BY when_ns, id");
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

TEST_CASE("case.db: a batch in steps counts as one, and one left open is rolled back at close") {
  const Folder folder;
  const std::string path = folder / "case.db";
  {
    CaseDb db = open_begun(path, 2);
    REQUIRE(db.begin_batch(kEvidence, 0));
    REQUIRE(db.add_records(batch_of(0, 3)));
    REQUIRE(db.add_records(batch_of(1, 3)));
    REQUIRE(db.commit_batch());
    REQUIRE(db.begin_batch(kEvidence, 1));
    REQUIRE(db.add_records(batch_of(2, 3)));
    REQUIRE(db.close());
  }
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK(sqlite(path, "SELECT done_batches, (SELECT count(*) FROM events) FROM evidence") == "1|6");
  CaseDb db = open_begun(path, 2);
  REQUIRE(db.write_batch(kEvidence, 1, batch_of(2, 3)));
  CHECK(sqlite(path, "SELECT count(*), count(DISTINCT path), count(path) FROM events") == "9|9|9");
}

TEST_CASE("case.db: finishing fills hard links, marks carved copies and joins findings to their file's events") {
  const Folder folder;
  const std::string path = folder / "case.db";
  CaseDb db = open_begun(path, 2);
  BatchRecords first = batch_of(0, 2);
  const Digests digests{std::string(32, 'a'), std::string(40, 'b'), std::string(64, 'c')};
  first.files[0].digests = digests;
  first.files[0].type = "pdf";
  first.files[1].alias_of = 1;
  Finding finding;
  finding.rule = "eicar";
  finding.claim = {"test file", "試験用ファイル"};
  finding.locator = {kEvidence, "v1048576.i1.a128-1", 0, 68, {}};
  finding.path = "/docs/1.txt";
  finding.details = "{\"strings\":[\"$a\"]";  // not whole: kept as text
  first.findings.push_back(finding);
  REQUIRE(db.write_batch(kEvidence, 0, first));
  BatchRecords second;
  FileRecord carved = file_record(0, "$Carved/x.pdf");
  carved.allocated = false;
  carved.method = "carved";
  carved.grade = FileGrade::kComplete;
  carved.digests = digests;
  carved.saved = true;
  second.files.push_back(carved);
  OutputRecord output;
  output.sha256 = digests.sha256;
  output.extension = "pdf";
  output.carved = true;
  second.outputs.push_back(output);
  second.events.push_back(event_record(900, "/docs/1.txt", std::nullopt));
  second.events.push_back(event_record(901, "/docs/1.txt", -5));
  REQUIRE(db.write_batch(kEvidence, 1, second));
  REQUIRE(db.finish_evidence(kEvidence, 1, 1));
  REQUIRE(db.finish_evidence(kEvidence, 1, 1));
  REQUIRE(db.close());
  CHECK(sqlite(path, "SELECT sha256, type FROM files WHERE sequence = 2") == digests.sha256 + "|pdf");
  CHECK(sqlite(path, "SELECT duplicate, saved, saved_as, grade FROM files WHERE method = 'carved'") ==
        "1|1|cc/" + std::string(32, 'c') + ".pdf|complete");
  CHECK(sqlite(path, "SELECT sum(duplicate) FROM files") == "1");
  const std::string expected =
      fmt::format("[\"{}\",\"{}\",\"{}\"]", event_record(901, "/docs/1.txt", -5).id,
                  event_record(1, "/docs/1.txt", 1).id, event_record(900, "/docs/1.txt", {}).id);
  CHECK(sqlite(path, "SELECT events FROM findings") == expected);
  CHECK(sqlite(path, "SELECT json_extract(details, '$.text'), claim_ja FROM findings") ==
        "{\"strings\":[\"$a\"]|試験用ファイル");
}

TEST_CASE(
    "case.db: text from evidence with NUL and invalid UTF-8 is readable by any client, forged numbers stay JSON") {
  const Folder folder;
  const std::string path = folder / "case.db";
  CaseDb db = open_begun(path, 1);
  BatchRecords batch;
  batch.events.push_back(event_record(1, std::string("/a\0b\xff", 5), 1));
  batch.events[0].event.attributes.push_back({"n", "1,\"x\":2", true});
  batch.events[0].event.attributes.push_back({"m", "-12.50", true});
  batch.files.push_back(file_record(1, "/c"));
  batch.files[0].raw_path = std::string("/\0\xff", 3);
  batch.files[0].inode = ~0ULL;
  REQUIRE(db.write_batch(kEvidence, 0, batch));
  REQUIRE(db.finish_evidence(kEvidence, 1, 1));
  REQUIRE(db.close());
  CHECK(output_of("python3 -c \"import sqlite3,json;c=sqlite3.connect('" + path +
                  "');r=c.execute('select path,attributes from events').fetchone();print(r[0],json.loads(r[1]));"
                  "print(c.execute('select hex(raw_path),inode from files').fetchone())\"") ==
        "/a\\x00b\\xff {'n': '1,\"x\":2', 'm': -12.5}\n('2F00FF', 9223372036854775807)");
}

TEST_CASE("case.db: kill -9 at any moment leaves whole batches and says which are there") {
  const Folder folder;
  const std::string path = folder / "case.db";
  constexpr std::uint64_t kBatches = 1000000;
  { CaseDb db = open_begun(path, kBatches); }
  std::uint64_t before = 0;
  for (int round = 0; round < 25; ++round) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto db = CaseDb::open(path);
      if (!db || !db->begin_evidence(evidence_record(), 1)) ::_exit(1);
      for (std::uint64_t i = db->progress(kEvidence)->next_batch;; ++i) {
        if (!db->write_batch(kEvidence, i, batch_of(i, 50))) ::_exit(2);
      }
    }
    ::usleep(static_cast<useconds_t>(20000 + round * 3700));
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    auto db = CaseDb::open(path);
    REQUIRE(db);
    const auto progress = db->progress(kEvidence);
    REQUIRE(progress);
    CHECK(progress->next_batch >= before);
    before = progress->next_batch;
    CHECK(db->event_count() == before * 50);
    CHECK(*db->database().integer("SELECT count(*) FROM t_file") == static_cast<std::int64_t>(before * 50));
    CHECK(*db->database().integer("SELECT count(DISTINCT id) FROM events") == static_cast<std::int64_t>(before * 50));
    REQUIRE(db->close());
  }
  CHECK(before > 0);
  CHECK(sqlite(path, "PRAGMA integrity_check") == "ok");
}

TEST_CASE("case.db: a full disk is an output error, and what was recorded before is kept" *
          doctest::skip(::geteuid() != 0)) {
  const Folder folder;
  const std::string disk = folder / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=3m") != 0) {
    MESSAGE("skipped: no right to mount a small disk");
    return;
  }
  {
    CaseDb db = open_begun(disk + "/case.db", 100000);
    std::uint64_t done = 0;
    Status status;
    while (status && done < 100000) {
      status = db.write_batch(kEvidence, done, batch_of(done, 200));
      if (status) ++done;
    }
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::kOutput);
    CHECK(done > 0);
    CHECK(db.progress(kEvidence)->next_batch == done);
    CHECK(db.event_count() == done * 200);
    (void)::mount("none", disk.c_str(), "tmpfs", MS_REMOUNT, "size=64m");
    CHECK(db.write_batch(kEvidence, done, batch_of(done, 200)));
    CHECK(db.event_count() == (done + 1) * 200);
    // One path, one text: the rollback took the cached texts with it.
    CHECK(*db.database().integer("SELECT count(*) FROM events WHERE path IS NULL") == 0);
    CHECK(db.close());
  }
  CHECK(sqlite(disk + "/case.db", "PRAGMA integrity_check") == "ok");
  (void)::umount2(disk.c_str(), MNT_DETACH);
}

TEST_CASE("case.db: another program's database and a newer version are refused") {
  const Folder folder;
  output_of("sqlite3 '" + (folder / "other.db") + "' 'CREATE TABLE a(b)'");
  CHECK(CaseDb::open(folder / "other.db").error().code == ErrorCode::kUsage);
  write_file(folder / "text.db", std::string(5000, 'x'));
  CHECK(CaseDb::open(folder / "text.db").error().code == ErrorCode::kVerification);
  { CaseDb db = open_begun(folder / "case.db", 1); }
  output_of("sqlite3 '" + (folder / "case.db") + "' 'PRAGMA user_version=99'");
  CHECK(CaseDb::open(folder / "case.db").error().code == ErrorCode::kUsage);
  CHECK(open_case_for_reading(folder / "case.db").error().code == ErrorCode::kUsage);
  CHECK(open_case_for_reading(folder / "absent.db").error().code == ErrorCode::kUsage);
  std::filesystem::create_symlink(folder / "other.db", folder / "link.db");
  CHECK_FALSE(CaseDb::open(folder / "link.db"));
}
