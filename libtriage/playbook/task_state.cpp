// SPDX-License-Identifier: Apache-2.0
#include "playbook/task_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr std::int64_t kHour = std::int64_t{3600} * 1'000'000'000;

std::string person_with(const CaseSettings& settings, const std::string& role) {
  for (const CasePerson& person : settings.people) {
    if (person.role == role) return person.name;
  }
  return {};
}

/// The newest thing a person did with the task that decides its state.
const TaskAction* last_action(const CaseRecord& record, std::string_view task) {
  const TaskAction* out = nullptr;
  for (const TaskAction& one : record.actions) {
    // Giving evidence up lifts a block; it says nothing of whether the task was done.
    if (one.task == task && !(one.action == "waive" && !one.evidence.empty())) out = &one;
  }
  return out;
}

void apply_action(const TaskAction& action, TaskState& out) {
  out.state = action.action == "start" ? "started" : action.action == "waive" ? "waived" : action.action;
  out.done_at = action.at;
  out.done_by = action.by;
  out.note = action.reason.empty() ? action.reference : action.reason;
  if (action.action == "start") out.done_at.clear();
  out.proof = fmt::format("#{}", action.entry);
}

void apply_proofs(const TaskInputs& inputs, TaskState& out) {
  if (out.task->proofs.empty()) return;
  std::string all;
  for (const ProofRule& rule : out.task->proofs) {
    const auto proof = proof_of(rule, inputs.record, inputs.settings);
    if (!proof) return;
    if (all.find(*proof) == std::string::npos) all += (all.empty() ? "" : " ") + *proof;
  }
  out.state = "done";
  out.done_by = "record";
  out.proof = all;
}

void set_due(const TaskInputs& inputs, TaskState& out) {
  const TaskDue& due = out.task->due;
  if (!due.rule.empty()) {
    const DeadlineState* deadline = inputs.clock.deadline(due.rule);
    if (deadline != nullptr && deadline->applies != Truth::kNo) out.due = deadline->due;
    return;
  }
  if (due.hours == 0 || !inputs.settings.knew_time) return;
  const auto knew = parse_time_text(*inputs.settings.knew_time, inputs.zone_offset_minutes);
  if (knew) out.due = offset_text(*knew + due.hours * kHour, 0, inputs.zone_offset_minutes);
}

bool is_past(const std::string& due, std::int64_t now_ns, int offset_minutes) {
  if (due.empty()) return false;
  // A date ends with its day.
  const auto at = parse_time_text(due, offset_minutes);
  return at && *at + (due.size() == 10 ? 24 * kHour : 0) < now_ns;
}

Truth truth_of(const TaskInputs& inputs, const Answers& answers, const PlaybookTask& task) {
  const Truth own = evaluate(task.when, answers, inputs.clock.held);
  const DeadlineState* deadline = task.fulfils.empty() ? nullptr : inputs.clock.deadline(task.fulfils);
  return deadline == nullptr ? own : std::min(own, deadline->applies);
}

using States = std::map<std::string, TaskState*, std::less<>>;

bool is_preserved(const EvidenceItem& item, const States& by_id) {
  return std::any_of(item.preserved_by.begin(), item.preserved_by.end(), [&](const std::string& task) {
    const auto found = by_id.find(task);
    return found != by_id.end() && found->second->state == "done";
  });
}

/// Blocks what would destroy evidence, unless it is preserved or a named person gave it up for this task.
void apply_blocks(const TaskInputs& inputs, const States& by_id, TaskState& state) {
  for (const TaskAction& action : inputs.record.actions) {
    if (action.task != state.task->id || action.action != "waive" || action.evidence.empty()) continue;
    state.waived.insert(state.waived.end(), action.evidence.begin(), action.evidence.end());
    state.waived_by = action.by;
    if (state.note.empty()) state.note = action.reason;
  }
  if (state.settled()) return;
  for (const std::string& name : state.task->destroys) {
    const EvidenceItem* item = inputs.playbook.item(name);
    const bool given_up = std::find(state.waived.begin(), state.waived.end(), name) != state.waived.end();
    if (item != nullptr && !given_up && !is_preserved(*item, by_id)) state.blocked_by.push_back(name);
  }
  for (const std::string& name : state.task->after) {
    const auto before = by_id.find(name);
    if (before != by_id.end() && !before->second->settled()) state.blocked_by.push_back(name);
  }
  if (!state.blocked_by.empty()) state.state = "blocked";
}

}  // namespace

