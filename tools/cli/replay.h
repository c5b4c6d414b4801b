// SPDX-License-Identifier: Apache-2.0
// Replay: what a case shows, made anew and compared byte for byte. From case.db come the timeline, the other exports
// and report.html; from the evidence, where it is given, all records. Nothing in the case is changed.
//
// Not compared, because it tells of the run and not of the evidence: the report of a case swept anew (its cover and its
// custody log name the new run). The report from case.db is compared whole: case.db keeps the recipe it was made from.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "store/verify.h"

namespace triage::cli {

struct ReplayChoice {
  std::string source;                 ///< a case, or a bundle that is a folder
  std::string folder;                 ///< absent or empty: what is made anew is left here
  std::vector<std::string> evidence;  ///< in the order of the runs that read them
};

/// One check for each file. kUsage when `source` is neither case nor bundle folder, or `folder` holds something.
Result<std::vector<CheckResult>> replay_case(const Context& context, const ReplayChoice& choice);

}  // namespace triage::cli
