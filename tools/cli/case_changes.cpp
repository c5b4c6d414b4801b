// SPDX-License-Identifier: Apache-2.0
// Opening a case and an exercise. Answers, tasks and hand-overs are in case_words.cpp and case_handover.cpp.
#include "cli/case_changes.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "cli/case_session.h"
#include "cli/case_work.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/timeline_table.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kOpened{"case: {}", "事案: {}"};
constexpr Message kDrillOpened{"exercise: {}", "訓練の事案: {}"};
constexpr Message kAskType{"Kind of leak (loss missend insider p2p malware intrusion rumour): ", "漏えいの種別(loss missend insider p2p malware intrusion rumour): "};
constexpr Message kAskKnew{"When did the organisation come to know (2026-04-13 09:00; empty: not settled): ", "組織が知った日時(2026-04-13 09:00。未確定なら空): "};
constexpr Message kAskOrganisation{"Organisation: ", "組織: "};
constexpr Message kAskExaminer{"Examiner: ", "調査者: "};
// clang-format on

/// A line from the terminal; "" where nobody answers.
std::string ask(const Context& context, const Message& question) {
  std::cerr << text(context.lang, question) << std::flush;
  std::string line;
  std::getline(std::cin, line);
  return line;
}

void ask_missing(const Context& context, const CaseSettings& settings, CaseStatement& statement) {
  if (::isatty(0) != 1 || ::isatty(2) != 1 || context.quiet) return;
  if (statement.type.empty() && settings.leak_type == "unspecified") statement.type = ask(context, kAskType);
  if (statement.knew.empty() && !settings.knew_time) statement.knew = ask(context, kAskKnew);
  if (statement.organisation.empty() && settings.organisation.empty())
    statement.organisation = ask(context, kAskOrganisation);
  if (statement.examiners.empty() && settings.people.empty()) {
    const std::string name = ask(context, kAskExaminer);
    if (!name.empty()) statement.examiners.push_back(name);
  }
}

std::string statement_fields(const CaseSettings& settings) {
  JsonLine line;
  line.add("organisation", settings.organisation).add("leak_type", settings.leak_type).add("knew", settings.knew_time);
  line.add("time_zone", settings.time_zone).add("lang", settings.lang);
  line.add("legal_rules_version", settings.legal_rules_version);
  std::string people = "[";
  for (const CasePerson& person : settings.people) {
    JsonLine one;
    if (people.size() > 1) people.push_back(',');
    people += one.add("name", person.name).add("role", person.role).finish();
  }
  return line.add_raw("people", people + "]").finish();
}

/// The answers as records, checked before the case is touched.
Result<std::vector<AnswerRecord>> stated_answers(const PlaybookLibrary& library, const CaseStatement& statement) {
  std::vector<AnswerRecord> out;
  for (const auto& [id, value] : statement.answers) {
    const Question* question = library.law().question(id);
    if (question == nullptr) return fail(ErrorCode::kUsage, "there is no such question", id);
    const auto word = normal_answer(*question, value);
    if (!word) return fail(ErrorCode::kUsage, "the question does not take this answer", id + ": " + value);
    AnswerRecord answer;
    answer.question = id;
    answer.value = *word;
    out.push_back(std::move(answer));
  }
  return out;
}

Status check_type(const PlaybookLibrary& library, const CaseStatement& statement) {
  if (statement.type.empty() || library.playbook(statement.type) != nullptr) return {};
  std::string names;
  for (const Playbook& one : library.playbooks()) names += (names.empty() ? "" : ",") + one.id;
  return fail(ErrorCode::kUsage, "--type: " + statement.type + " not in {" + names + "}", {}, 0,
              "`triage case playbook list` shows them");
}

/// Writes settings and answers, with the entries `stated`, `answer` and, for an exercise, `drill`.
Status write_statement(const Context& context, const PlaybookLibrary& library, const CaseStatement& statement,
                       const CaseSettings& settings, const std::string& drill) {
  TRIAGE_TRY(const std::vector<AnswerRecord> answers, stated_answers(library, statement));
  TRIAGE_TRY(const std::unique_ptr<CaseWork> work, CaseWork::open(context, library));
  TRIAGE_TRY_STATUS(work->folder().write_settings(settings));
  TRIAGE_TRY_STATUS(work->append("stated", statement_fields(settings)));
  if (!drill.empty()) TRIAGE_TRY_STATUS(work->append("drill", drill));
  for (const AnswerRecord& answer : answers) TRIAGE_TRY_STATUS(work->append("answer", answer_fields(answer)));
  return work->finish();
}

