// SPDX-License-Identifier: Apache-2.0
// What `triage case status`, `task list` and `log` show. Only reads.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "store/case_folder.h"

namespace triage::cli {

/// Settings, the six steps, what is next and due, the law's dates, methods, evidence and counts: JSON (one line, schema
/// triage.case.status.v1) or text for people.
Status print_case_status(const Context& context, const CaseFolder& folder, const std::vector<std::string>& playbooks);

/// The tasks of the case's playbook; `all` also those that do not apply.
Status print_tasks(const Context& context, bool all, const std::vector<std::string>& playbooks);

/// The custody log, one line an entry. kVerification as the exit status when its chain is broken.
Result<ExitCode> print_custody_log(const Context& context, const CaseFolder& folder);

}  // namespace triage::cli
