// SPDX-License-Identifier: Apache-2.0
#include "cli/case_status.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/output.h"
#include "store/case_db.h"
#include "store/custody.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kCase{"case: {}", "事案: {}"};
constexpr Message kOrganisation{"organisation: {}", "組織: {}"};
constexpr Message kType{"kind of leak: {}", "漏えいの種別: {}"};
constexpr Message kKnew{"known since: {}", "知った時: {}"};
constexpr Message kUnknown{"not stated", "未記入"};
constexpr Message kSteps{"steps:", "6つの段階:"};
constexpr Message kEvidence{"evidence:", "証拠:"};
constexpr Message kCounts{"{} files, {} deleted or carved, {} events, {} findings, {} places not read", "ファイル {} 個、削除・復元 {} 個、イベント {} 件、所見 {} 件、読めなかった箇所 {} 件"};
constexpr Message kNoDeadlines{"deadlines: this version does not compute them yet; see the law and 4-notification", "期限: この版ではまだ計算しない。法令と 4-notification を確認すること"};
constexpr Message kBroken{"the custody log is not sound: {}", "証拠管理記録に不備がある: {}"};
// clang-format on
constexpr const char* kDeadlinesNote = "not computed by this version: an empty list does not mean that nothing is due";
constexpr std::size_t kMaxCustodySize = std::size_t{512} << 20;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kCountQueries = {{
    {"files", "SELECT count(*) FROM files WHERE allocated = 1 AND kind = 'file'"},
    {"deleted", "SELECT count(*) FROM files WHERE allocated = 0"},
    {"events", "SELECT count(*) FROM events"},
    {"findings", "SELECT count(*) FROM findings"},
    {"damage", "SELECT count(*) FROM damage"},
}};

struct EvidenceLine {
  std::string id, name, state;
  std::int64_t size = 0, done = 0, total = 0;
};

/// What case.db says; all zero before the first evidence.
struct CaseCounts {
  std::array<std::int64_t, kCountQueries.size()> counts{};
  std::vector<EvidenceLine> evidence;
};

Result<CaseCounts> read_counts(const CaseFolder& folder) {
  CaseCounts out;
  if (!open_beneath(folder.fd(), "3-investigation/case.db", O_PATH)) return out;
  TRIAGE_TRY(Database database, open_case_for_reading(folder.database_path()));
  for (std::size_t i = 0; i < kCountQueries.size(); ++i) {
    TRIAGE_TRY(out.counts[i], database.integer(kCountQueries[i].second));
  }
  TRIAGE_TRY(Statement rows,
             database.prepare("SELECT id, name, state, size, done_batches, total_batches FROM evidence ORDER BY id"));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return out;
    out.evidence.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                            rows.integer(3), rows.integer(4), rows.integer(5)});
  }
}

template <typename Item, typename ToJson>
std::string json_array(const Item& items, const ToJson& to_json) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? "," : "") + to_json(item);
  return out + "]";
}

std::string status_json(const Context& context, const CaseFolder& folder, const CaseSettings& settings,
                        const CaseCounts& counts) {
  const auto known = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  JsonLine line;
  line.add("schema", "triage.case.status.v1").add("case", folder.path());
  line.add("organisation", known(settings.organisation)).add("leak_type", settings.leak_type);
  line.add("knew", settings.knew_time).add("time_zone", settings.time_zone).add("lang", settings.lang);
  line.add_raw("steps", json_array(kCaseSteps, [&](const CaseStep& step) {
                 JsonLine one;
                 one.add("step", step.number).add("folder", step.folder);
                 one.add("name", context.lang == Lang::kJapanese ? step.name_ja : step.name_en);
                 return one.add("state", folder.step_state(step.number)).finish();
               }));
  line.add_raw("evidence", json_array(counts.evidence, [](const EvidenceLine& one) {
                 JsonLine out;
                 out.add("evidence", one.id).add("name", one.name).add("size", one.size).add("state", one.state);
                 return out.add("batches_done", one.done).add("batches", one.total).finish();
               }));
  JsonLine numbers;
  for (std::size_t i = 0; i < kCountQueries.size(); ++i) numbers.add(kCountQueries[i].first, counts.counts[i]);
  line.add_raw("counts", numbers.finish()).add_raw("deadlines", "[]").add("deadlines_note", kDeadlinesNote);
  return line.finish();
}

