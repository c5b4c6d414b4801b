// SPDX-License-Identifier: Apache-2.0
#include "report/report_facts.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "report/html_writer.h"

namespace triage {
namespace {

constexpr std::size_t kGatheredValues = 4;
constexpr std::size_t kFindingEventIds = 1000;
constexpr std::size_t kClaimBytes = 8192;

std::string kept(const Statement& row, int column) { return std::string(cut_text(row.text(column), kClaimBytes)); }

std::uint64_t count_at(const Statement& row, int column) {
  const std::int64_t value = row.integer(column);
  return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

Result<std::uint64_t> count_of(Database& database, std::string_view sql) {
  TRIAGE_TRY(const std::int64_t value, database.integer(sql));
  return value < 0 ? std::uint64_t{0} : static_cast<std::uint64_t>(value);
}

Result<std::vector<NamedCount>> named_counts(Database& database, std::string_view sql) {
  TRIAGE_TRY(Statement rows, database.prepare(sql));
  std::vector<NamedCount> out;
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return out;
    out.push_back({kept(rows, 0), kept(rows, 1), count_at(rows, 2)});
  }
}

/// The first `limit` texts of a JSON array and how many there are.
std::pair<std::vector<std::string>, std::size_t> texts_of(std::string_view json, std::size_t limit) {
  std::pair<std::vector<std::string>, std::size_t> out;
  const auto array = nlohmann::json::parse(json, nullptr, false);
  if (!array.is_array()) return out;
  for (const auto& item : array) {
    if (!item.is_string()) continue;
    if (++out.second <= limit) out.first.push_back(item.get<std::string>());
  }
  return out;
}

Result<std::vector<VolumeFacts>> read_volumes(Database& database, const std::string& evidence) {
  TRIAGE_TRY(Statement rows, database.prepare("SELECT volume, offset, length, description, file_system, status, label, "
                                              "serial, encryption FROM volumes WHERE evidence = ?1 ORDER BY volume "
                                              "LIMIT 1000"));
  rows.bind(1, std::string_view(evidence));
  std::vector<VolumeFacts> out;
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return out;
    VolumeFacts& volume = out.emplace_back();
    volume.number = rows.integer(0);
    volume.offset = rows.optional_integer(1);
    volume.length = rows.optional_integer(2);
    int column = 3;
    for (std::string* text : {&volume.description, &volume.file_system, &volume.status, &volume.label, &volume.serial,
                              &volume.encryption}) {
      *text = kept(rows, column++);
    }
  }
}

FindingFacts read_finding(const Statement& row, const Phrases& say) {
  FindingFacts out;
  int column = 0;
  for (std::string* text : {&out.id, &out.rule, &out.severity, &out.likelihood, &out.quality, &out.technique,
                            &out.question, &out.step, &out.path, &out.locator, &out.evidence, &out.details}) {
    *text = kept(row, column++);
  }
  std::tie(out.events, out.event_count) = texts_of(row.text(12), kFindingEventIds);
  std::tie(out.exhibits, std::ignore) = texts_of(row.text(13), 20);
  out.claim = cut_text(say.pick(row.text(14), row.text(15)), kClaimBytes);
  out.alternatives = cut_text(say.pick(row.text(16), row.text(17)), kClaimBytes);
  out.limits = cut_text(say.pick(row.text(18), row.text(19)), kClaimBytes);
  out.recovered = row.integer(20) != 0;
  if (out.claim.empty()) out.claim = out.rule;
  return out;
}

void widen_span(FindingFacts& finding, const EventRow& event, const Phrases& say, const ReportZone& zone) {
  if (!event.when_ns) return;
  const std::int64_t order = order_ns(*event.when_ns, event.basis, zone);
  if (!finding.first_order || order < *finding.first_order) {
    finding.first_order = order;
    finding.first_when = when_text(say, zone, event);
  }
  if (!finding.last_order || order > *finding.last_order) {
    finding.last_order = order;
    finding.last_when = when_text(say, zone, event);
  }
}

/// What tells two events' order in the report: time, those without one last, then id.
auto time_key(const EventRow& event, const ReportZone& zone) {
  return std::make_tuple(!event.when_ns, event.when_ns ? order_ns(*event.when_ns, event.basis, zone) : 0,
                         std::string_view(event.id));
}

/// Puts the shown events of a finding into the order of time and gathers its 5W1H from them.
void gather(FindingFacts& finding, const ReportFacts& facts, std::size_t limit, const Phrases& say,
            const ReportZone& zone) {
  finding.shown_events.assign(finding.events.begin(), finding.events.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                                   finding.events.size(), limit)));
  const auto row = [&facts](const std::string& id) {
    const auto at = facts.finding_events.find(id);
    return at == facts.finding_events.end() ? nullptr : &at->second;
  };
  std::sort(finding.shown_events.begin(), finding.shown_events.end(), [&](const std::string& a, const std::string& b) {
    const EventRow* first = row(a);
    const EventRow* second = row(b);
    if (first == nullptr || second == nullptr) return first == second ? a < b : first != nullptr;
    return time_key(*first, zone) < time_key(*second, zone);
  });
  for (const std::string& id : finding.shown_events) {
    const EventRow* event = row(id);
    if (event == nullptr) continue;
    finding.who.add(who_text(say, *event));
    finding.where.add(where_text(*event));
    finding.what.add(what_text(say, *event));
    finding.how.add(how_text(say, *event));
    finding.why.add(event->why);
  }
  if (finding.event_count > finding.shown_events.size()) finding.what.more = true;
}

