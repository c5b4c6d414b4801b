// SPDX-License-Identifier: Apache-2.0
#include "reason/reason.h"

#include <map>
#include <set>

#include "reason/finding_maker.h"
#include "reason/pattern.h"
#include "reason/rule_run.h"

namespace triage {
namespace {

struct Candidate {
  std::size_t rule, pattern;
};
/// Which patterns an event of a kind could match at all.
using Candidates = std::map<ArtifactAction, std::vector<Candidate>, std::less<>>;

Candidates candidates_of(const std::vector<Rule>& rules, const std::set<ArtifactAction>& kinds) {
  Candidates out;
  for (const ArtifactAction& kind : kinds) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      for (std::size_t j = 0; j < rules[i].patterns.size(); ++j) {
        if (may_match(rules[i].patterns[j], kind.first, kind.second)) out[kind].push_back({i, j});
      }
    }
  }
  return out;
}

}  // namespace

Result<std::vector<Finding>> draw_findings(const std::vector<Rule>& rules, CaseInput& input, const ZoneOffset& zone) {
  CaseJoins joins;
  joins.set_zone(zone);
  TRIAGE_TRY_STATUS(input.learn(joins));
  TRIAGE_TRY(const std::set<ArtifactAction> kinds, input.kinds());
  const Candidates candidates = candidates_of(rules, kinds);
  std::set<ArtifactAction> wanted;
  for (const auto& [kind, patterns] : candidates) wanted.insert(kind);
  KeyTable keys;
  std::vector<RuleRun> runs;
  runs.reserve(rules.size());
  for (const Rule& rule : rules) runs.emplace_back(rule, keys);
  TRIAGE_TRY_STATUS(input.events(wanted, joins, [&](const EventRef& ref, const EventFields& event) -> Status {
    const auto found = candidates.find(ArtifactAction(event.column(event_column("artifact")).value_or(""),
                                                      event.column(event_column("what")).value_or("")));
    if (found == candidates.end()) return {};
    for (const Candidate& one : found->second) {
      if (matches(rules[one.rule].patterns[one.pattern], event)) runs[one.rule].offer(one.pattern, ref, event);
    }
    return {};
  }));
  for (RuleRun& run : runs) run.finish();
  const std::vector<std::string> values = keys.values();
  std::vector<Finding> out;
  for (const RuleRun& run : runs) {
    TRIAGE_TRY(std::vector<Finding> found, make_findings(run, values, input, joins));
    out.insert(out.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return out;
}

Result<std::vector<Finding>> reason_case(CaseDb& database, const RuleSet& rules, const ZoneOffset& zone) {
  const std::unique_ptr<CaseInput> input = case_db_input(database.database());
  TRIAGE_TRY(std::vector<Finding> findings, draw_findings(rules.rules, *input, zone));
  TRIAGE_TRY_STATUS(database.replace_findings("reason", findings));
  return findings;
}

}  // namespace triage
