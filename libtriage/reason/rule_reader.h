// SPDX-License-Identifier: Apache-2.0
// Reads rule files: one rule a file (rule: …), or word lists that rules name as $LIST (lists: …).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "reason/rule.h"

namespace triage {

struct RuleSet {
  std::vector<Rule> rules;          ///< by id
  std::vector<std::string> faults;  ///< "file:line: what is wrong"; a faulty rule is not among `rules`
  std::string sha256;               ///< over all files read, in the order of their names
};

/// Every *.yaml right in `folders`, and `files`. A rule whose id was met before is a fault. Unreadable files are
/// Errors.
Result<RuleSet> read_rules(const std::vector<std::string>& folders, const std::vector<std::string>& files);

/// read_rules(), and kUsage with the first faults where there are any.
Result<RuleSet> load_rules(const std::vector<std::string>& folders, const std::vector<std::string>& files);

}  // namespace triage