/// Makes the folder a case, with its run in the log, and gives its settings.
Result<CaseSettings> open_settings(const Context& context, std::string& path) {
  TRIAGE_TRY(const std::unique_ptr<CaseSession> session, CaseSession::open(context));
  TRIAGE_TRY(CaseSettings settings, session->folder().settings());
  path = session->folder().path();
  TRIAGE_TRY_STATUS(session->finish(ExitCode::kComplete));
  TRIAGE_TRY_STATUS(session->close());
  return settings;
}

Status set_times(const Context& context, const CaseStatement& statement, CaseSettings& settings) {
  Context zoned;
  zoned.lang = context.lang;
  zoned.tz = !statement.tz.empty() ? statement.tz : settings.time_zone;
  TRIAGE_TRY(const DisplayZone zone, display_zone(zoned));
  TRIAGE_TRY(const auto knew, time_argument(statement.knew, zone, "--knew"));
  if (knew) settings.knew_time = offset_text(*knew, 0, zone.offset_minutes(*knew));
  if (!statement.tz.empty()) settings.time_zone = zone.name;
  return {};
}

}  // namespace

Status state_case(const Context& context, CaseStatement statement, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY_STATUS(check_type(library, statement));
  TRIAGE_TRY_STATUS(stated_answers(library, statement));
  CaseSettings before;
  TRIAGE_TRY_STATUS(set_times(context, statement, before));  // a time that is none must not leave a folder behind
  if (auto folder = CaseFolder::open(context.case_dir, CaseFolder::Access::kRead)) {
    TRIAGE_TRY(before, folder->settings());
  }
  ask_missing(context, before, statement);
  TRIAGE_TRY_STATUS(check_type(library, statement));
  std::string path;
  TRIAGE_TRY(CaseSettings settings, open_settings(context, path));
  apply_statement(statement, settings);
  TRIAGE_TRY_STATUS(set_times(context, statement, settings));
  settings.legal_rules_version = library.law().version;
  TRIAGE_TRY_STATUS(write_statement(context, library, statement, settings, ""));
  say(context, text(context.lang, kOpened, escape_terminal(path)));
  return {};
}

Status begin_drill(const Context& context, CaseStatement statement, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY_STATUS(check_type(library, statement));
  const Playbook* playbook = library.playbook(statement.type);
  if (playbook == nullptr || !playbook->drill)
    return fail(ErrorCode::kUsage, "this playbook has no exercise", statement.type, 0, "name one with --type");
  if (auto folder = CaseFolder::open(context.case_dir, CaseFolder::Access::kRead))
    return fail(ErrorCode::kUsage, "the folder is a case already; an exercise begins a new one", context.case_dir);
  for (const auto& answer : playbook->drill->answers) statement.answers.push_back(answer);
  CaseSettings probe;
  TRIAGE_TRY_STATUS(set_times(context, statement, probe));
  std::string path;
  TRIAGE_TRY(CaseSettings settings, open_settings(context, path));
  apply_statement(statement, settings);
  TRIAGE_TRY_STATUS(set_times(context, statement, settings));
  const SystemClock clock;
  if (!settings.knew_time) settings.knew_time = offset_text(clock.utc_nanos(), 0, 540);
  settings.legal_rules_version = library.law().version;
  const Bilingual& scene = playbook->drill->scenario;
  JsonLine fields;
  fields.add("exercise", true).add("scenario", settings.lang == "ja" ? scene.ja : scene.en);
  TRIAGE_TRY_STATUS(write_statement(context, library, statement, settings, fields.finish()));
  say(context, text(context.lang, kDrillOpened, escape_terminal(path)));
  say(context, settings.lang == "ja" ? scene.ja : scene.en);
  return {};
}

}  // namespace triage::cli
