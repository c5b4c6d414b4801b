// SPDX-License-Identifier: Apache-2.0
// The README.txt texts of a case folder, Japanese and English, for people without this toolkit.
#pragma once

#include <string_view>

namespace triage {

/// README.txt of the case: what it is and how to check it with ordinary tools.
std::string_view case_readme();
/// README.txt of step 1 to 6: what belongs there.
std::string_view step_readme(int step);

}  // namespace triage
