// SPDX-License-Identifier: Apache-2.0
// The cases beside the rules: every rule has one that fires and one that is quiet, and all are as they must be.
#include "reason/rule_cases.h"
#include "reason_fixture.h"

using namespace triage;
using namespace triage::reason_test;

namespace {

RuleCaseReport run(const Rules& folder) {
  auto report = run_rule_cases(folder.read().rules, {folder.path() + "/tests"});
  REQUIRE(report);
  return *std::move(report);
}

Rules& with_case(Rules& folder, const std::string& name, const std::string& lines) {
  std::filesystem::create_directories(folder.path() + "/tests/one");
  return folder.add("tests/one/" + name, lines);
}

}  // namespace

TEST_CASE("the cases of this installation's rules pass, and every rule has both kinds") {
  const auto rules = read_rules({TRIAGE_SOURCE_DIR "/rules/leak"}, {});
  REQUIRE(rules);
  const auto report = run_rule_cases(rules->rules, {TRIAGE_SOURCE_DIR "/rules/leak/tests"});
  REQUIRE(report);
  for (const RuleCase& one : report->cases) {
    if (!one.fault.empty()) FAIL_CHECK(one.path << ": " << one.fault);
  }
  for (const std::string& rule : report->untested) FAIL_CHECK(rule << " lacks a case");
  CHECK(report->cases.size() >= 60);
}

TEST_CASE("a case that fires wrongly, one that stays quiet, a wrong expectation and a stray name are faults") {
  Rules folder;
  folder.add("one.yaml", rule_text("  a: {what: log.cleared}\n", "  any: a\n"));
  const std::string cleared = event("windows.evtx", "log.cleared", "2026-01-01");
  with_case(folder, "fires-good.jsonl", cleared);
  with_case(folder, "quiet-wrong.jsonl", cleared);
  with_case(folder, "fires-wrong.jsonl", event("windows.evtx", "log.recorded", "2026-01-01"));
  with_case(folder, "fires-surer.jsonl", "{\"expect\":{\"likelihood\":\"almost_certain\"}}\n" + cleared);
  with_case(folder, "fires-typo.jsonl", "{\"expect\":{\"liklihood\":\"likely\"}}\n" + cleared);
  with_case(folder, "sometimes.jsonl", cleared);
  with_case(folder, "fires-broken.jsonl", "{\"artifact\":\n");
  const RuleCaseReport report = run(folder);
  REQUIRE(report.cases.size() == 7);
  int passed = 0;
  for (const RuleCase& one : report.cases) passed += one.fault.empty() ? 1 : 0;
  CHECK(passed == 1);
  CHECK(report.untested.empty());
}

TEST_CASE("a rule without a quiet case is named, and a folder without its rule") {
  Rules folder;
  folder.add("one.yaml", rule_text("  a: {what: log.cleared}\n", "  any: a\n"));
  with_case(folder, "fires-good.jsonl", event("windows.evtx", "log.cleared", "2026-01-01"));
  std::filesystem::create_directories(folder.path() + "/tests/other");
  const RuleCaseReport report = run(folder);
  CHECK(report.untested == std::vector<std::string>{"t.one"});
  REQUIRE(report.cases.size() == 2);
  CHECK(report.cases[1].fault == "there is no rule of this name");
}
