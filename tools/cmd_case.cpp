// SPDX-License-Identifier: Apache-2.0
// triage case init|status|note|log: opens a case, says how it stands, keeps what people did.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "cli/case_session.h"
#include "cli/case_status.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/timeline_table.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kNoDetails{"", ""};
constexpr Message kTitle{"open a case, show how it stands, note what was done", "事案を開設し、状況を示し、行ったことを記録する"};
constexpr Message kInitTitle{"open a case, or state more about an open one", "事案を開設する、または開設済みの事案に情報を加える"};
constexpr Message kInitDetails{"DIR must be absent, empty or a case. What is not given stays as it is.", "DIR は存在しないか、空か、事案であること。指定しない項目は変えない。"};
constexpr Message kInitOne{"an insider leak, known since a time in Tokyo", "内部不正による漏えい。東京時間のある時刻に知った"};
constexpr Message kStatusTitle{"show the six steps, the evidence and the counts", "6つの段階、証拠、件数を示す"};
constexpr Message kStatusOne{"how the case stands", "事案の状況"};
constexpr Message kNoteTitle{"add a note to the custody log", "証拠管理記録に覚え書きを加える"};
constexpr Message kNoteDetails{"The note becomes an entry of the hash-chained log and can't be taken back.", "覚え書きはハッシュ連鎖の記録の一項目となり、取り消せない。"};
constexpr Message kNoteOne{"who handed something over", "受け渡しを記す"};
constexpr Message kLogTitle{"print the custody log", "証拠管理記録を表示する"};
constexpr Message kLogDetails{"The exit status is 4 when the chain of the log is broken.", "記録の連鎖が壊れていれば終了コードは 4。"};
constexpr Message kLogOne{"every run and every note", "すべての実行と覚え書き"};
constexpr Message kLogTwo{"the log's own lines", "記録の行そのもの"};
constexpr Message kType{"Kind of leak", "漏えいの種別"};
constexpr Message kKnew{"When the organisation came to know of it", "組織が知った時刻"};
constexpr Message kOrganisation{"The organisation concerned", "対象の組織"};
constexpr Message kExaminer{"Who examines; may be repeated", "調査者。複数指定可"};
constexpr Message kText{"The note", "覚え書き"};
constexpr Message kBy{"Who says so", "記入者"};
constexpr Message kOpened{"case: {}", "事案: {}"};
// clang-format on

struct InitChoice {
  std::string type, knew, organisation;
  std::vector<std::string> examiners;
  CLI::Option* lang = nullptr;
  CLI::Option* tz = nullptr;
};

Result<ExitCode> init(const Context& context, const InitChoice& choice) {
  TRIAGE_TRY(const DisplayZone zone, cli::display_zone(context));
  TRIAGE_TRY(const auto knew, cli::time_argument(choice.knew, zone, "--knew"));
  TRIAGE_TRY(const std::unique_ptr<cli::CaseSession> session, cli::CaseSession::open(context));
  TRIAGE_TRY(CaseSettings settings, session->folder().settings());
  if (!choice.type.empty()) settings.leak_type = choice.type;
  if (knew) settings.knew_time = offset_text(*knew, 0, zone.offset_minutes(*knew));
  if (!choice.organisation.empty()) settings.organisation = choice.organisation;
  if (choice.lang->count() > 0) settings.lang = cli::lang_code(context.lang);
  if (choice.tz->count() > 0) settings.time_zone = zone.name;
  for (const std::string& name : choice.examiners) {
    const CasePerson person{name, "examiner", ""};
    if (std::find(settings.people.begin(), settings.people.end(), person) == settings.people.end())
      settings.people.push_back(person);
  }
  TRIAGE_TRY_STATUS(session->folder().write_settings(settings));
  TRIAGE_TRY_STATUS(session->finish(ExitCode::kComplete));
  TRIAGE_TRY_STATUS(session->close());
  cli::say(context, text(context.lang, kOpened, escape_terminal(session->folder().path())));
  return ExitCode::kComplete;
}

