// SPDX-License-Identifier: Apache-2.0
// Writing the report of an open case: with the playbooks where they are there, and with a note in case.db of what it
// was made from (the recipe), so that `triage replay` can make it again.
#pragma once

#include <string>

#include "cli/case_session.h"
#include "cli/context.h"
#include "report/report.h"

namespace triage::cli {

/// Key in `meta` of case.db for the recipe of report.html: {lang, tz, created_ns, tool_version, custody_entries,
/// playbooks, case_name, sha256}.
inline constexpr std::string_view kRecipeKey = "report.recipe";

/// `request` needs lang, zone and what differs from the usual. The outputs are added to the session.
Result<ReportWritten> make_report(const Context& context, CaseSession& session, ReportRequest request);

/// The linter over a case that is only read: nothing is written, also not in the custody log.
Result<ReportWritten> check_report(const Context& context, const CaseFolder& folder, ReportRequest request);

}  // namespace triage::cli
