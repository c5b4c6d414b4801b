// SPDX-License-Identifier: Apache-2.0
// triage case task list|start|done|waive|not-possible.
#include "bytes/time_formats.h"
#include "cli/case_changes.h"
#include "cli/case_commands.h"
#include "cli/case_status.h"
#include "cli/command.h"
#include "cli/common_flags.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kTitle{"the tasks of the playbook: show them, say what was done", "プレイブックの作業を示す、行ったことを記録する"};
constexpr Message kDetails{"A task ticks itself where the record proves it and names the custody entry. One that would destroy evidence is blocked until that evidence is preserved, or a named person gives it up with a reason.", "記録が証明する作業は自動で済となり、証拠管理記録の番号を示す。証拠を壊す作業は、その証拠を保全するか、名前のある人が理由を付けて見送るまで行えない。"};
constexpr Message kListTitle{"list the tasks", "作業の一覧"};
constexpr Message kStartTitle{"a task was begun", "作業に着手した"};
constexpr Message kDoneTitle{"a task was done", "作業を済ませた"};
constexpr Message kWaiveTitle{"give a task up, or the evidence that blocks it", "作業、又は作業を止めている証拠の保全を見送る"};
constexpr Message kWaiveDetails{"On a blocked task the evidence it would destroy is given up and the task becomes free. On any other task it says that it will not be done. The name and the reason go into the custody log.", "止まっている作業では、壊れる証拠の保全を見送り、作業を行えるようにする。それ以外の作業では、行わないことを記録する。名前と理由は証拠管理記録に残る。"};
constexpr Message kNotTitle{"a task cannot be done", "作業が実施できない"};
constexpr Message kListOne{"what is to be done", "行うこと"};
constexpr Message kDoneOne{"the report was filed", "報告を提出した"};
constexpr Message kWaiveOne{"the device is wiped although nothing could be copied", "写しが取れないまま遠隔消去する"};
constexpr Message kNotOne{"the log is gone", "ログが残っていない"};
constexpr Message kStartOne{"somebody is at it", "担当者が着手した"};
constexpr Message kTask{"Id of the task", "作業の識別名"};
constexpr Message kBy{"Who", "実施者"};
constexpr Message kReason{"Why", "理由"};
constexpr Message kAt{"When, where not now", "日時(現在でない場合)"};
constexpr Message kReference{"Receipt number, document", "受理番号、文書"};
constexpr Message kAll{"Also tasks that do not apply", "該当しない作業も示す"};
// clang-format on

void add_action(CLI::App& group, Context& context, const std::string& name, const std::string& action,
                const CommandText& texts) {
  CLI::App& command = add_command(group, context, name, texts);
  add_flags(command, context, {Flag::kCase});
  const auto act = std::make_shared<TaskAction>();
  const auto playbooks = add_playbooks_flag(command, context);
  act->action = action;
  command.add_option("TASK", act->task, text(context.lang, kTask))->type_name("TASK")->required();
  const auto add = [&](const char* flag, std::string& value, const Message& help, const char* type) {
    command.add_option(flag, value, text(context.lang, help))->type_name(type)->allow_extra_args(false);
  };
  add("--by", act->by, kBy, "NAME");
  add("--reason", act->reason, kReason, "TEXT");
  add("--at", act->at, kAt, "TIME");
  add("--reference", act->reference, kReference, "TEXT");
  on_run(command, context, [&context, act, playbooks]() -> Result<ExitCode> {
    if (!act->at.empty() && !parse_time_text(act->at))
      return fail(ErrorCode::kUsage, "--at is no time", act->at, 0, "write it like 2024-04-01T09:30:00+09:00");
    TRIAGE_TRY_STATUS(act_on_task(context, *act, *playbooks));
    return ExitCode::kComplete;
  });
}

}  // namespace

void add_case_tasks(CLI::App& group, Context& context) {
  CLI::App& tasks =
      add_command(group, context, "task", {kTitle, kDetails, {{"triage case task list --case leak", kListOne}}});
  constexpr Message kNone{"", ""};
  CLI::App& list =
      add_command(tasks, context, "list", {kListTitle, kNone, {{"triage case task list --case leak", kListOne}}});
  add_flags(list, context, {Flag::kCase, Flag::kJson});
  const auto all = std::make_shared<bool>(false);
  const auto playbooks = add_playbooks_flag(list, context);
  list.add_flag("--all", *all, text(context.lang, kAll));
  on_run(list, context, [&context, all, playbooks]() -> Result<ExitCode> {
    TRIAGE_TRY_STATUS(print_tasks(context, *all, *playbooks));
    return ExitCode::kComplete;
  });
  add_action(tasks, context, "start", "start",
             {kStartTitle, kNone, {{"triage case task start --case leak image-take --by 'Sato'", kStartOne}}});
  add_action(tasks, context, "done", "done",
             {kDoneTitle,
              kNone,
              {{"triage case task done --case leak report-preliminary --by 'Kato' --reference 'No. 123'", kDoneOne}}});
  add_action(tasks, context, "waive", "waive",
             {kWaiveTitle,
              kWaiveDetails,
              {{"triage case task waive --case leak loss-remote-wipe --by 'Kato' --reason 'the device is still moving'",
                kWaiveOne}}});
  add_action(tasks, context, "not-possible", "not_possible",
             {kNotTitle,
              kNone,
              {{"triage case task not-possible --case leak method-memory --by 'Sato' --reason 'found powered off'",
                kNotOne}}});
}

}  // namespace triage::cli
