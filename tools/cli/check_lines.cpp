// SPDX-License-Identifier: Apache-2.0
#include "cli/check_lines.h"

#include <unistd.h>

#include <algorithm>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/output.h"

namespace triage::cli {

Result<ExitCode> print_checks(const Context& context, std::string_view schema, const std::string& path,
                              const std::vector<CheckResult>& checks) {
  const bool color = use_color(context, STDOUT_FILENO);
  const auto failed = std::count_if(checks.begin(), checks.end(), [](const CheckResult& one) { return !one.ok; });
  Output out;
  for (const CheckResult& check : checks) {
    if (context.json) {
      JsonLine line;
      line.add("schema", "triage.check.v1").add("name", check.name).add("ok", check.ok).add("detail", check.detail);
      out.line(line.finish());
    } else {
      out.line(paint(color, check.ok ? Tone::kGood : Tone::kBad, check.ok ? "ok" : "FAIL") + " " +
               escape_terminal(check.name + ": " + check.detail));
    }
  }
  if (context.json) {
    JsonLine line;
    line.add("schema", schema).add("path", path).add("ok", failed == 0);
    out.line(line.add("checks", std::uint64_t{checks.size()}).add("failed", std::int64_t{failed}).finish());
  } else {
    out.line(failed == 0 ? paint(color, Tone::kGood, "OK")
                         : paint(color, Tone::kBad, "FAILED: " + std::to_string(failed)));
  }
  TRIAGE_TRY_STATUS(out.finish());
  return failed == 0 ? ExitCode::kComplete : ExitCode::kVerification;
}

}  // namespace triage::cli
