// SPDX-License-Identifier: Apache-2.0
// Errors for people: what, where, and what to do next, in the language of the run.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/context.h"

namespace triage::cli {

/// Two lines at most: "triage: error: what: where (system text)" and the next step. Hostile text is escaped.
std::string error_text(const Error& error, const Context& context);

/// Writes error_text() to stderr; gives the exit status that belongs to the error.
ExitCode show_error(const Error& error, const Context& context);

}  // namespace triage::cli
