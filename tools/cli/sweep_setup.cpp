// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_setup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "artifacts/parser.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/read_keys.h"
#include "cli/rule_sources.h"
#include "engine/output_place.h"

namespace triage::cli {
namespace {

constexpr Message kMissingLayers{"this kernel lacks parts of the sandbox: {}; the workers run without them",
                                 "このカーネルには次の隔離機能がない: {}。作業プロセスはこれらなしで動作する"};

std::string_view phase_name(SweepPhase phase) {
  switch (phase) {
    case SweepPhase::kOpening: return "open";
    case SweepPhase::kMapping: return "map";
    case SweepPhase::kHashing: return "hash";
    case SweepPhase::kSweeping: return "sweep";
    case SweepPhase::kDone: return "done";
  }
  return "";
}

}  // namespace

Result<std::vector<EvidenceSpec>> recognise_all(const Context& context, const std::string& output) {
  std::vector<EvidenceSpec> specs;
  TRIAGE_TRY(const std::shared_ptr<const UnlockKeys> keys, read_keys(context));
  for (const std::string& path : context.evidence) {
    TRIAGE_TRY(EvidenceSpec spec, recognise_evidence(path));
    spec.keys = keys;
    if (!output.empty()) TRIAGE_TRY_STATUS(check_output_place(output, spec));
    specs.push_back(std::move(spec));
  }
  return specs;
}

Result<YaraRules> load_yara(const Context& context) {
  TRIAGE_TRY(const RuleSources sources, rule_sources(context, "yara"));
  return YaraRules::compile(sources.folders, sources.files);
}

SweepProgressPrinter::SweepProgressPrinter(const Context& context) : printer_(context) {}

void SweepProgressPrinter::show(const SweepProgress& progress) {
  Progress shown;
  shown.phase = phase_name(progress.phase);
  shown.bytes_done = progress.bytes_done;
  if (progress.bytes_total != 0) shown.bytes_total = progress.bytes_total;
  shown.damage_count = progress.damage_count;
  shown.elapsed = std::chrono::steady_clock::now() - start_;
  printer_.update(shown);
}

SweepOptions sweep_options(const Context& context, SweepProgressPrinter& progress, const std::string& work_folder) {
  SweepOptions options;
  options.jobs = context.jobs;
  options.plan.max_file = context.max_file;
  options.work_folder = work_folder;
  options.progress = [&progress](const SweepProgress& now) { progress.show(now); };
  options.stop = &interrupted();
  for (const ArtifactParser* parser : all_parsers()) {
    for (const std::string_view suffix : parser->companions) options.plan.companion_suffixes.emplace(suffix);
  }
  return options;
}

void warn_missing_layers(const Context& context, const SweepSummary& summary) {
  if (summary.missing_layers.empty()) return;
  warn(context, text(context.lang, kMissingLayers, fmt::format("{}", fmt::join(summary.missing_layers, ", "))));
}

}  // namespace triage::cli
