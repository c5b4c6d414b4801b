// SPDX-License-Identifier: Apache-2.0
// Faults of rule files are all named, with file and line.
#include <algorithm>

#include "reason_fixture.h"

using namespace triage;
using namespace triage::reason_test;

namespace {

bool has_fault(const RuleSet& rules, const std::string& place, const std::string& words) {
  return std::any_of(rules.faults.begin(), rules.faults.end(), [&](const std::string& one) {
    return one.find(place) != std::string::npos && one.find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("every fault of a rule is named with its line, and the rule is not used") {
  Rules folder;
  folder.add("bad.yaml",
             "rule: Bad\n"
             "title: {ja: 題}\n"
             "severity: awful\n"
             "likelihood: {alone: almost_certain}\n"
             "technique: 1052\n"
             "question: q\n"
             "step: 7\n"
             "references: [x]\n"
             "events:\n"
             "  a: {what: file.eaten, colour: red}\n"
             "  b: {what: file.created, name: {like: x}, ext: [$nothing]}\n"
             "  c: {name: x}\n"
             "condition:\n"
             "  any: d\n"
             "  with: [{is: b, within: 3w, order: later}]\n"
             "claim: {ja: '{a.name}', en: '{a.weight}'}\n"
             "alternatives: {ja: x, en: x}\n"
             "limits: {ja: x, en: x}\n"
             "extra: 1\n");
  const RuleSet rules = folder.read();
  CHECK(rules.rules.empty());
  CHECK(has_fault(rules, "bad.yaml:1:", "GROUP.NAME"));
  CHECK(has_fault(rules, "bad.yaml:2:", "'en' is missing"));
  CHECK(has_fault(rules, "bad.yaml:3:", "severity"));
  CHECK(has_fault(rules, "bad.yaml:4:", "never makes a claim almost certain"));
  CHECK(has_fault(rules, "bad.yaml:5:", "ATT&CK"));
  CHECK(has_fault(rules, "bad.yaml:7:", "1 to 6"));
  CHECK(has_fault(rules, "bad.yaml:10:", "'file.eaten' is no word of `what`"));
  CHECK(has_fault(rules, "bad.yaml:10:", "there is no field 'colour'"));
  CHECK(has_fault(rules, "bad.yaml:11:", "'like' is no way to compare"));
  CHECK(has_fault(rules, "bad.yaml:11:", "there is no list '$nothing'"));
  CHECK(has_fault(rules, "bad.yaml:12:", "'what' or 'artifact' is missing"));
  CHECK(has_fault(rules, "bad.yaml:14:", "there is no event 'd'"));
  CHECK(has_fault(rules, "bad.yaml:15:", "no duration"));
  CHECK(has_fault(rules, "bad.yaml:15:", "around, after, before"));
  CHECK(has_fault(rules, "bad.yaml:16:", "there is no field 'weight'"));
  CHECK(has_fault(rules, "bad.yaml:19:", "unknown key 'extra'"));
  CHECK(has_fault(rules, "bad.yaml:1:", "no condition names 'a'"));
  const auto loaded = load_rules({folder.path()}, {});
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == ErrorCode::kUsage);
}

TEST_CASE("a rule whose name stands twice, a broken file and a wrong expression are faults, the others are used") {
  Rules folder;
  const std::string good = rule_text("  a: {what: log.cleared}\n", "  any: a\n");
  folder.add("a.yaml", good).add("b.yaml", good).add("c.yaml", "rule: [broken\n");
  folder.add("d.yaml", rule_text("  a: {what: log.cleared, object: {regex: '(((' }}\n", "  any: a\n"));
  const RuleSet rules = folder.read();
  CHECK(rules.rules.size() == 1);
  CHECK(has_fault(rules, "b.yaml:1:", "'t.one' is at"));
  CHECK(has_fault(rules, "c.yaml:", ""));
  CHECK(has_fault(rules, "d.yaml:9:", "regular expression"));
}

TEST_CASE("a part in brackets is left out where nothing is known for it") {
  const std::string claim = "claim: {ja: '{a.count} 件', en: '{a.count} seen'}\n";
  std::string rule = rule_text("  a: {what: log.cleared}\n", "  any: a\n");
  rule.replace(rule.find(claim), claim.size(),
               "claim: {ja: 'x[ {a.object}]', en: 'x[ by {a.account}][ of {a.object}] {a.host}'}\n");
  Rules folder;
  CHECK(has_fault(folder.add("a.yaml", rule).read(), "a.yaml:", "names other places in ja than in en"));
  rule.replace(rule.find("x[ {a.object}]"), 14, "x {a.object}{a.account}{a.host}");
  const auto known = findings_of(rule, event("windows.evtx", "log.cleared", "2026-01-01", R"("object":"Security")"));
  CHECK(known.at(0).claim.en == "x of Security (unknown)");
  for (const char* wrong : {"x [", "x ]", "[[x]]", "x {a.object", "x }", "[{a.object]"}) {
    std::string fault;
    (void)text_parts(wrong, {{"a", {}, {}, {}}}, &fault);
    CHECK_MESSAGE(!fault.empty(), wrong);
  }
}

TEST_CASE("durations are a number and one letter") {
  CHECK(parse_duration("90s") == 90'000'000'000);
  CHECK(parse_duration("7d") == std::int64_t{7} * 86400 * 1'000'000'000);
  for (const char* wrong : {"", "10", "m", "-1h", "1.5h", "1w", "10m ", "99999999999d"})
    CHECK_FALSE(parse_duration(wrong));
}

TEST_CASE("the rules of this installation are sound") {
  const auto rules = read_rules({TRIAGE_SOURCE_DIR "/rules/leak"}, {});
  REQUIRE(rules);
  for (const std::string& fault : rules->faults) FAIL_CHECK(fault);
  CHECK(rules->rules.size() >= 15);
}
