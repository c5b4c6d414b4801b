// SPDX-License-Identifier: Apache-2.0
// The rules over events (rules/leak): loading, listing, checking, testing, and what `triage run` does with them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "model/finding.h"
#include "reason/rule_reader.h"
#include "store/case_db.h"

namespace triage::cli {

/// Rules of the installation and of --rules. kUsage with the first faults where there are any.
Result<RuleSet> load_leak_rules(const Context& context);

/// Draws the findings of a case anew (origin "reason"). `zone` names the case's time zone. The worst severity.
Result<std::optional<Severity>> draw_case_findings(const RuleSet& rules, CaseDb& database, const std::string& zone);

/// Rows of `rules list`: into the table, or as lines.
void list_leak_rules(const Context& context, const RuleSet& rules, Table& table, Output& out);
/// Reads the rules and prints every fault with file and line.
Result<RuleSet> print_rule_faults(const Context& context, Output& out);
/// Says whether they are sound; kUsage where they are not.
ExitCode tell_rules(const Context& context, const RuleSet& rules);
/// Runs the cases beside the rules; kVerification as the status where one fails or a rule has none. `folders`: only
/// the rules of these.
Result<ExitCode> test_leak_rules(const Context& context, const std::vector<std::string>& folders);

}  // namespace triage::cli
