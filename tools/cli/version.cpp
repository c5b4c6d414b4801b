// SPDX-License-Identifier: Apache-2.0
#include "cli/version.h"

#include <fmt/format.h>

#include "triage_commit.h"

namespace triage::cli {

std::string_view version() { return kVersion; }
std::string_view commit() { return kCommit; }
std::string version_line() { return fmt::format("triage {} ({})", version(), commit()); }

}  // namespace triage::cli