Result<ExitCode> note(const Context& context, const std::string& words, const std::string& by) {
  if (words.empty()) return fail(ErrorCode::kUsage, "the note is empty");
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kWrite));
  TRIAGE_TRY(CaseDb database, CaseDb::open(folder.database_path()));
  const SystemClock clock;
  TRIAGE_TRY(Custody custody, Custody::open(folder, database, clock));
  JsonLine fields;
  fields.add("text", words).add("by", by.empty() ? std::nullopt : std::optional(by));
  TRIAGE_TRY_STATUS(custody.append("note", fields.finish()));
  TRIAGE_TRY_STATUS(database.close());
  return ExitCode::kComplete;
}

void add_init(CLI::App& group, Context& context) {
  CLI::App& command = cli::add_command(
      group, context, "init",
      {kInitTitle, kInitDetails, {{"triage case init --case leak --type insider --knew '2026-04-13 09:00'", kInitOne}}});
  cli::add_flags(command, context, {Flag::kCase, Flag::kTz});
  const auto choice = std::make_shared<InitChoice>();
  choice->lang = command.get_option("--lang");
  choice->tz = command.get_option("--tz");
  cli::add_choice(command, context, "--type", choice->type,
                  {"loss", "missend", "insider", "p2p", "malware", "intrusion", "rumour", "unspecified"}, kType);
  const auto add = [&](const char* name, auto& value, const Message& help, const char* type) {
    command.add_option(name, value, text(context.lang, help))->type_name(type)->allow_extra_args(false);
  };
  add("--knew", choice->knew, kKnew, "TIME");
  add("--organisation", choice->organisation, kOrganisation, "NAME");
  add("--examiner", choice->examiners, kExaminer, "NAME");
  cli::on_run(command, context, [&context, choice] { return init(context, *choice); });
}

void add_note(CLI::App& group, Context& context) {
  CLI::App& command = cli::add_command(
      group, context, "note",
      {kNoteTitle, kNoteDetails, {{"triage case note --case leak --by 'examiner' 'sealed the laptop in bag 12'", kNoteOne}}});
  cli::add_flags(command, context, {Flag::kCase});
  const auto words = std::make_shared<std::string>();
  const auto by = std::make_shared<std::string>();
  command.add_option("TEXT", *words, text(context.lang, kText))->type_name("TEXT")->required();
  command.add_option("--by", *by, text(context.lang, kBy))->type_name("NAME")->allow_extra_args(false);
  cli::on_run(command, context, [&context, words, by] { return note(context, *words, *by); });
}

}  // namespace

void add_case(CLI::App& app, Context& context) {
  CLI::App& group = cli::add_command(app, context, "case",
                                     {kTitle, kNoDetails, {{"triage case init --case leak --type insider", kInitOne}, {"triage case status --case leak", kStatusOne}}});
  add_init(group, context);
  CLI::App& status = cli::add_command(group, context, "status", {kStatusTitle, kNoDetails, {{"triage case status --case leak", kStatusOne}}});
  cli::add_flags(status, context, {Flag::kCase, Flag::kJson});
  cli::on_run(status, context, [&context]() -> Result<ExitCode> {
    TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
    TRIAGE_TRY_STATUS(cli::print_case_status(context, folder));
    return ExitCode::kComplete;
  });
  add_note(group, context);
  CLI::App& log = cli::add_command(group, context, "log", {kLogTitle, kLogDetails, {{"triage case log --case leak", kLogOne}, {"triage case log --case leak --json", kLogTwo}}});
  cli::add_flags(log, context, {Flag::kCase, Flag::kJson});
  cli::on_run(log, context, [&context]() -> Result<ExitCode> {
    TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
    return cli::print_custody_log(context, folder);
  });
}

}  // namespace triage