using FindingsOfEvent = std::unordered_map<std::string, std::vector<std::uint32_t>>;

Status read_events(Database& database, const Phrases& say, const ReportZone& zone, const ReportLimits& limits,
                   ReportFacts& facts) {
  FindingsOfEvent findings_of;
  for (std::uint32_t i = 0; i < facts.findings.size(); ++i) {
    for (const std::string& id : facts.findings[i].events) {
      facts.finding_of_event.emplace(id, i + 1);
      findings_of[id].push_back(i);
    }
  }
  TRIAGE_TRY(facts.overview, choose_events(database, zone, limits.timeline, facts.finding_of_event));
  std::vector<std::string> ids = facts.overview.chosen;
  for (const std::string& id : ids) facts.in_timeline.emplace(id, true);
  for (const auto& [id, findings] : findings_of) {
    if (!facts.in_timeline.contains(id)) ids.push_back(id);
  }
  std::unordered_map<std::string, bool> shown_by_finding;
  for (const FindingFacts& finding : facts.findings) {
    for (std::size_t i = 0; i < std::min(finding.events.size(), limits.finding_events); ++i)
      shown_by_finding.emplace(finding.events[i], true);
  }
  TRIAGE_TRY_STATUS(for_events_by_id(database, ids, [&](const EventRow& event) {
    if (const auto named = findings_of.find(event.id); named != findings_of.end()) {
      for (const std::uint32_t i : named->second) widen_span(facts.findings[i], event, say, zone);
      if (shown_by_finding.contains(event.id)) facts.finding_events.emplace(event.id, event);
    }
    if (facts.in_timeline.contains(event.id)) facts.timeline.push_back(event);
  }));
  for (FindingFacts& finding : facts.findings) gather(finding, facts, limits.finding_events, say, zone);
  std::sort(facts.timeline.begin(), facts.timeline.end(),
            [&zone](const EventRow& a, const EventRow& b) { return time_key(a, zone) < time_key(b, zone); });
  return {};
}

Status find_kept_example(Database& database, ReportFacts& facts) {
  TRIAGE_TRY(Statement row, database.prepare("SELECT sha256, method, saved_as FROM files WHERE saved = 1 AND sha256 IS "
                                             "NOT NULL AND saved_as IS NOT NULL ORDER BY sequence LIMIT 1"));
  TRIAGE_TRY(const bool any, row.step());
  if (!any) return {};
  facts.kept_example =
      fmt::format("3-investigation/{}/{}", row.text(1) == "carved" ? "carved" : "recovered", row.text(2));
  facts.kept_sha256 = row.text(0);
  return {};
}

}  // namespace

void Gathered::add(const std::string& value) {
  if (value.empty() || std::find(values.begin(), values.end(), value) != values.end()) return;
  if (values.size() < kGatheredValues) {
    values.push_back(value);
  } else {
    more = true;
  }
}

