// SPDX-License-Identifier: Apache-2.0
// triage run: the main job. One read of each evidence, everything that fits it, into one case with a report.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "bytes/text.h"
#include "cli/case_results.h"
#include "cli/case_session.h"
#include "cli/case_sink.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/interrupt.h"
#include "cli/leak_rules.h"
#include "cli/output.h"
#include "cli/run_report.h"
#include "cli/sweep_setup.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"read evidence once, do everything that fits, and write a case with a report", "証拠を一度だけ読み、できる解析をすべて行い、報告書付きの事案を作る"};
constexpr Message kDetails{"An absent or empty --case folder becomes a case; an existing case gains the evidence. Evidence that is already finished is left as it is; an unfinished one needs --resume. Exit status 1 means: complete, but something could not be read, and the case names it.", "--case のフォルダが無いか空なら新しい事案を作り、既にあれば証拠を加える。処理済みの証拠はそのままにする。中断したものは --resume が必要。終了コード 1 は、完了したが読み取れない箇所があり、事案に記録したことを示す。"};
constexpr Message kOne{"a laptop's disk image into a new case", "ノート PC のディスクイメージから新しい事案を作る"};
constexpr Message kTwo{"two images, for a script", "2つのイメージをスクリプトから処理する"};
constexpr Message kNoHash{"Leave out the linear pass that takes the image's SHA-256", "イメージ全体の SHA-256 を計算する読み取りを省く"};
constexpr Message kProfile{"quick leaves unallocated space out", "quick は未割り当て領域を省く"};
constexpr Message kNoRecover{"Do not copy deleted and carved content into the case", "削除ファイルや内容から復元したファイルを事案に保存しない"};
constexpr Message kWould{"would read {} ({}, {} files) into {}", "{}({}、{} 個のファイル)を {} に読み込む"};
// clang-format on

struct RunChoice {
  bool no_image_hash = false;
  bool no_recover = false;
  std::string profile = "full";
};

Result<ExitCode> dry_run(const Context& context, const std::vector<EvidenceSpec>& specs) {
  for (const EvidenceSpec& spec : specs)
    cli::say(context, text(context.lang, kWould, escape_terminal(spec.name), evidence_format_name(spec.format),
                           spec.paths.size(), escape_terminal(context.case_dir)));
  return ExitCode::kComplete;
}

Result<SweepSummary> sweep_into_case(const Context& context, const RunChoice& choice, const EvidenceSpec& spec,
                                     const YaraRules& rules, cli::CaseSession& session, cli::CaseSink& sink) {
  cli::SweepProgressPrinter progress(context);
  SweepOptions options = cli::sweep_options(context, progress, session.folder().path() + "/3-investigation");
  options.image_hash = !choice.no_image_hash;
  options.plan.regions = choice.profile == "full";
  options.consumers = [&rules, &choice] {
    ConsumerChoice consumers;
    consumers.yara = &rules;
    consumers.recover = consumers.previews = !choice.no_recover;
    return make_consumers(consumers);
  };
  auto summary = sweep(spec, options, sink);
  progress.finish();
  if (!summary) return tl::unexpected(summary.error());
  cli::warn_missing_layers(context, *summary);
  if (!summary->already_finished)
    TRIAGE_TRY_STATUS(
        session.database().finish_evidence(summary->evidence.id, summary->bytes_read, session.clock().utc_nanos()));
  session.add_input(*summary);
  return summary;
}

Result<ExitCode> run(const Context& context, const RunChoice& choice) {
  TRIAGE_TRY(const std::vector<EvidenceSpec> specs, cli::recognise_all(context, context.case_dir));
  if (context.dry_run) return dry_run(context, specs);
  TRIAGE_TRY(const YaraRules rules, cli::load_yara(context));
  TRIAGE_TRY(const RuleSet leak_rules, cli::load_leak_rules(context));
  cli::catch_interrupts();
  TRIAGE_TRY(const std::unique_ptr<cli::CaseSession> session, cli::CaseSession::open(context));
  cli::CaseSink sink(session->database(), session->recovered(), session->carved(), session->clock(), context.resume);
  sink.on_unlocked([&session](const VolumeRecord& volume) { return session->note_unlocked(volume); });
  std::vector<SweepSummary> summaries;
  for (const EvidenceSpec& spec : specs) {
    auto summary = sweep_into_case(context, choice, spec, rules, *session, sink);
    if (!summary) {
      // What is recorded stays; the custody log says how the run ended.
      (void)session->finish(cli::exit_code_of(summary.error().code));
      (void)session->close();
      return tl::unexpected(summary.error());
    }
    summaries.push_back(*std::move(summary));
  }
  TRIAGE_TRY(const auto worst, cli::write_case_results(context, *session, leak_rules));
  TRIAGE_TRY(const std::int64_t damage, session->database().database().integer("SELECT count(*) FROM damage"));
  ExitCode code = damage == 0 ? ExitCode::kComplete : ExitCode::kDamaged;
  const auto wanted = severity_from_name(context.fail_on);
  if (wanted && std::max(sink.worst(), worst) >= wanted) code = cli::merge(code, ExitCode::kFailOn);
  TRIAGE_TRY_STATUS(session->finish(code));
  TRIAGE_TRY_STATUS(cli::tell_run(context, *session, summaries));
  TRIAGE_TRY_STATUS(session->close());
  return code;
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "run",
      {kTitle,
       kDetails,
       {{"triage run laptop.E01 --case case1", kOne}, {"triage run pc.img usb.img --case case1 -q --json", kTwo}}});
  cli::add_flags(command, context,
                 {Flag::kEvidence, Flag::kCase, Flag::kRules, Flag::kMaxFile, Flag::kJobs, Flag::kJson, Flag::kTz,
                  Flag::kProgress, Flag::kDryRun, Flag::kResume, Flag::kFailOn});
  const auto choice = std::make_shared<RunChoice>();
  cli::add_choice(command, context, "--profile", choice->profile, {"quick", "full"}, kProfile);
  command.add_flag("--no-image-hash", choice->no_image_hash, text(context.lang, kNoHash));
  command.add_flag("--no-recover", choice->no_recover, text(context.lang, kNoRecover));
  cli::on_run(command, context, [&context, choice] { return run(context, *choice); });
}

}  // namespace triage
