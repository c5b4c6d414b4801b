// SPDX-License-Identifier: Apache-2.0
// Exhibits: what a case can put before a court, each under a neutral id (D-0001 …) that does not change, and under the
// label (甲1, 甲1の1) that counsel gives it later. The rows are those of a 証拠説明書 (民訴規則137条1項): the report,
// each evidence, and each kept file that a finding names.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report_facts.h"
#include "store/case_db.h"

namespace triage {

/// The exhibits that case.db holds, in the order of their ids.
Result<std::vector<ExhibitRecord>> read_exhibits(Database& database);

/// `known` with rows added for what is new; ids and labels that are there stay. `created`: date of the report.
Result<std::vector<ExhibitRecord>> draft_exhibits(const ReportFacts& facts, Database& database, const Phrases& say,
                                                  const std::string& created, std::vector<ExhibitRecord> known);

/// Gives labels: id → label. kUsage for an id that is not there, a label given twice, or one that is no file name.
Status label_exhibits(std::vector<ExhibitRecord>& exhibits,
                      const std::vector<std::pair<std::string, std::string>>& labels);

/// What an electronic filing takes as a record file: PDF, MP3, MP4, JPEG, PNG (by the end of the name).
bool is_court_file(std::string_view name);
/// "甲1_報告書.pdf": at most 50 characters with the extension, none that a file name may not hold.
std::string court_file_name(const ExhibitRecord& exhibit);

}  // namespace triage
