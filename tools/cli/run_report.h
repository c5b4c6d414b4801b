// SPDX-License-Identifier: Apache-2.0
// What `triage run` says when it is done.
#pragma once

#include "cli/case_session.h"
#include "cli/context.h"

namespace triage::cli {

/// Summary for people on stderr, or one JSON line for each evidence and one for the case on stdout.
Status tell_run(const Context& context, CaseSession& session, const std::vector<SweepSummary>& summaries);

}  // namespace triage::cli
