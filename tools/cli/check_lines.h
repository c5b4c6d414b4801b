// SPDX-License-Identifier: Apache-2.0
// How checks are printed: one line each, then OK or what failed.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/exit_code.h"
#include "store/verify.h"

namespace triage::cli {

/// Lines on stdout, or JSON (triage.check.v1, then `schema` for the whole). kVerification when one failed.
Result<ExitCode> print_checks(const Context& context, std::string_view schema, const std::string& path,
                              const std::vector<CheckResult>& checks);

}  // namespace triage::cli
