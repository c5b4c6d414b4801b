// SPDX-License-Identifier: Apache-2.0
// triage replay: makes what a case shows anew, and compares it byte for byte.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/check_lines.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/replay.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"make timeline and report of a case or bundle again and compare them", "事案や資料一式のタイムラインと報告書を作り直して比べる"};
constexpr Message kDetails{"From case.db the timeline, the lists and report.html are made again in DIR and compared byte for byte with those of the case: the report with the time, language, zone and length of the custody log it was made with. With --evidence the evidence is read again as the custody log says it was, and every list is compared; only the report of that second run is not, because it names the run. One line a check, then OK or FAILED; exit 0 or 4. The case is not changed.", "case.db からタイムライン、一覧、report.html を DIR に作り直し、事案のものとバイト単位で比べる。報告書は、作成時の日時、言語、時間帯、証拠管理記録の長さで作る。--evidence を付けると、証拠管理記録のとおりに証拠をもう一度読み、すべての一覧を比べる。2回目の実行の報告書だけは、その実行自体を記すため比べない。1行に1検査、最後に OK または FAILED。終了コードは 0 または 4。事案は変更しない。"};
constexpr Message kOne{"what is shown, from the records", "記録から作り直す"};
constexpr Message kTwo{"the records, from the evidence of a bundle", "資料一式の証拠から記録を作り直す"};
constexpr Message kPathHelp{"The case folder, or a bundle that is a folder", "事案フォルダ、またはフォルダの資料一式"};
constexpr Message kEvidenceHelp{"Evidence to read again; several times in the order of the first run", "もう一度読む証拠。複数なら最初の実行の順に指定する"};
// clang-format on

}  // namespace

void add_replay(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "replay",
      {kTitle,
       kDetails,
       {{"triage replay leak -o again", kOne}, {"triage replay sealed -o again --evidence laptop.E01", kTwo}}});
  cli::add_flags(command, context, {Flag::kOutput, Flag::kJson});
  const auto choice = std::make_shared<cli::ReplayChoice>();
  command.add_option("PATH", choice->source, text(context.lang, kPathHelp))->type_name("PATH")->required();
  command.add_option("--evidence", choice->evidence, text(context.lang, kEvidenceHelp))
      ->type_name("PATH")
      ->allow_extra_args(false);
  cli::on_run(command, context, [&context, choice]() -> Result<ExitCode> {
    choice->folder = context.output;
    TRIAGE_TRY(const std::vector<CheckResult> checks, cli::replay_case(context, *choice));
    return cli::print_checks(context, "triage.replay.v1", choice->source, checks);
  });
}

}  // namespace triage
