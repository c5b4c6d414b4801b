// SPDX-License-Identifier: Apache-2.0
// The evidence branch of `triage verify`: the byte runs of kept files are read again from the evidence.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "store/verify.h"

namespace triage::cli {

/// One check an evidence: every kept file of `dir` (a case, or a folder of recover or carve) that states its byte runs
/// must still have its digest there. `evidence`: the images, in any order; each file's is found by what matches.
Result<std::vector<CheckResult>> verify_runs(const std::string& dir, const std::vector<std::string>& evidence);

}  // namespace triage::cli