bool TaskState::settled() const {
  return state == "done" || state == "waived" || state == "not_possible" || state == "not_applicable";
}

std::vector<TaskState> task_states(const TaskInputs& inputs) {
  const Answers answers = inputs.record.answer_words();
  std::vector<TaskState> out(inputs.playbook.tasks.size());
  States by_id;
  for (std::size_t i = 0; i < out.size(); ++i) {
    TaskState& state = out[i];
    state.task = &inputs.playbook.tasks[i];
    by_id[state.task->id] = &state;
    state.applies = truth_of(inputs, answers, *state.task);
    if (state.applies == Truth::kNo) state.state = "not_applicable";
    set_due(inputs, state);
    apply_proofs(inputs, state);
    if (const TaskAction* action = last_action(inputs.record, state.task->id)) apply_action(*action, state);
    state.owner_name = person_with(inputs.settings, state.task->owner);
    state.deputy_name = person_with(inputs.settings, "deputy:" + state.task->owner);
    if (state.deputy_name.empty()) state.deputy_name = person_with(inputs.settings, state.task->deputy);
  }
  for (TaskState& state : out) {
    apply_blocks(inputs, by_id, state);
    state.overdue = !state.settled() && state.applies == Truth::kYes &&
                    is_past(state.due, inputs.now_ns, inputs.zone_offset_minutes);
  }
  return out;
}

const TaskState* next_task(const std::vector<TaskState>& states) {
  const TaskState* out = nullptr;
  for (const TaskState& state : states) {
    if (state.settled() || state.state == "blocked" || state.applies != Truth::kYes) continue;
    if (state.task->containment) return &state;
    if (out == nullptr) out = &state;
  }
  return out;
}

Status check_action(const std::vector<TaskState>& states, const TaskAction& action) {
  const auto found =
      std::find_if(states.begin(), states.end(), [&](const TaskState& one) { return one.task->id == action.task; });
  if (found == states.end())
    return fail(ErrorCode::kUsage, "the playbook has no such task", action.task, 0, "triage case task list names them");
  if (action.by.empty()) return fail(ErrorCode::kUsage, "who does it must be named", action.task, 0, "add --by NAME");
  const bool needs_reason = action.action == "waive" || action.action == "not_possible";
  if (needs_reason && action.reason.empty())
    return fail(ErrorCode::kUsage, "a reason must be given", action.task, 0, "add --reason TEXT");
  if (found->state != "blocked" || (action.action != "done" && action.action != "start")) return {};
  std::string names;
  for (const std::string& name : found->blocked_by) names += (names.empty() ? "" : ", ") + name;
  return fail(ErrorCode::kUsage, fmt::format("the task is blocked by: {}", names), action.task, 0,
              fmt::format("preserve it first, or: triage case task waive {} --by NAME --reason TEXT", action.task));
}

std::vector<TaskRecord> task_rows(const std::vector<TaskState>& states) {
  std::vector<TaskRecord> out;
  for (const TaskState& state : states) {
    const PlaybookTask& task = *state.task;
    out.push_back({task.id, std::to_string(task.step), task.action.en, task.action.ja, state.state, state.due,
                   state.done_at, state.done_by, task.fulfils.empty() ? task.due.rule : task.fulfils, state.note});
    if (!state.proof.empty()) out.back().note += (out.back().note.empty() ? "" : " ") + state.proof;
  }
  return out;
}

std::string step_state_of(const std::vector<TaskState>& states, int step) {
  bool begun = false, left = false;
  for (const TaskState& state : states) {
    if (state.task->step != step) continue;
    begun = begun || state.state == "started" || (state.settled() && state.state != "not_applicable");
    left = left || !state.settled();
  }
  return !left ? "done" : begun ? "running" : "open";
}

}  // namespace triage
