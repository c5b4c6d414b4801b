// SPDX-License-Identifier: Apache-2.0
#include "store/export_timeline.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/content_store.h"
#include "store/custody.h"
#include "store/verify.h"
#include "store_fixture.h"

using namespace triage;
using namespace triage::store_test;

namespace {

/// A finished case with hostile names.
struct FinishedCase {
  FinishedCase() {
    auto made = CaseFolder::open_or_create(folder / "case", {});
    REQUIRE(made);
    case_folder.emplace(std::move(*made));
    auto opened = CaseDb::open(case_folder->database_path());
    REQUIRE(opened);
    db.emplace(std::move(*opened));
    REQUIRE(db->begin_evidence(evidence_record(), 1));
    REQUIRE(db->write_map(kEvidence, {}, {}, 1, "plan"));
    BatchRecords batch;
    std::uint64_t number = 0;
    for (const std::string& path : paths()) {
      ++number;
      batch.files.push_back(file_record(number, path));
      batch.events.push_back(event_record(number, path, 1'700'000'000'000'000'000 - static_cast<std::int64_t>(number)));
    }
    batch.events.push_back(event_record(99, "/untimed", std::nullopt));
    batch.events[0].event.who = "user_1";
    batch.events[1].event.who = "userX1";
    batch.events[0].event.uid = 1000;
    batch.events[2].event.channel = "usb";
    batch.events[2].event.artifact = "windows.registry.usbstor";
    Damage damage;
    damage.kind = DamageKind::kChecksum;
    damage.at = 512;
    damage.detail = "=1+1";
    batch.damages.push_back(damage);
    Finding finding;
    finding.rule = "eicar";
    finding.severity = Severity::kHigh;
    finding.claim = {"found", "発見"};
    finding.path = paths()[0];
    finding.locator = {kEvidence, "v1048576.i1.a128-1", 0, 68, {}};
    finding.details = R"({"strings":["$a"]})";
    batch.findings.push_back(finding);
    REQUIRE(db->write_batch(kEvidence, 0, batch));
    REQUIRE(db->finish_evidence(kEvidence, 7, 2));
  }
  static std::vector<std::string> paths() {
    return {"=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(1)",
            "\tx",
            "\rx",
            "\nx",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            "a\"b,c",
            "a\r\n\x1b[2J",
            "rtl\u202egnp.exe",
            "100%_sure\\",
            "日本語.txt"};
  }
  std::vector<std::string> ids(const TimelineFilter& filter) {
    std::vector<std::string> out;
    REQUIRE(for_each_event(db->database(), filter, [&](const Statement& row) -> Result<bool> {
      out.emplace_back(row.text(event_column("path")));
      return true;
    }));
    return out;
  }
  Folder folder;
  std::optional<CaseFolder> case_folder;
  std::optional<CaseDb> db;
};

}  // namespace

TEST_CASE("timeline: rows come by time, then id, without a time last") {
  FinishedCase one;
  const auto all = one.ids({});
  REQUIRE(all.size() == one.paths().size() + 1);
  CHECK(all.front() == one.paths().back());
  CHECK(all.back() == "/untimed");
  TimelineFilter filter;
  filter.limit = 3;
  CHECK(one.ids(filter).size() == 3);
  filter = {};
  filter.from_ns = 1'700'000'000'000'000'000 - 2;
  CHECK(one.ids(filter) == std::vector<std::string>{one.paths()[1], one.paths()[0]});
  filter.to_ns = 1'700'000'000'000'000'000 - 1;
  CHECK(one.ids(filter) == std::vector<std::string>{one.paths()[1]});
}

TEST_CASE("timeline: words match anywhere in their columns, wildcards of SQL are plain text") {
  FinishedCase one;
  TimelineFilter filter;
  filter.who = "USER_";
  CHECK(one.ids(filter) == std::vector<std::string>{one.paths()[0]});
  filter.who = "1000";
  CHECK(one.ids(filter) == std::vector<std::string>{one.paths()[0]});
  filter.who = "100";
  CHECK(one.ids(filter).empty());
  filter = {};
  filter.grep = "100%_SURE\\";
  CHECK(one.ids(filter) == std::vector<std::string>{"100%_sure\\"});
  filter.grep = "本語";
  CHECK(one.ids(filter).size() == 1);
  filter.grep = "' OR 1 --";
  CHECK(one.ids(filter).empty());
  filter = {};
  filter.how = "usb";
  CHECK(one.ids(filter).size() == 1);
  filter = {};
  filter.artifact = "windows.registry*";
  CHECK(one.ids(filter).size() == 1);
  filter.artifact = "windows.registry";
  CHECK(one.ids(filter).empty());
  filter = {};
  filter.where = kEvidence;
  CHECK(*count_events(one.db->database(), filter) == one.paths().size() + 1);
}

