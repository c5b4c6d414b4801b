// SPDX-License-Identifier: Apache-2.0
// Version and commit of this build (cmake/TriageCommit.cmake finds the commit).
#pragma once

#include <string>
#include <string_view>

namespace triage::cli {

/// "0.1.0"
std::string_view version();
/// Twelve hex digits of the commit, "-dirty" after them where the sources differ from it; "unknown" outside a checkout.
std::string_view commit();
/// "triage 0.1.0 (0123456789ab)"
std::string version_line();

}  // namespace triage::cli
