// SPDX-License-Identifier: Apache-2.0
// The test cases of rules: TESTS/RULE/fires-*.jsonl must give a finding of RULE, quiet-*.jsonl none. RULE is the rule's
// id without what stands before its first dot. A line {"expect": {…}} says more of the finding.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "reason/rule.h"

namespace triage {

struct RuleCase {
  std::string rule;   ///< id
  std::string path;   ///< of the case file
  std::string fault;  ///< what was not as it must be; "" where it passed
};

struct RuleCaseReport {
  std::vector<RuleCase> cases;
  std::vector<std::string> untested;  ///< rules without a firing or without a quiet case
};

/// Runs the cases below `folders` (each the folder `tests` of a rule folder). A folder that names no rule is a fault.
Result<RuleCaseReport> run_rule_cases(const std::vector<Rule>& rules, const std::vector<std::string>& folders);

}  // namespace triage
