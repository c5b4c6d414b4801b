// SPDX-License-Identifier: Apache-2.0
// report.html: one file that a person can read, print and check, made from an existing case. It needs no script, no
// network and no other file; a strict content security policy says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "playbook/playbook.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/database.h"
#include "store/export_timeline.h"

namespace triage {

/// How many rows of each kind the report holds; the rest is counted and named.
struct ReportLimits {
  std::size_t timeline = 2000;
  std::size_t findings = 300;
  std::size_t finding_events = 25;  ///< shown of one finding
  std::size_t top_findings = 10;    ///< named in the summary
  std::size_t files = 500;
  std::size_t damage = 500;
  std::size_t custody = 40;
};

struct ReportFault;

/// What the linter has against a report (report_check.h).
struct ReportFault {
  std::string where;  ///< "10-3 leak.archive", or the beginning of a sentence
  std::string what;   ///< in the language of the report
};

struct ReportRequest {
  std::string case_dir;
  std::string lang;                  ///< "ja", "en"; "" = as case.yaml says
  std::string tz;                    ///< see ReportZone; "" = as case.yaml says
  std::optional<DisplayZone> zone;   ///< instead of `tz`: any zone the caller knows the rules of
  std::string tool_version;          ///< "" = as the last run in the custody log says
  std::string generated_at;          ///< UTC text; "" = now. For tests
  std::string file = "report.html";  ///< below the case folder; replaced where it exists
  ReportLimits limits;
  bool refuse_faults = false;  ///< kVerification, and nothing is written, where a finding lacks its parts
  bool redact = false;         ///< personal data masked; a log of what was masked is written beside `file`
  bool check_only = false;     ///< nothing is written; ReportWritten::faults has what the linter finds
  const PlaybookLibrary* library = nullptr;  ///< without it the sections of the playbook say that it was not at hand
};

struct ReportWritten {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::uint64_t events_shown = 0;
  std::uint64_t findings_shown = 0;
  std::uint64_t masked = 0;           ///< different values, where redacted
  std::string case_name;              ///< as the cover says
  std::uint64_t custody_entries = 0;  ///< of the log as the report shows it
  std::int64_t created_ns = 0;
  std::vector<ReportFault> faults;  ///< of the findings; of the whole text as well where only checked
};

/// The exhibits of the case with what is new (exhibits.h); nothing is written.
Result<std::vector<ExhibitRecord>> plan_exhibits(const CaseFolder& folder, Database& database,
                                                 const ReportRequest& request);

/// "report-shared.redaction-log.jsonl" for "report-shared.html".
std::string redaction_log_name(const std::string& report);

/// Opens the case, takes its lock and writes the report (0600, whole or not at all).
Result<ReportWritten> write_report(const ReportRequest& request);
/// Same for a case the caller holds open for writing. `request.case_dir` is not looked at.
Result<ReportWritten> write_report(const CaseFolder& folder, Database& database, const ReportRequest& request);

}  // namespace triage