TEST_CASE("export: no CSV cell is a formula, a record is one line, and JSON Lines keep the raw value") {
  FinishedCase one;
  REQUIRE(export_case(*one.case_folder, *one.db, {}));
  const std::string base = one.folder / "case/3-investigation";
  const std::string script = R"(
import csv, json, subprocess, sys
base = sys.argv[1]
raw = open(base + '/timeline.csv', 'rb').read()
assert raw.startswith(b'\xef\xbb\xbfid,when,when_local,when_ns,'), raw[:60]
assert raw.count(b'\n') == raw.count(b'\r\n') == 18
rows = list(csv.DictReader(open(base + '/timeline.csv', encoding='utf-8-sig', newline='')))
for row in rows:
    for key, cell in row.items():
        if key in ('when_ns',): continue
        assert not cell.startswith(tuple('=+-@\t\r\n＝＋－＠')), cell
        assert not any(ord(c) < 32 or c in '\u202e\u2066' for c in cell), cell
lines = [json.loads(l) for l in subprocess.check_output(['zstd', '-dc', base + '/timeline.jsonl.zst']).splitlines()]
assert len(lines) == len(rows) == 17
keys = ('schema id when when_ns when_meaning when_basis when_precision when_raw who sid uid session host volume path '
        'remote what object_kind object object_size object_sha256 how channel program why artifact artifact_version '
        'evidence locator source record recovered partial attributes').split()
assert all(list(l) == keys for l in lines)
assert [l['when_ns'] for l in lines[:-1]] == sorted(l['when_ns'] for l in lines[:-1]) and lines[-1]['when_ns'] is None
assert {'+1', '\tx', '\rx', '\nx', '＝1', 'rtl\u202egnp.exe', 'a\r\n\x1b[2J', 'a"b,c'} <= {l['path'] for l in lines}
assert {r['path'] for r in rows} >= {"'+1", "'\\x09x", "'＝1", 'rtl\\u{202e}gnp.exe', 'a"b,c', '日本語.txt'}
assert rows[0]['when'] == '2023-11-14T22:13:19.9999999Z' and rows[0]['when_local'] == '2023-11-15T07:13:19.9999999+09:00'
assert rows[-1]['when'] == rows[-1]['when_local'] == rows[-1]['when_ns'] == ''
f = json.loads(open(base + '/findings.jsonl', encoding='utf-8').read())
assert f['claim_ja'] == '発見' and f['details'] == {'strings': ['$a']} and len(f['events']) == 1 and f['when'] is not None
d = json.loads(open(base + '/damage.jsonl').read())
assert d['kind'] == 'checksum' and d['at'] == 512 and d['schema'] == 'triage.damage.v1'
files = list(csv.DictReader(open(base + '/files.csv', encoding='utf-8-sig', newline='')))
assert len(files) == 16 and files[0]['sha256'] == ''
print('ok')
)";
  write_file(one.folder / "check.py", script);
  CHECK(output_of("python3 '" + (one.folder / "check.py") + "' '" + base + "' 2>&1") == "ok");
  CHECK(output_of("sha256sum < '" + base + "/timeline.csv'") == [&] {
    REQUIRE(export_case(*one.case_folder, *one.db, {}));
    return output_of("sha256sum < '" + base + "/timeline.csv'");
  }());
}

