// SPDX-License-Identifier: Apache-2.0
#include "store/custody.h"

#include <algorithm>
#include <random>

#include "store_fixture.h"
#include "unit/fixed_clock.h"

using namespace triage;
using namespace triage::store_test;

namespace {

struct OpenCase {
  OpenCase() {
    auto made = CaseFolder::open_or_create(folder / "case", {});
    REQUIRE(made);
    case_folder.emplace(std::move(*made));
    auto opened = CaseDb::open(case_folder->database_path());
    REQUIRE(opened);
    db.emplace(std::move(*opened));
  }
  Custody custody() {
    auto out = Custody::open(*case_folder, *db, clock);
    REQUIRE(out);
    return std::move(*out);
  }
  [[nodiscard]] std::string path() const { return folder / "case/custody.jsonl"; }
  Folder folder;
  FixedClock clock{1'764'000'000'123'456'789};
  std::optional<CaseFolder> case_folder;
  std::optional<CaseDb> db;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace

TEST_CASE("custody: sha256sum makes the same chain, and case.db holds its end") {
  OpenCase one;
  Custody custody = one.custody();
  RunEntry run;
  run.argv = {"triage", "run", "a \"b\"\n.img"};
  run.tool_sha256 = *own_executable_sha256();
  run.inputs = {{"e01", "a.img", 5, std::string(64, 'a')}};
  run.damage = {{"truncated", 2}};
  run.exit_status = 1;
  REQUIRE(custody.append("run", run.fields()));
  REQUIRE(custody.append("note", "{\"text\":\"photo 3\"}"));
  REQUIRE(custody.append("seal", "{}"));
  CHECK(
      output_of("sed -n 1p '" + one.path() + "' | tr -d '\\n' | sha256sum | cut -c1-64") ==
      output_of("sed -n 2p '" + one.path() + "' | python3 -c 'import json,sys;print(json.load(sys.stdin)[\"prev\"])'"));
  CHECK(output_of("tail -n 1 '" + one.path() + "' | tr -d '\\n' | sha256sum | cut -c1-64") == custody.head().head);
  CHECK(output_of(
            "python3 -c \"import json;r=json.loads(open('" + one.path() +
            "').readline());print(r['n'],r['prev'],r['argv'][2]=='a \\\"b\\\"\\n.img',r['damage'],r['exit'],r['host'],"
            "r['time'])\"") == "1 None True {'truncated': 2} 1 None 2025-11-24T16:00:00.123Z");
  CHECK(run.tool_sha256 == output_of(fmt::format("sha256sum /proc/{}/exe | cut -c1-64", ::getpid())));
  const auto mirror = mirrored_custody(one.db->database());
  REQUIRE(mirror);
  REQUIRE(mirror->has_value());
  CHECK(**mirror == custody.head());
  CHECK(verify_custody(one.path(), **mirror).ok);
}

TEST_CASE("custody: any line that is edited, removed or moved is found with its number") {
  OpenCase one;
  Custody custody = one.custody();
  constexpr std::size_t kCount = 12;
  for (std::size_t i = 0; i < kCount; ++i)
    REQUIRE(custody.append("note", fmt::format("{{\"text\":\"{}\"}}", i * 7919)));
  const std::string text = read_file(one.path());
  const auto lines = lines_of(text);
  const CustodyHead head = custody.head();
  REQUIRE(check_custody(text, head).ok);
  std::mt19937 random(7);
  for (std::size_t i = 0; i < kCount; ++i) {
    for (int round = 0; round < 40; ++round) {  // a changed byte anywhere in line i + 1
      auto edited = lines;
      const std::size_t at = random() % edited[i].size();
      edited[i][at] = static_cast<char>(edited[i][at] ^ static_cast<char>(1 + random() % 7));
      if (edited[i][at] == '\n') continue;
      const auto check = check_custody(joined(edited), head);
      CAPTURE(edited[i]);
      CHECK_FALSE(check.ok);
      CHECK(check.wrong_entry == i + 1);
    }
    auto removed = lines;
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(check_custody(joined(removed), head).wrong_entry == i + 1);
    auto doubled = lines;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    CHECK_FALSE(check_custody(joined(doubled), head).ok);
    for (std::size_t j = i + 1; j < kCount; ++j) {
      auto swapped = lines;
      std::swap(swapped[i], swapped[j]);
      CHECK(check_custody(joined(swapped), head).wrong_entry == i + 1);
    }
    const auto cut = check_custody(joined({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i)}), head);
    CHECK(cut.wrong_entry == i + 1);
  }
}

TEST_CASE("custody: a chain made anew is found by the end noted in case.db") {
  OpenCase one;
  OpenCase other;
  Custody first = one.custody();
  Custody second = other.custody();
  for (int i = 0; i < 3; ++i) REQUIRE(first.append("note", "{\"text\":\"true\"}"));
  for (int i = 0; i < 3; ++i) REQUIRE(second.append("note", "{\"text\":\"false\"}"));
  CHECK(check_custody(read_file(other.path()), std::nullopt).ok);
  CHECK(check_custody(read_file(other.path()), first.head()).wrong_entry == 3);
}

TEST_CASE("custody: a torn last line is kept as an entry of its own") {
  OpenCase one;
  {
    Custody custody = one.custody();
    REQUIRE(custody.append("note", "{}"));
  }
  const std::string whole = read_file(one.path());
  const std::string torn = "{\"schema\":\"triage.cus\xff";
  write_file(one.path(), whole + torn);
  const auto check = verify_custody(one.path(), std::nullopt);
  CHECK(check.wrong_entry == 2);
  CHECK(check.torn == torn);
  Custody custody = one.custody();
  CHECK(custody.problem().empty());
  REQUIRE(custody.append("note", "{\"text\":\"after\"}"));
  const auto lines = lines_of(read_file(one.path()));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] + "\n" == whole);
  CHECK(lines[1].find("\"kind\":\"torn_line\"") != std::string::npos);
  CHECK(lines[1].find("7b22736368656d61223a227472696167652e637573ff") != std::string::npos);
  CHECK(verify_custody(one.path(), custody.head()).ok);
}

TEST_CASE("custody: a cut log is noted before anything is appended, and stays found") {
  OpenCase one;
  {
    Custody custody = one.custody();
    for (int i = 0; i < 4; ++i) REQUIRE(custody.append("note", "{}"));
  }
  const auto lines = lines_of(read_file(one.path()));
  write_file(one.path(), joined({lines.begin(), lines.begin() + 2}));
  Custody custody = one.custody();
  CHECK(custody.problem() == "entries 3 to 4 are missing at the end");
  REQUIRE(custody.append("note", "{}"));
  const auto check = verify_custody(one.path(), custody.head());
  CHECK_FALSE(check.ok);
  CHECK(check.wrong_entry == 3);
  std::filesystem::remove(one.path());
  CHECK_FALSE(one.custody().problem().empty());
}

TEST_CASE("custody: an entry whose mirror was not written yet is no damage") {
  OpenCase one;
  Custody custody = one.custody();
  REQUIRE(custody.append("note", "{}"));
  const CustodyHead before = custody.head();
  REQUIRE(custody.append("note", "{}"));
  const auto check = verify_custody(one.path(), before);
  CHECK(check.ok);
  CHECK(check.ahead == 1);
}
