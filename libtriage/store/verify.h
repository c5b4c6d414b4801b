// SPDX-License-Identifier: Apache-2.0
// Checks a case folder without writing a byte.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace triage {

/// One line of `triage verify`.
struct CheckResult {
  std::string name;  ///< "case.db", "custody", "recovered" …
  bool ok = false;
  std::string detail;  ///< English sentence: what was checked, or what is wrong and where
};

/// Checks case.yaml, case.db, the custody chain and its mirror, the report against the custody
/// log, kept files against their names and the exports
/// against case.db. Every check is made whatever the others find. kUsage when `dir` is no case.
/// `digests`: SHA-256 (hex) by path below `dir` of files that were just read; they are not read again.
Result<std::vector<CheckResult>> verify_case(const std::string& dir,
                                             const std::map<std::string, std::string>& digests = {});

/// True when every check is ok.
bool all_ok(const std::vector<CheckResult>& checks);

}  // namespace triage
