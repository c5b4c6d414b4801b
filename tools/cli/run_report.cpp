// SPDX-License-Identifier: Apache-2.0
#include "cli/run_report.h"

#include <unistd.h>

#include <array>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

struct Line {
  std::string_view key;
  std::string_view sql;
  Message words;
};

constexpr std::array<Line, 8> kLines = {{
    {"volumes", "SELECT count(*) FROM volumes", {"{} volumes", "ボリューム {} 個"}},
    {"files", "SELECT count(*) FROM files WHERE allocated = 1 AND kind = 'file'", {"{} files", "ファイル {} 個"}},
    {"deleted",
     "SELECT count(*) FROM files WHERE allocated = 0 AND method = 'metadata'",
     {"{} deleted entries", "削除されたエントリ {} 個"}},
    {"recovered",
     "SELECT count(*) FROM files WHERE saved = 1 AND method = 'metadata'",
     {"{} deleted files recovered", "削除ファイルの復元 {} 個"}},
    {"carved",
     "SELECT count(*) FROM files WHERE saved = 1 AND method = 'carved'",
     {"{} files carved", "内容からの復元(カービング) {} 個"}},
    {"events", "SELECT count(*) FROM events", {"{} events in the timeline", "タイムラインのイベント {} 件"}},
    {"findings", "SELECT count(*) FROM findings", {"{} findings", "所見 {} 件"}},
    {"damage", "SELECT count(*) FROM damage", {"{} places could not be read", "読み取れなかった箇所 {} 件"}},
}};

constexpr Message kEvidence{"{}: {} ({}), {}", "{}: {}({})、{}"};
constexpr Message kAlready{"already finished in this case", "この事案では処理済み"};
constexpr Message kDone{"done", "完了"};
constexpr Message kFinding{"finding [{}] {}: {}", "所見 [{}] {}: {}"};
constexpr Message kReport{"report: {}/report.html", "報告書: {}/report.html"};

std::string evidence_json(const SweepSummary& summary) {
  const EvidenceRecord& evidence = summary.evidence;
  JsonLine line;
  line.add("schema", "triage.run.evidence.v1").add("evidence", evidence.id).add("name", evidence.name);
  line.add("format", evidence.format).add("size", evidence.size).add("sha256", evidence.sha256);
  line.add("already_finished", summary.already_finished).add("batches", summary.batches);
  line.add("streams", summary.streams).add("bytes_read", summary.bytes_read).add("damage", summary.damage_count);
  return line.add("worker_deaths", summary.worker_deaths).finish();
}

Status tell_findings(const Context& context, Database& database) {
  const bool japanese = context.lang == Lang::kJapanese;
  TRIAGE_TRY(Statement rows,
             database.prepare("SELECT severity, path, claim, claim_ja FROM findings ORDER BY CASE severity WHEN "
                              "'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, "
                              "rule, path LIMIT 10"));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return {};
    const std::string claim = escape_terminal(rows.text(japanese && !rows.text(3).empty() ? 3 : 2));
    say(context, text(context.lang, kFinding, rows.text(0), escape_terminal(rows.text(1)), claim));
  }
}

}  // namespace

Status tell_run(const Context& context, CaseSession& session, const std::vector<SweepSummary>& summaries) {
  Database& database = session.database().database();
  JsonLine counts;
  for (const SweepSummary& summary : summaries) {
    const EvidenceRecord& evidence = summary.evidence;
    say(context, text(context.lang, kEvidence, escape_terminal(evidence.name), human_bytes(evidence.size),
                      evidence.format, text(context.lang, summary.already_finished ? kAlready : kDone)));
  }
  counts.add("schema", "triage.run.v1").add("case", session.folder().path());
  for (const Line& line : kLines) {
    TRIAGE_TRY(const std::int64_t count, database.integer(line.sql));
    counts.add(line.key, count);
    say(context, "  " + text(context.lang, line.words, count));
  }
  TRIAGE_TRY_STATUS(tell_findings(context, database));
  if (!context.json) {
    say(context, text(context.lang, kReport, escape_terminal(session.folder().path())));
    return {};
  }
  Output out;
  for (const SweepSummary& summary : summaries) out.line(evidence_json(summary));
  out.line(counts.finish());
  return out.finish();
}

}  // namespace triage::cli
