// SPDX-License-Identifier: Apache-2.0
// triage scan: YARA over every byte of evidence: files, deleted files, named streams, slack and unallocated space.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/finding_lines.h"
#include "cli/sweep_setup.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"search evidence with YARA rules, deleted and unallocated space too", "YARA ルールで証拠を検索する。削除領域や未割り当て領域も対象"};
constexpr Message kDetails{"The rules of the installation and those given with --rules. Hits do not change the exit status unless --fail-on asks for it.", "導入済みのルールと --rules で加えたルールを使う。--fail-on を指定しない限り、検出しても終了コードは変わらない。"};
constexpr Message kOne{"an image with the rules of this installation", "導入済みのルールでイメージを検索する"};
constexpr Message kTwo{"your own rules too; status 10 from severity high up", "自分のルールも加え、重大度 high 以上なら終了コード 10"};
constexpr Message kFound{"findings: {}", "所見: {} 件"};
// clang-format on

Result<ExitCode> scan(const Context& context) {
  TRIAGE_TRY(const std::vector<EvidenceSpec> specs, cli::recognise_all(context, ""));
  TRIAGE_TRY(const YaraRules rules, cli::load_yara(context));
  cli::PlainSweep plan;
  plan.consumers = {.digests = false,
                    .times = false,
                    .parsers = false,
                    .carve = false,
                    .recover = false,
                    .files = false,
                    .unpack = true,
                    .yara = &rules};
  cli::Output out;
  cli::FindingLines lines(context, out);
  TRIAGE_TRY(ExitCode code, cli::sweep_plainly(context, specs, plan, lines));
  TRIAGE_TRY_STATUS(out.finish());
  cli::say(context, text(context.lang, kFound, lines.count()));
  const auto limit = severity_from_name(context.fail_on);
  if (limit && lines.worst() && *lines.worst() >= *limit) code = cli::merge(code, ExitCode::kFailOn);
  return code;
}

}  // namespace

void add_scan(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "scan",
      {kTitle,
       kDetails,
       {{"triage scan laptop.E01", kOne}, {"triage scan usb.img --rules my.yar --fail-on high --json", kTwo}}});
  cli::add_flags(
      command, context,
      {Flag::kEvidence, Flag::kRules, Flag::kJson, Flag::kFailOn, Flag::kJobs, Flag::kMaxFile, Flag::kProgress});
  cli::on_run(command, context, [&context] { return scan(context); });
}

}  // namespace triage
