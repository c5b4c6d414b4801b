// SPDX-License-Identifier: Apache-2.0
// ReportFacts: what the sections say, read once from case.db, case.yaml and custody.jsonl. Everything is bounded by
// ReportLimits; what is left out is counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "playbook/case_facts.h"
#include "playbook/form.h"
#include "report/event_selection.h"
#include "report/report.h"
#include "store/case_folder.h"
#include "store/custody.h"

namespace triage {

struct VolumeFacts {
  std::int64_t number = 0;
  std::optional<std::int64_t> offset;
  std::optional<std::int64_t> length;
  std::string description;
  std::string file_system;
  std::string status;
  std::string label;
  std::string serial;
  std::string encryption;
};

struct EvidenceFacts {
  std::string id;
  std::string name;
  std::string format;
  std::uint64_t size = 0;
  std::string key_kind;
  std::string sha256;
  std::string container_md5;
  std::string container_sha1;
  std::string state;
  std::string started;
  std::string finished;
  std::vector<VolumeFacts> volumes;
};

/// Up to a few different values of one 5W1H column, gathered from a finding's events.
struct Gathered {
  std::vector<std::string> values;
  bool more = false;
  void add(const std::string& value);
};

struct FindingFacts {
  std::string id;
  std::string rule;
  std::string claim;  ///< in the report's language, as the next two
  std::string alternatives;
  std::string limits;
  std::string severity;
  std::string likelihood;
  std::string quality;
  std::vector<std::string> events;        ///< the first ones
  std::vector<std::string> shown_events;  ///< the first of these, in order of time
  std::size_t event_count = 0;
  std::vector<std::string> exhibits;
  std::string technique;
  std::string question;
  std::string step;
  std::string path;
  std::string locator;
  std::string evidence;
  std::string details;
  bool recovered = false;
  // from its events
  std::optional<std::int64_t> first_order;
  std::optional<std::int64_t> last_order;
  std::string first_when;
  std::string last_when;
  Gathered who, where, what, how, why;
};

struct NamedCount {
  std::string name;
  std::string detail;
  std::uint64_t count = 0;
};

struct CaseCounts {
  std::uint64_t evidence = 0;
  std::uint64_t unfinished = 0;
  std::uint64_t bytes = 0;
  std::uint64_t volumes = 0;
  std::uint64_t encrypted_volumes = 0;
  std::uint64_t unparsed_volumes = 0;
  std::uint64_t files = 0;
  std::uint64_t files_with_content = 0;
  std::uint64_t hashed_files = 0;
  std::uint64_t deleted = 0;
  std::uint64_t deleted_kept = 0;
  std::uint64_t deleted_complete = 0;
  std::uint64_t carved = 0;
  std::uint64_t findings = 0;
  std::uint64_t damage = 0;
  std::vector<NamedCount> findings_by_severity;  ///< severest first
  std::vector<NamedCount> findings_by_likelihood;
  std::vector<NamedCount> damage_by_kind;  ///< name kind, detail consumer
  std::vector<NamedCount> files_by_grade;  ///< name grade, detail method
};

/// One entry of custody.jsonl as parsed JSON text by key, in the order of the line.
struct CustodyEntry {
  std::uint64_t number = 0;
  std::string time;
  std::string kind;
  std::string authority;
  std::string json;
};

struct CustodyFacts {
  bool present = false;
  CustodyCheck check;
  std::uint64_t total = 0;            ///< entries worth showing
  std::vector<CustodyEntry> entries;  ///< the last of them
  std::string last_tool_version;
  std::string last_tool_sha256;
};

/// What the playbook says of the case.
struct PlaybookPart {
  const PlaybookLibrary* library = nullptr;
  CaseState state;
  CaseFacts facts;
  std::vector<Form> forms;
};

struct ReportFacts {
  CaseSettings settings;
  std::string case_name;
  std::vector<EvidenceFacts> evidence;
  CaseCounts counts;
  std::vector<FindingFacts> findings;
  EventOverview overview;
  std::vector<EventRow> timeline;  ///< in order of time
  /// Every event the report speaks of that a shown finding names; the same rows as in `timeline` where chosen.
  std::unordered_map<std::string, EventRow> finding_events;
  /// Number of the severest finding (from 1) that names an event.
  std::unordered_map<std::string, std::uint32_t> finding_of_event;
  std::unordered_map<std::string, bool> in_timeline;
  CustodyFacts custody;
  std::unique_ptr<const PlaybookPart> playbook;  ///< nullptr where none was given
  std::string kept_example;                      ///< path of one kept file below the case folder; "" without
  std::string kept_sha256;
};

/// What decides the facts beside the case.
struct FactsRequest {
  const Phrases& say;
  const ReportZone& zone;
  const ReportLimits& limits;
  const PlaybookLibrary* library = nullptr;
  std::int64_t now_ns = 0;  ///< decides what is overdue
};
Result<ReportFacts> read_report_facts(const CaseFolder& folder, Database& database, const FactsRequest& request);

Result<CaseCounts> read_counts(Database& database);
Result<std::vector<EvidenceFacts>> read_evidence(Database& database);
Result<std::vector<FindingFacts>> read_findings(Database& database, const Phrases& say, std::size_t limit);
CustodyFacts read_custody(const CaseFolder& folder, Database& database, std::size_t limit);

/// SQL that orders severities, severest first.
inline constexpr std::string_view kSeverityOrder =
    "CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END";

}  // namespace triage