TEST_CASE("export: mactime reads the body file, and the times are those of fls") {
  FinishedCase one;
  std::string body;
  REQUIRE(write_bodyfile(one.db->database(), {}, [&](std::string_view text) -> Status {
    body += text;
    return {};
  }));
  CHECK(body.find("0|+1|2-128-1|-/----------|0|0|0|0|1699999999|0|1699999999\n") != std::string::npos);
  CHECK(body.find("0|=cmd\\x7c' /C calc'!A0|1-128-1|") == 0);
  write_file(one.folder / "body", body);
  if (output_of("command -v mactime").empty()) {
    MESSAGE("skipped: no mactime");
    return;
  }
  const std::string lines =
      output_of("mactime -d -y -b '" + (one.folder / "body") + "' | grep -c '^2023-11-14T22:13:19Z.*,m..b,'");
  CHECK(lines == output_of("wc -l < '" + (one.folder / "body") + "'"));
}

TEST_CASE("export: a full disk is an output error and leaves the earlier export as it was") {
  FinishedCase one;
  REQUIRE(export_case(*one.case_folder, *one.db, {}));
  const std::string path = one.folder / "case/3-investigation/timeline.csv";
  const std::string before = read_file(path);
  REQUIRE(one.db->checkpoint());
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {  // the limit holds for the child only
    const rlimit limit{600, 600};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto done = export_case(*one.case_folder, *one.db, {});
    ::_exit(!done && done.error().code == ErrorCode::kOutput && !done.error().next_step.empty() ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(read_file(path) == before);
  CHECK(output_of("find '" + one.folder.path() + "' -name '*.part' | wc -l") == "0");
}

TEST_CASE("verify: a whole case is ok and is not touched, each change is found") {
  FinishedCase one;
  const std::string dir = one.folder / "case";
  const SystemClock clock;
  {
    auto custody = Custody::open(*one.case_folder, *one.db, clock);
    REQUIRE(custody);
    REQUIRE(custody->append("note", "{\"text\":\"a\"}"));
    REQUIRE(custody->append("note", "{\"text\":\"b\"}"));
  }
  REQUIRE(export_case(*one.case_folder, *one.db, {}));
  CHECK_FALSE(all_ok(*verify_case(dir)));  // a run has it open
  REQUIRE(one.db->close());
  one.db.reset();
  one.case_folder.reset();
  const std::string before = output_of("cd '" + dir + "' && find . -type f -printf '%p %T@ %s\\n' | sort");
  const auto good = verify_case(dir);
  REQUIRE(good);
  for (const CheckResult& result : *good) CHECK_MESSAGE(result.ok, result.name, ": ", result.detail);
  CHECK(output_of("cd '" + dir + "' && find . -type f -printf '%p %T@ %s\\n' | sort") == before);
  const auto failed = [&] {
    std::string out;
    const auto results = verify_case(dir);
    REQUIRE(results);
    for (const CheckResult& result : *results) {
      if (!result.ok) out += result.name + ";";
    }
    return out;
  };
  const auto with_changed = [&](const std::string& name, const std::string& from, const std::string& to) {
    const std::string path = dir + "/" + name;
    const std::string text = read_file(path);
    std::string changed = text;
    REQUIRE(changed.find(from) != std::string::npos);
    changed.replace(changed.find(from), from.size(), to);
    write_file(path, changed);
    const std::string out = failed();
    write_file(path, text);
    return out;
  };
  CHECK(with_changed("custody.jsonl", "\"text\":\"a\"", "\"text\":\"c\"") == "custody;");
  CHECK(with_changed("custody.jsonl", "\"text\":\"b\"", "\"text\":\"c\"") == "custody;");
  CHECK(with_changed("3-investigation/timeline.csv", "fs.times", "fs.timez") == "timeline.csv;");
  CHECK(with_changed("3-investigation/findings.jsonl", "high", "info") == "findings.jsonl;");
  CHECK(with_changed("3-investigation/case.db", "SQLite format 3", "SQLite format 4").starts_with("case.db;"));
  std::filesystem::create_directory(dir + "/3-investigation/recovered/ab");
  write_file(dir + "/3-investigation/recovered/ab/ab000000000000000000000000000000.jpg", "x");
  CHECK(failed() == "recovered;");
  std::filesystem::remove_all(dir + "/3-investigation/recovered/ab");
  std::filesystem::remove(dir + "/3-investigation/files.csv");
  CHECK(failed() == "files.csv;");
  output_of("sqlite3 '" + dir + "/3-investigation/case.db' 'DELETE FROM t_damage'");
  CHECK(failed() == "damage.jsonl;files.csv;");
  CHECK(verify_case(one.folder.path()).error().code == ErrorCode::kUsage);
}
