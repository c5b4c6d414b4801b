// SPDX-License-Identifier: Apache-2.0
// The reasoner: rules over the events of a case become findings. It looks at records only, never at evidence.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "reason/case_input.h"
#include "reason/rule_reader.h"
#include "store/case_db.h"

namespace triage {

/// Minutes east of UTC at a time, of the case's zone: for rules that ask for the hour of day. May be empty.
using ZoneOffset = std::function<int(std::int64_t)>;

/// Findings of every rule, by rule and then in the order in which their events were met. The same records and rules
/// give the same findings.
Result<std::vector<Finding>> draw_findings(const std::vector<Rule>& rules, CaseInput& input, const ZoneOffset& zone);

/// draw_findings() over case.db, which then holds them as its findings of origin "reason". Returns them.
Result<std::vector<Finding>> reason_case(CaseDb& database, const RuleSet& rules, const ZoneOffset& zone);

}  // namespace triage
