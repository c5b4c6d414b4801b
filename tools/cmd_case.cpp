// SPDX-License-Identifier: Apache-2.0
// triage case: opens a case, says how it stands, keeps what people did, writes its forms.
#include <CLI/CLI.hpp>

#include "cli/case_commands.h"
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
constexpr Message kInitOne{"an insider leak, known since a time in Tokyo", "内部不正による漏えい。東京時間のある時刻に知った"};
constexpr Message kStatusTitle{"show the six steps, what is next and what is due", "6つの段階、次に行うこと、期限を示す"};
constexpr Message kStatusDetails{"The dates are computed from the answers given. That no trigger was found in them is no statement that there is no duty: ask counsel.", "期限は回答に基づく計算である。該当する事由が見つからないことは、義務がないことを意味しない。弁護士に確認すること。"};
constexpr Message kStatusOne{"how the case stands", "事案の状況"};
constexpr Message kLogTitle{"print the custody log", "証拠管理記録を表示する"};
constexpr Message kLogDetails{"The exit status is 4 when the chain of the log is broken.", "記録の連鎖が壊れていれば終了コードは 4。"};
constexpr Message kLogOne{"every run and every note", "すべての実行と覚え書き"};
constexpr Message kLogTwo{"the log's own lines", "記録の行そのもの"};
// clang-format on

void add_status(CLI::App& group, Context& context) {
  CLI::App& status = cli::add_command(group, context, "status",
                                      {kStatusTitle, kStatusDetails, {{"triage case status --case leak", kStatusOne}}});
  cli::add_flags(status, context, {Flag::kCase, Flag::kJson});
  const auto playbooks = cli::add_playbooks_flag(status, context);
  cli::on_run(status, context, [&context, playbooks]() -> Result<ExitCode> {
    TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
    TRIAGE_TRY_STATUS(cli::print_case_status(context, folder, *playbooks));
    return ExitCode::kComplete;
  });
}

void add_log(CLI::App& group, Context& context) {
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

}  // namespace

void add_case(CLI::App& app, Context& context) {
  CLI::App& group = cli::add_command(
      app, context, "case",
      {kTitle,
       kNoDetails,
       {{"triage case init --case leak --type insider", kInitOne}, {"triage case status --case leak", kStatusOne}}});
  cli::add_case_statements(group, context);
  add_status(group, context);
  cli::add_case_tasks(group, context);
  cli::add_case_papers(group, context);
  add_log(group, context);
}

}  // namespace triage
