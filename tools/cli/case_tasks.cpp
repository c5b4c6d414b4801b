// SPDX-License-Identifier: Apache-2.0
// triage case task list.
#include <fmt/format.h>

#include "bytes/text.h"
#include "cli/case_counts.h"
#include "cli/case_status.h"
#include "cli/case_work.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

constexpr Message kStep{"step", "段階"};
constexpr Message kTask{"task", "作業"};
constexpr Message kState{"state", "状態"};
constexpr Message kOwner{"owner", "担当"};
constexpr Message kDue{"due", "期限"};
constexpr Message kProof{"proof", "根拠"};
constexpr Message kAction{"what", "内容"};
constexpr Message kExercise{"EXERCISE: nothing of this happened", "【訓練】実際の事案ではない"};

std::string state_words(const TaskState& state) {
  std::string out = state.state;
  if (state.overdue) out += " overdue";
  if (state.applies == Truth::kOpen && !state.settled()) out += " ?";
  for (const std::string& name : state.blocked_by) out += " " + name;
  return out;
}

std::string owner_words(const PlaybookLibrary& library, bool japanese, const TaskState& state) {
  if (!state.owner_name.empty()) return state.owner_name + (state.deputy_name.empty() ? "" : " / " + state.deputy_name);
  const Role* role = library.role(state.task->owner);
  return role == nullptr ? state.task->owner : japanese ? role->title.ja : role->title.en;
}

}  // namespace

Status print_tasks(const Context& context, bool all, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  std::optional<Database> database;
  TRIAGE_TRY(const CaseState state, look_at_case(folder, library, database));
  const bool japanese = context.lang == Lang::kJapanese;
  const auto word = [&](const Message& message) { return text(context.lang, message); };
  Table table({word(kStep), word(kTask), word(kState), word(kOwner), word(kDue), word(kProof), word(kAction)});
  Output out;
  if (state.exercise() && !context.json) out.line(word(kExercise));
  for (const TaskState& one : state.tasks) {
    if (!all && one.state == "not_applicable") continue;
    if (context.json) {
      const std::string body = task_json(one);
      out.line(R"({"schema":"triage.case.task.v1",)" + body.substr(1));
      continue;
    }
    table.row({std::to_string(one.task->step), one.task->id, state_words(one), owner_words(library, japanese, one),
               one.due, one.proof, japanese ? one.task->action.ja : one.task->action.en});
  }
  if (!context.json) table.print(out, use_color(context, 1));
  return out.finish();
}

}  // namespace triage::cli
