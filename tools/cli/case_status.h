// SPDX-License-Identifier: Apache-2.0
// What `triage case status` and `triage case log` show. Only reads.
#pragma once

#include <string>

#include "cli/context.h"
#include "store/case_folder.h"

namespace triage::cli {

/// Settings, the six steps, the evidence and the counts of the case: JSON (one line, schema triage.case.status.v1) or
/// text for people.
Status print_case_status(const Context& context, const CaseFolder& folder);

/// The custody log, one line an entry. kVerification as the exit status when its chain is broken.
Result<ExitCode> print_custody_log(const Context& context, const CaseFolder& folder);

}  // namespace triage::cli
