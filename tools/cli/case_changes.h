// SPDX-License-Identifier: Apache-2.0
// What a person states about a case: settings and notes. Both go into the custody log.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"

namespace triage::cli {

/// What `triage case init` was told; empty members change nothing.
struct CaseStatement {
  std::string type;  ///< kind of leak
  std::string knew;  ///< a time, see time_argument()
  std::string organisation;
  std::vector<std::string> examiners;
  bool lang = false;  ///< the case takes the language of the command line
  bool tz = false;    ///< the case takes the zone of the command line
};

/// Opens the case of --case, made when absent, and writes what was stated into case.yaml.
Status state_case(const Context& context, const CaseStatement& statement);

/// Appends a note to the custody log of an existing case. `by` may be empty.
Status note_in_case(const Context& context, const std::string& words, const std::string& by);

}  // namespace triage::cli
