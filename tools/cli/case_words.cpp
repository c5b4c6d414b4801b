// SPDX-License-Identifier: Apache-2.0
// Notes, answers and what was done with tasks.
#include <fmt/format.h>

#include <algorithm>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_changes.h"
#include "cli/case_work.h"
#include "cli/display_zone.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kRecorded{"recorded as custody entry {}", "証拠管理記録 {} に記録した"};
constexpr Message kWaived{"{} gave up: {}; the task is free", "{} が保全を見送った: {}。この作業を行える"};
constexpr Message kQuestion{"question", "確認事項"};
constexpr Message kAnswer{"answer", "回答"};
constexpr Message kText{"text", "内容"};
constexpr Message kTag{"tag", "区分"};
constexpr Message kOpen{"open", "未回答"};
// clang-format on

const std::string& in(const Context& context, const Bilingual& both) {
  return context.lang == Lang::kJapanese ? both.ja : both.en;
}

std::string taken_answers(const Question& question) {
  std::string out = "unknown";
  if (question.kind == AnswerKind::kYesNo) return "yes, no, unknown";
  if (question.kind == AnswerKind::kCount) return "1200, 800-1500, >=1000, unknown";
  if (question.kind == AnswerKind::kTime) return "2026-04-13 09:00, unknown";
  for (const Question::Choice& choice : question.choices) out = choice.word + ", " + out;
  return out;
}

std::string near_question(const LawRules& law, const std::string& id) {
  for (const Question& one : law.questions) {
    if (!id.empty() && (one.id.find(id) != std::string::npos || id.find(one.id) != std::string::npos)) return one.id;
  }
  return {};
}

}  // namespace

Status note_in_case(const Context& context, const std::string& words, const std::string& by, const std::string& tag,
                    const std::vector<std::string>& playbooks) {
  if (words.empty()) return fail(ErrorCode::kUsage, "the note is empty");
  JsonLine fields;
  fields.add("text", words).add("by", by.empty() ? std::nullopt : std::optional(by));
  if (!tag.empty()) {
    const auto certainty = certainty_from(tag);
    if (!certainty)
      return fail(ErrorCode::kUsage, "--tag is none of fact, presumption, hearsay, unknown (事実 推定 伝聞 不明)", tag);
    fields.add("tag", certainty_name(*certainty));
  }
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY(const std::unique_ptr<CaseWork> work, CaseWork::open(context, library));
  TRIAGE_TRY_STATUS(work->append("note", fields.finish()));
  return work->finish();
}

Status answer_in_case(const Context& context, AnswerRecord answer, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  const Question* question = library.law().question(answer.question);
  if (question == nullptr) {
    const std::string near = near_question(library.law(), answer.question);
    return fail(ErrorCode::kUsage, "there is no such question", answer.question, 0,
                near.empty() ? "triage case answer --case DIR lists them" : "did you mean " + near + "?");
  }
  const auto word = normal_answer(*question, answer.value);
  if (!word)
    return fail(ErrorCode::kUsage, "the question does not take this answer", answer.question + ": " + answer.value, 0,
                "it takes: " + taken_answers(*question));
  answer.value = *word;
  TRIAGE_TRY(const std::unique_ptr<CaseWork> work, CaseWork::open(context, library));
  TRIAGE_TRY(const std::uint64_t entry, work->append("answer", answer_fields(answer)));
  TRIAGE_TRY_STATUS(work->finish());
  say(context, text(context.lang, kRecorded, entry));
  return {};
}

Status print_questions(const Context& context, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  TRIAGE_TRY(const CaseRecord record, read_record(folder));
  Output out;
  Table table({text(context.lang, kQuestion), text(context.lang, kAnswer), text(context.lang, kTag),
               text(context.lang, kText)});
  for (const Question& one : library.law().questions) {
    const auto found = record.answers.find(one.id);
    const AnswerRecord* answer = found == record.answers.end() ? nullptr : &found->second;
    if (context.json) {
      JsonLine line;
      line.add("schema", "triage.case.question.v1").add("question", one.id).add("group", one.group);
      line.add("text", in(context, one.text)).add("takes", taken_answers(one));
      line.add("value", answer == nullptr ? std::nullopt : std::optional(answer->value));
      line.add("tag", answer == nullptr ? std::nullopt : std::optional(std::string(certainty_name(answer->tag))));
      line.add("entry", answer == nullptr ? std::nullopt : std::optional(answer->entry));
      out.line(line.finish());
      continue;
    }
    std::string tag;
    if (answer != nullptr)
      tag = context.lang == Lang::kJapanese ? certainty_name_ja(answer->tag) : certainty_name(answer->tag);
    table.row({one.id, answer == nullptr ? text(context.lang, kOpen) : answer->value, tag, in(context, one.text)});
  }
  if (!context.json) table.print(out, use_color(context, 1));
  return out.finish();
}

Status act_on_task(const Context& context, TaskAction action, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY(const std::unique_ptr<CaseWork> work, CaseWork::open(context, library));
  const std::vector<TaskState>& states = work->state().tasks;
  TRIAGE_TRY_STATUS(check_action(states, action));
  const auto found =
      std::find_if(states.begin(), states.end(), [&](const TaskState& one) { return one.task->id == action.task; });
  // To waive a blocked task is to give the evidence up; the task itself is still to be done.
  if (action.action == "waive" && found->state == "blocked") {
    for (const std::string& name : found->blocked_by) {
      if (work->state().playbook->item(name) != nullptr) action.evidence.push_back(name);
    }
    if (action.evidence.empty())
      return fail(ErrorCode::kUsage, "the task waits for another task, not for evidence", action.task);
  }
  std::string names;
  for (const std::string& name : action.evidence) names += (names.empty() ? "" : ", ") + name;
  TRIAGE_TRY(const std::uint64_t entry, work->append("task", task_fields(action)));
  TRIAGE_TRY_STATUS(work->finish());
  if (!names.empty()) say(context, text(context.lang, kWaived, escape_terminal(action.by), names));
  say(context, text(context.lang, kRecorded, entry));
  return {};
}

}  // namespace triage::cli
