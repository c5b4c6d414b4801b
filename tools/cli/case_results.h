// SPDX-License-Identifier: Apache-2.0
// What is made anew from the records of a case: findings of rules over events, exports, the task view, the report.
#pragma once

#include <optional>

#include "cli/case_session.h"
#include "cli/context.h"
#include "model/finding.h"
#include "reason/rule_reader.h"

namespace triage::cli {

/// The worst severity of the findings drawn.
Result<std::optional<Severity>> write_case_results(const Context& context, CaseSession& session, const RuleSet& rules);

}  // namespace triage::cli
