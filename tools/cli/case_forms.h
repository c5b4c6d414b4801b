// SPDX-License-Identifier: Apache-2.0
// triage case forms.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"

namespace triage::cli {

struct FormsChoice {
  std::vector<std::string> forms;
  std::string format = "all";  ///< all, html, docx
  std::string lang;            ///< ja, en; "" = the case's
};

/// Writes the forms into the step folders and notes it in the custody log, with the hash of each.
Status write_case_forms(const Context& context, const FormsChoice& choice, const std::vector<std::string>& playbooks);

}  // namespace triage::cli