void status_text(const Context& context, const CaseFolder& folder, const CaseSettings& settings,
                 const CaseCounts& counts, Output& out) {
  const auto words = [&](const Message& message, const std::string& value) {
    out.line(text(context.lang, message, value.empty() ? text(context.lang, kUnknown) : escape_terminal(value)));
  };
  words(kCase, folder.path());
  words(kOrganisation, settings.organisation);
  words(kType, settings.leak_type);
  words(kKnew, settings.knew_time.value_or(""));
  out.line(text(context.lang, kSteps));
  for (const CaseStep& step : kCaseSteps) {
    const std::string_view name = context.lang == Lang::kJapanese ? step.name_ja : step.name_en;
    out.line(fmt::format("  {}  {:<8}  {}", step.number, escape_terminal(folder.step_state(step.number)), name));
  }
  if (!counts.evidence.empty()) out.line(text(context.lang, kEvidence));
  for (const EvidenceLine& one : counts.evidence) {
    const auto size = static_cast<std::uint64_t>(one.size);
    out.line(fmt::format("  {}  {}  {}  {}", one.id, one.state, human_bytes(size), escape_terminal(one.name)));
  }
  const auto& n = counts.counts;
  out.line(text(context.lang, kCounts, n[0], n[1], n[2], n[3], n[4]));
  out.line(text(context.lang, kNoDeadlines));
}

/// What an entry says, in a few words: the note, or the command line and how it ended.
std::string entry_words(const nlohmann::json& entry) {
  std::string out;
  if (const auto note = entry.find("text"); note != entry.end() && note->is_string()) return note->get<std::string>();
  if (const auto arguments = entry.find("argv"); arguments != entry.end() && arguments->is_array()) {
    for (const auto& one : *arguments)
      out += (out.empty() ? "" : " ") + (one.is_string() ? one.get<std::string>() : "?");
  }
  if (const auto exit = entry.find("exit"); exit != entry.end() && exit->is_number_integer())
    out += fmt::format(" → {}", exit->get<int>());
  if (const auto problem = entry.find("problem"); problem != entry.end() && problem->is_string())
    out += problem->get<std::string>();
  return out;
}

std::string entry_line(std::string_view line) {
  const auto entry = nlohmann::json::parse(line, nullptr, false);
  if (!entry.is_object()) return escape_terminal(line);
  const auto word = [&entry](const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string("?");
  };
  const auto number = entry.find("n");
  return escape_terminal(fmt::format("{:>4}  {}  {:<10}  {}", number != entry.end() ? number->dump() : "?",
                                     word("time"), word("kind"), entry_words(entry)));
}

/// Where case.db says that the log ends; nullopt where it does not say.
std::optional<CustodyHead> custody_mirror(const CaseFolder& folder) {
  if (!open_beneath(folder.fd(), "3-investigation/case.db", O_PATH)) return std::nullopt;
  auto database = open_case_for_reading(folder.database_path());
  if (!database) return std::nullopt;
  const auto mirror = mirrored_custody(*database);
  return mirror ? *mirror : std::nullopt;
}

}  // namespace

Status print_case_status(const Context& context, const CaseFolder& folder) {
  TRIAGE_TRY(const CaseSettings settings, folder.settings());
  TRIAGE_TRY(const CaseCounts counts, read_counts(folder));
  Output out;
  if (context.json) {
    out.line(status_json(context, folder, settings, counts));
  } else {
    status_text(context, folder, settings, counts, out);
  }
  return out.finish();
}

Result<ExitCode> print_custody_log(const Context& context, const CaseFolder& folder) {
  if (!open_beneath(folder.fd(), "custody.jsonl", O_PATH)) return ExitCode::kComplete;
  // The mirror first: what a running command appends meanwhile is ahead of it, not behind.
  const std::optional<CustodyHead> mirror = custody_mirror(folder);
  TRIAGE_TRY(const std::string log, read_beneath(folder.fd(), "custody.jsonl", kMaxCustodySize));
  Output out;
  for (std::string_view rest = log; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    out.line(context.json ? std::string(line) : entry_line(line));
  }
  TRIAGE_TRY_STATUS(out.finish());
  const CustodyCheck check = check_custody(log, mirror);
  if (check.ok) return ExitCode::kComplete;
  warn(context, text(context.lang, kBroken, escape_terminal(check.message)));
  return ExitCode::kVerification;
}

}  // namespace triage::cli
