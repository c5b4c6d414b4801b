// SPDX-License-Identifier: Apache-2.0
// The report's only style sheet and the policy that lets a browser use it and nothing else.
#pragma once

#include <string>
#include <string_view>

namespace triage {

std::string_view report_style();
/// Content security policy for report.html: nothing is loaded, the style sheet is named by its SHA-256.
std::string report_policy();

}  // namespace triage
