// SPDX-License-Identifier: Apache-2.0
#include "cli/image_verify.h"

#include <chrono>

#include "acquire/verify_image.h"
#include "cli/interrupt.h"
#include "cli/progress.h"

namespace triage::cli {

Result<std::vector<CheckResult>> verify_image_file(const Context& context, const std::string& path, bool whole,
                                                   const std::string& signers) {
  TRIAGE_TRY(const EvidenceSpec spec, recognise_evidence(path));
  ProgressPrinter printer(context);
  const auto start = std::chrono::steady_clock::now();
  VerifyImageOptions options;
  options.jobs = context.jobs;
  options.whole = whole;
  options.allowed_signers = signers;
  options.stop = &interrupted();
  options.progress = [&](std::uint64_t done, std::uint64_t total, std::uint64_t damaged) {
    printer.update({"verify", done, total, damaged, std::chrono::steady_clock::now() - start});
  };
  auto checks = verify_image(spec, options);
  printer.finish();
  if (!checks) return tl::unexpected(checks.error());
  std::vector<CheckResult> out;
  for (ImageCheck& check : *checks) out.push_back({std::move(check.name), check.ok, std::move(check.detail)});
  return out;
}

}  // namespace triage::cli
