// SPDX-License-Identifier: Apache-2.0
// What every command that reads evidence shares: recognising it, loading rules, sweep options and progress.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/context.h"
#include "cli/progress.h"
#include "engine/sweep.h"
#include "scan/yara.h"

namespace triage::cli {

/// Every EVIDENCE argument recognised, before anything is written. One that cannot be opened is an Error; with
/// `output` given, one that holds it is kUsage. The keys of --unlock are read here, before anything else opens.
Result<std::vector<EvidenceSpec>> recognise_all(const Context& context, const std::string& output);

/// The YARA rules of this run, compiled.
Result<YaraRules> load_yara(const Context& context);

/// Progress of a sweep on the terminal or as JSON Lines.
class SweepProgressPrinter {
 public:
  explicit SweepProgressPrinter(const Context& context);
  void show(const SweepProgress& progress);
  void finish() { printer_.finish(); }

 private:
  ProgressPrinter printer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Options with the values of the common flags; companions of all parsers are read along.
SweepOptions sweep_options(const Context& context, SweepProgressPrinter& progress, const std::string& work_folder);

/// Says once what the sandbox of this kernel lacks.
void warn_missing_layers(const Context& context, const SweepSummary& summary);

}  // namespace triage::cli