Result<CaseCounts> read_counts(Database& database) {
  CaseCounts out;
  struct One {
    std::uint64_t* to;
    std::string_view sql;
  };
  for (const One& one :
       {One{&out.evidence, "SELECT count(*) FROM evidence"},
        One{&out.unfinished, "SELECT count(*) FROM evidence WHERE state <> 'finished'"},
        One{&out.bytes, "SELECT coalesce(sum(size), 0) FROM evidence"},
        One{&out.volumes, "SELECT count(*) FROM volumes WHERE status IS NOT 'unallocated'"},
        One{&out.encrypted_volumes, "SELECT count(*) FROM volumes WHERE status = 'encrypted'"},
        One{&out.unparsed_volumes, "SELECT count(*) FROM volumes WHERE status = 'unparsed'"},
        One{&out.findings, "SELECT count(*) FROM findings"}, One{&out.damage, "SELECT count(*) FROM damage"}}) {
    TRIAGE_TRY(*one.to, count_of(database, one.sql));
  }
  TRIAGE_TRY(
      Statement files,
      database.prepare(
          "SELECT count(*), sum(kind IN ('file','stream')), sum(kind IN ('file','stream') AND sha256 IS NOT NULL), "
          "sum(allocated = 0 AND method IS NOT 'carved' AND kind IN ('file','stream')), "
          "sum(allocated = 0 AND method IS NOT 'carved' AND kind IN ('file','stream') AND saved = 1), "
          "sum(allocated = 0 AND method IS NOT 'carved' AND kind IN ('file','stream') AND grade = 'complete'), "
          "sum(method = 'carved' AND duplicate = 0) FROM files"));
  TRIAGE_TRY(const bool any, files.step());
  if (any) {
    int column = 0;
    for (std::uint64_t* to : {&out.files, &out.files_with_content, &out.hashed_files, &out.deleted, &out.deleted_kept,
                              &out.deleted_complete, &out.carved}) {
      *to = count_at(files, column++);
    }
  }
  TRIAGE_TRY(out.findings_by_severity,
             named_counts(database, fmt::format("SELECT severity, '', count(*) FROM findings GROUP BY severity "
                                                "ORDER BY {}",
                                                kSeverityOrder)));
  TRIAGE_TRY(out.findings_by_likelihood,
             named_counts(database, "SELECT likelihood, '', count(*) FROM findings GROUP BY likelihood"));
  TRIAGE_TRY(out.damage_by_kind, named_counts(database,
                                              "SELECT kind, consumer, count(*) FROM damage GROUP BY kind, "
                                              "consumer ORDER BY 3 DESC, 1, 2 LIMIT 100"));
  TRIAGE_TRY(out.files_by_grade,
             named_counts(database,
                          "SELECT grade, method, count(*) FROM files WHERE allocated = 0 AND duplicate = 0 AND "
                          "kind IN ('file','stream') GROUP BY grade, method ORDER BY 2 DESC, 3 DESC, 1"));
  return out;
}

Result<std::vector<EvidenceFacts>> read_evidence(Database& database) {
  TRIAGE_TRY(Statement rows,
             database.prepare("SELECT id, name, format, key_kind, sha256, container_md5, container_sha1, "
                              "state, started, finished, size FROM evidence LIMIT 1000"));
  std::vector<EvidenceFacts> out;
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    EvidenceFacts& one = out.emplace_back();
    int column = 0;
    for (std::string* text : {&one.id, &one.name, &one.format, &one.key_kind, &one.sha256, &one.container_md5,
                              &one.container_sha1, &one.state, &one.started, &one.finished}) {
      *text = kept(rows, column++);
    }
    one.size = count_at(rows, column);
  }
  for (EvidenceFacts& one : out) {
    TRIAGE_TRY(one.volumes, read_volumes(database, one.id));
  }
  return out;
}

Result<std::vector<FindingFacts>> read_findings(Database& database, const Phrases& say, std::size_t limit) {
  TRIAGE_TRY(
      Statement rows,
      database.prepare(fmt::format(
          "SELECT id, rule, severity, likelihood, quality, technique, question, step, path, locator, evidence, "
          "details, events, exhibits, claim, claim_ja, alternatives, alternatives_ja, limits, limits_ja, recovered "
          "FROM findings ORDER BY {}, rule, id, locator LIMIT {}",
          kSeverityOrder, limit)));
  std::vector<FindingFacts> out;
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return out;
    out.push_back(read_finding(rows, say));
  }
}

Result<ReportFacts> read_report_facts(const CaseFolder& folder, Database& database, const FactsRequest& request) {
  ReportFacts out;
  TRIAGE_TRY(out.settings, folder.settings());
  std::error_code unresolved;  // the name as given is good enough
  const auto resolved = std::filesystem::weakly_canonical(folder.path(), unresolved);
  out.case_name = base_name((unresolved ? std::filesystem::path(folder.path()) : resolved).string());
  TRIAGE_TRY(out.evidence, read_evidence(database));
  TRIAGE_TRY(out.counts, read_counts(database));
  TRIAGE_TRY(out.findings, read_findings(database, request.say, request.limits.findings));
  TRIAGE_TRY_STATUS(read_events(database, request.say, request.zone, request.limits, out));
  TRIAGE_TRY_STATUS(find_kept_example(database, out));
  out.custody = read_custody(folder, database, request.limits.custody);
  if (request.library != nullptr) {
    auto part = std::make_unique<PlaybookPart>();
    part->library = request.library;
    TRIAGE_TRY(part->state, read_case_state(folder, &database, *request.library, request.now_ns));
    TRIAGE_TRY(part->facts, gather_facts(part->state, *request.library, &database));
    TRIAGE_TRY(part->forms, load_forms(request.library->folders()));
    out.playbook = std::move(part);
  }
  return out;
}

}  // namespace triage
