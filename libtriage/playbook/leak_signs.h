// SPDX-License-Identifier: Apache-2.0
// The signs by which the regulator's guideline lets a leak count as likely (おそれ), and what weighs against them, as
// far as findings show them. Inputs to counsel's decision: "not_seen" never means that there is none.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "store/database.h"

namespace triage {

struct LeakSign {
  std::string id;
  bool mitigation = false;
  Bilingual title;
  std::vector<std::string> findings;  ///< globs over rules
  bool by_person = false;             ///< no evidence can show it
};

struct LeakSignRules {
  Bilingual law;
  std::string article, as_of, source;
  bool verified = false;  ///< false: from memory, to be checked against the original
  std::vector<LeakSign> signs;
};

/// How one sign stands.
struct SignState {
  const LeakSign* rule = nullptr;
  /// seen, not_seen (evidence was read and no finding of its kind drawn), not_examined, ask (only a person knows)
  std::string state = "not_examined";
  std::string likelihood;             ///< of the surest finding; "" where none was seen
  std::vector<std::string> findings;  ///< ids, the surest first, at most 16
  std::uint64_t count = 0;
};

/// Reads signs.yaml. Faults name file and line (kUsage).
Result<LeakSignRules> read_leak_signs(const std::string& path);

/// `database` is nullptr before the first evidence. The result points into `rules`.
Result<std::vector<SignState>> sign_states(const LeakSignRules& rules, Database* database);

}  // namespace triage
