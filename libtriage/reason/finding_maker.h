// SPDX-License-Identifier: Apache-2.0
// Makes the findings of a rule from its groups: fills the texts, weighs families, and says what was left out.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "reason/rule_run.h"

namespace triage {

/// In the order of the groups. `details` of a finding is a JSON object: title, rule_version, from, to, who, where,
/// what, how, families, counts by event name, events_total, events_listed, capped.
Result<std::vector<Finding>> make_findings(const RuleRun& run, const std::vector<std::string>& family_names,
                                           CaseInput& input, const CaseJoins& joins);

}  // namespace triage
