// SPDX-License-Identifier: Apache-2.0
// triage case init|status|note|log: opens a case, says how it stands, keeps what people did.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/case_changes.h"
#include "cli/case_status.h"
#include "cli/command.h"
#include "cli/common_flags.h"

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
// clang-format on

void add_init(CLI::App& group, Context& context) {
  CLI::App& command =
      cli::add_command(group, context, "init",
                       {kInitTitle,
                        kInitDetails,
                        {{"triage case init --case leak --type insider --knew '2026-04-13 09:00'", kInitOne}}});
  cli::add_flags(command, context, {Flag::kCase, Flag::kTz});
  const auto stated = std::make_shared<cli::CaseStatement>();
  const CLI::Option* lang = command.get_option("--lang");
  const CLI::Option* tz = command.get_option("--tz");
  cli::add_choice(command, context, "--type", stated->type,
                  {"loss", "missend", "insider", "p2p", "malware", "intrusion", "rumour", "unspecified"}, kType);
  const auto add = [&](const char* name, auto& value, const Message& help, const char* type) {
    command.add_option(name, value, text(context.lang, help))->type_name(type)->allow_extra_args(false);
  };
  add("--knew", stated->knew, kKnew, "TIME");
  add("--organisation", stated->organisation, kOrganisation, "NAME");
  add("--examiner", stated->examiners, kExaminer, "NAME");
  cli::on_run(command, context, [&context, stated, lang, tz]() -> Result<ExitCode> {
    stated->lang = lang->count() > 0;
    stated->tz = tz->count() > 0;
    TRIAGE_TRY_STATUS(cli::state_case(context, *stated));
    return ExitCode::kComplete;
  });
}

void add_note(CLI::App& group, Context& context) {
  CLI::App& command =
      cli::add_command(group, context, "note",
                       {kNoteTitle,
                        kNoteDetails,
                        {{"triage case note --case leak --by 'examiner' 'sealed the laptop in bag 12'", kNoteOne}}});
  cli::add_flags(command, context, {Flag::kCase});
  const auto words = std::make_shared<std::string>();
  const auto by = std::make_shared<std::string>();
  command.add_option("TEXT", *words, text(context.lang, kText))->type_name("TEXT")->required();
  command.add_option("--by", *by, text(context.lang, kBy))->type_name("NAME")->allow_extra_args(false);
  cli::on_run(command, context, [&context, words, by]() -> Result<ExitCode> {
    TRIAGE_TRY_STATUS(cli::note_in_case(context, *words, *by));
    return ExitCode::kComplete;
  });
}

}  // namespace

void add_case(CLI::App& app, Context& context) {
  CLI::App& group = cli::add_command(
      app, context, "case",
      {kTitle,
       kNoDetails,
       {{"triage case init --case leak --type insider", kInitOne}, {"triage case status --case leak", kStatusOne}}});
  add_init(group, context);
  CLI::App& status = cli::add_command(group, context, "status",
                                      {kStatusTitle, kNoDetails, {{"triage case status --case leak", kStatusOne}}});
  cli::add_flags(status, context, {Flag::kCase, Flag::kJson});
  cli::on_run(status, context, [&context]() -> Result<ExitCode> {
    TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
    TRIAGE_TRY_STATUS(cli::print_case_status(context, folder));
    return ExitCode::kComplete;
  });
  add_note(group, context);
  CLI::App& log =
      cli::add_command(group, context, "log",
                       {kLogTitle,
                        kLogDetails,
                        {{"triage case log --case leak", kLogOne}, {"triage case log --case leak --json", kLogTwo}}});
  cli::add_flags(log, context, {Flag::kCase, Flag::kJson});
  cli::on_run(log, context, [&context]() -> Result<ExitCode> {
    TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
    return cli::print_custody_log(context, folder);
  });
}

}  // namespace triage
