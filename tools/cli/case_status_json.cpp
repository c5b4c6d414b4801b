// SPDX-License-Identifier: Apache-2.0
#include "bytes/json.h"
#include "cli/case_counts.h"

namespace triage::cli {
namespace {

std::optional<std::string> known(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

template <typename Items, typename ToJson>
std::string json_array(const Items& items, const ToJson& to_json) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? "," : "") + to_json(item);
  return out + "]";
}

std::string text_array(const std::vector<std::string>& items) {
  return json_array(items, [](const std::string& item) {
    std::string out;
    append_json_string(out, item);
    return out;
  });
}

std::string both_json(const Bilingual& both) {
  JsonLine line;
  return line.add("ja", both.ja).add("en", both.en).finish();
}

/// Exactly the six keys that scripts rely on.
std::string deadline_json(const DeadlineState& state) {
  JsonLine line;
  line.add("rule", state.rule->id).add("article", state.rule->from.article).add("due", known(state.due));
  line.add("latest_reading", known(state.latest_reading)).add("applies", truth_name(state.applies));
  return line.add("state", state.state).finish();
}

std::string rule_json(const DeadlineState& state) {
  const DeadlineRule& rule = *state.rule;
  JsonLine line;
  line.add("rule", rule.id).add_raw("title", both_json(rule.title)).add_raw("to", both_json(rule.to));
  line.add_raw("law", both_json(rule.from.law)).add("as_of", rule.from.as_of).add("source", rule.from.source);
  line.add("verified", rule.from.verified ? "source" : "memory");
  line.add("early", known(state.early)).add("before_roll", known(state.before_roll));
  line.add("days_left", state.days_left ? std::optional<std::int64_t>(*state.days_left) : std::nullopt);
  line.add("table_expired", state.table_expired).add("proof", known(state.done_ref));
  return line.add_raw("caution", both_json(rule.caution)).finish();
}

std::string trigger_json(const TriggerState& state) {
  JsonLine line;
  line.add("id", state.rule->id).add_raw("situation", both_json(state.rule->situation));
  line.add("article", state.rule->from.article).add("found", truth_name(state.truth));
  return line.add_raw("unanswered", text_array(state.unanswered)).finish();
}

std::string method_json(const MethodState& state) {
  JsonLine line;
  line.add("id", state.method->id).add_raw("title", both_json(state.method->title)).add("state", state.state);
  line.add_raw("why", both_json(state.why)).add("records", state.records);
  line.add("from", known(state.from)).add("to", known(state.to));
  return line.add("proof", known(state.proof)).finish();
}

std::string sign_json(const SignState& state) {
  JsonLine line;
  line.add("id", state.rule->id).add("kind", state.rule->mitigation ? "mitigation" : "sign");
  line.add_raw("title", both_json(state.rule->title)).add("state", state.state);
  line.add("likelihood", known(state.likelihood)).add("count", state.count);
  return line.add_raw("findings", text_array(state.findings)).finish();
}

}  // namespace

Result<CaseCounts> read_counts(Database* database) {
  CaseCounts out;
  if (database == nullptr) return out;
  for (std::size_t i = 0; i < kCountQueries.size(); ++i) {
    TRIAGE_TRY(out.counts[i], database->integer(kCountQueries[i].second));
  }
  TRIAGE_TRY(Statement rows,
             database->prepare("SELECT id, name, state, size, done_batches, total_batches FROM evidence ORDER BY id"));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return out;
    out.evidence.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                            rows.integer(3), rows.integer(4), rows.integer(5)});
  }
}

std::string task_json(const TaskState& state) {
  const PlaybookTask& task = *state.task;
  JsonLine line;
  line.add("id", task.id).add("step", task.step).add("state", state.state).add("containment", task.containment);
  line.add_raw("action", both_json(task.action)).add_raw("caution", both_json(task.caution));
  line.add("owner", task.owner).add("owner_name", known(state.owner_name));
  line.add("deputy", task.deputy).add("deputy_name", known(state.deputy_name));
  line.add("applies", truth_name(state.applies)).add("due", known(state.due)).add("overdue", state.overdue);
  line.add_raw("collects", text_array(task.collects)).add_raw("destroys", text_array(task.destroys));
  line.add_raw("after", text_array(task.after)).add_raw("blocked_by", text_array(state.blocked_by));
  line.add_raw("waived", text_array(state.waived)).add("waived_by", known(state.waived_by));
  line.add("done_at", known(state.done_at)).add("done_by", known(state.done_by)).add("proof", known(state.proof));
  line.add("note", known(state.note)).add("fulfils", known(task.fulfils)).add("command", known(task.command));
  return line.add("query", known(task.query)).add("origin", task.origin).finish();
}

std::string status_json(const Context& context, const CaseFolder& folder, const CaseState& state,
                        const CaseCounts& counts) {
  const CaseSettings& settings = state.settings;
  JsonLine line;
  line.add("schema", "triage.case.status.v1").add("case", folder.path()).add("exercise", state.exercise());
  line.add("organisation", known(settings.organisation)).add("leak_type", settings.leak_type);
  line.add("knew", settings.knew_time).add("time_zone", settings.time_zone).add("lang", settings.lang);
  line.add_raw("steps", json_array(kCaseSteps, [&](const CaseStep& step) {
                 JsonLine one;
                 one.add("step", step.number).add("folder", step.folder);
                 one.add("name", context.lang == Lang::kJapanese ? step.name_ja : step.name_en);
                 return one.add("state", step_state_of(state.tasks, step.number)).finish();
               }));
  line.add_raw("evidence", json_array(counts.evidence, [](const EvidenceLine& one) {
                 JsonLine out;
                 out.add("evidence", one.id).add("name", one.name).add("size", one.size).add("state", one.state);
                 return out.add("batches_done", one.done).add("batches", one.total).finish();
               }));
  JsonLine numbers;
  for (std::size_t i = 0; i < kCountQueries.size(); ++i) numbers.add(kCountQueries[i].first, counts.counts[i]);
  line.add_raw("counts", numbers.finish());
  line.add_raw("deadlines", json_array(state.clock.deadlines, deadline_json));
  line.add_raw("rules", json_array(state.clock.deadlines, rule_json));
  line.add_raw("triggers", json_array(state.clock.triggers, trigger_json));
  line.add_raw("signs", json_array(state.signs, sign_json));
  line.add(
      "signs_note",
      "what findings show of the guideline's signs of a likely leak; not seen is no statement that there is none: ask "
      "counsel");
  line.add("legal_rules_version", settings.legal_rules_version).add("holiday_table_expired", state.clock.table_expired);
  line.add("deadlines_note",
           "computed from the answers given; no trigger found is no statement that there is no duty: ask counsel");
  const TaskState* next = next_task(state.tasks);
  line.add("next", next == nullptr ? std::nullopt : std::optional(next->task->id));
  line.add_raw("tasks", json_array(state.tasks, task_json));
  line.add_raw("methods", json_array(state.methods, method_json));
  std::uint64_t faults = 0;
  for (const ItemChain& chain : state.chains) faults += chain.faults.size();
  return line.add("custody_entries", state.record.entries).add("chain_faults", faults).finish();
}

}  // namespace triage::cli
