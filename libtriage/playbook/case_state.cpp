// SPDX-License-Identifier: Apache-2.0
#include "playbook/case_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

struct Seen {
  std::uint64_t count = 0;
  std::optional<std::int64_t> from, to;
};
/// By artifact, rule or format.
using SeenByName = std::map<std::string, Seen>;

Result<SeenByName> read_seen(Database& database, std::string_view sql) {
  SeenByName out;
  TRIAGE_TRY(Statement rows, database.prepare(sql));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return out;
    out[std::string(rows.text(0))] = {static_cast<std::uint64_t>(rows.integer(1)), rows.optional_integer(2),
                                      rows.optional_integer(3)};
  }
}

void add_matches(const std::vector<std::string>& globs, const SeenByName& seen, Seen& into) {
  for (const auto& [name, one] : seen) {
    const bool wanted = std::any_of(globs.begin(), globs.end(),
                                    [&name = name](const std::string& glob) { return glob_match(glob, name); });
    if (!wanted) continue;
    into.count += one.count;
    if (one.from && (!into.from || *one.from < *into.from)) into.from = one.from;
    if (one.to && (!into.to || *one.to > *into.to)) into.to = one.to;
  }
}

struct CaseSeen {
  SeenByName events, findings, formats;
  std::uint64_t files = 0;
};

Result<CaseSeen> read_case_seen(Database* database) {
  CaseSeen out;
  if (database == nullptr) return out;
  TRIAGE_TRY(
      out.events,
      read_seen(*database, "SELECT artifact, count(*), min(when_ns), max(when_ns) FROM events GROUP BY artifact"));
  TRIAGE_TRY(out.findings, read_seen(*database, "SELECT rule, count(*), NULL, NULL FROM findings GROUP BY rule"));
  TRIAGE_TRY(out.formats, read_seen(*database,
                                    "SELECT format, count(*), NULL, NULL FROM evidence WHERE state = "
                                    "'finished' GROUP BY format"));
  TRIAGE_TRY(const std::int64_t files, database->integer("SELECT count(*) FROM files WHERE allocated = 1"));
  out.files = static_cast<std::uint64_t>(files);
  return out;
}

MethodState seen_state(const Method& method, const CaseSeen& seen, bool any_evidence) {
  MethodState out;
  out.method = &method;
  Seen sum;
  add_matches(method.events, seen.events, sum);
  add_matches(method.findings, seen.findings, sum);
  add_matches(method.formats, seen.formats, sum);
  if (method.files) sum.count += seen.files;
  out.records = sum.count;
  if (sum.from) out.from = utc_text(*sum.from, 0);
  if (sum.to) out.to = utc_text(*sum.to, 0);
  if (sum.count > 0) {
    out.state = "done";
    out.why = {fmt::format("a run read {} records of this kind", sum.count),
               fmt::format("解析で該当する記録を{}件読み取った", sum.count)};
  } else if (any_evidence) {
    out.why = {"the evidence read so far holds no data of this kind", "これまでに読み取った証拠に該当するデータがない"};
  } else {
    out.why = {"no evidence was read yet", "証拠をまだ読み取っていない"};
  }
  return out;
}

}  // namespace

Result<std::vector<MethodState>> method_states(const PlaybookLibrary& library, const std::vector<TaskState>& tasks,
                                               Database* database) {
  TRIAGE_TRY(const CaseSeen seen, read_case_seen(database));
  std::vector<MethodState> out;
  for (const Method& method : library.methods()) {
    MethodState state = seen_state(method, seen, !seen.formats.empty());
    const auto task =
        std::find_if(tasks.begin(), tasks.end(), [&](const TaskState& one) { return one.task->id == method.task; });
    if (task != tasks.end() && !task->proof.empty() && task->settled()) {
      state.state = task->state == "done" ? "done" : task->state == "not_possible" ? "not_possible" : "not_done";
      if (!task->note.empty()) state.why = {task->note, task->note};
      state.proof = task->proof;
    }
    out.push_back(std::move(state));
  }
  return out;
}

Result<CaseState> read_case_state(const CaseFolder& folder, Database* database, const PlaybookLibrary& library,
                                  std::int64_t now_ns) {
  CaseState out;
  out.now_ns = now_ns;
  out.case_name = folder.path().substr(folder.path().rfind('/') + 1);
  TRIAGE_TRY(out.settings, folder.settings());
  TRIAGE_TRY(out.record, read_record(folder));
  out.playbook = library.playbook(out.settings.leak_type);
  if (out.playbook == nullptr)
    return fail(ErrorCode::kUsage, "there is no playbook of this leak type", out.settings.leak_type, 0,
                "name one with triage case init --type, or its folder with --playbooks");
  const LawRules& law = library.law();
  std::optional<std::int64_t> knew;
  if (out.settings.knew_time) knew = parse_time_text(*out.settings.knew_time, law.zone_offset_minutes);
  out.clock = run_legal_clock(law, out.record.answer_words(), knew, now_ns);
  const TaskInputs inputs{*out.playbook, out.record, out.clock, out.settings, now_ns, law.zone_offset_minutes};
  out.tasks = task_states(inputs);
  for (const TaskState& task : out.tasks) {
    if (!task.task->fulfils.empty() && task.state == "done") mark_done(out.clock, task.task->fulfils, task.proof);
  }
  TRIAGE_TRY(out.methods, method_states(library, out.tasks, database));
  for (const MethodState& method : out.methods) {
    if (method.state != "done" || !method.proof.empty()) continue;
    for (TaskState& task : out.tasks) {
      if (task.task->id != method.method->task || task.settled()) continue;
      task.state = "done";
      task.done_by = "record";
      task.proof = fmt::format("case.db: {}", method.records);
    }
  }
  TRIAGE_TRY(out.signs, sign_states(library.signs(), database));
  out.chains = item_chains(out.record);
  return out;
}

}  // namespace triage
