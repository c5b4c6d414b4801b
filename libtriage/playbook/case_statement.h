// SPDX-License-Identifier: Apache-2.0
// CaseStatement: what a person states when a case is opened, by flags or as a YAML file:
//   type: insider   knew: 2026-04-13 09:00   organisation: …   examiner: […]   lang: ja   tz: Asia/Tokyo
//   roles: {lead: NAME}   deputies: {lead: NAME}   clock_offsets: [{host, offset_seconds, source}]   answers: {persons:
//   1200}
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/case_folder.h"

namespace triage {

/// Empty members change nothing.
struct CaseStatement {
  std::string type;
  std::string knew;  ///< as typed
  std::string organisation;
  std::vector<std::string> examiners;
  std::string lang;
  std::string tz;
  std::vector<std::pair<std::string, std::string>> roles;  ///< role ("lead", "deputy:lead") and name
  std::vector<ClockOffset> clock_offsets;
  std::vector<std::pair<std::string, std::string>> answers;
};

/// Reads a statement file. Faults name file and line (kUsage).
Result<CaseStatement> read_statement(const std::string& path);

/// Lays `over` upon `base`: what `over` states wins, lists are joined.
void merge_statement(CaseStatement& base, const CaseStatement& over);

/// "ROLE=NAME" of a flag. kUsage naming `flag`.
Result<std::pair<std::string, std::string>> role_argument(const std::string& text, const char* flag);

/// Puts people, type and the like into the settings; times are the caller's.
void apply_statement(const CaseStatement& statement, CaseSettings& settings);

}  // namespace triage
