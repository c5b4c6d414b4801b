// SPDX-License-Identifier: Apache-2.0
#include "cli/finding_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "bytes/json.h"
#include "bytes/text.h"

namespace triage::cli {
namespace {

std::string text_array(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    append_json_string(out, text);
  }
  return out + "]";
}

/// The views have null where a text is empty.
JsonLine& add_known(JsonLine& line, std::string_view key, std::string_view value) {
  return value.empty() ? line.add_null(key) : line.add(key, value);
}

Tone tone_of(Severity severity) {
  if (severity >= Severity::kHigh) return Tone::kBad;
  return severity == Severity::kMedium ? Tone::kWarn : Tone::kPlain;
}

}  // namespace

std::string finding_json(const Finding& finding) {
  JsonLine line;
  line.add("schema", "triage.finding.v1").add("id", finding_id(finding)).add("rule", finding.rule);
  add_known(add_known(line, "claim", finding.claim.en), "claim_ja", finding.claim.ja);
  line.add("severity", severity_name(finding.severity)).add("likelihood", likelihood_name(finding.likelihood));
  line.add("quality", quality_name(finding.quality)).add_raw("events", text_array(finding.events));
  line.add_raw("exhibits", text_array(finding.exhibits));
  add_known(add_known(line, "alternatives", finding.alternatives.en), "alternatives_ja", finding.alternatives.ja);
  add_known(add_known(line, "limits", finding.limits.en), "limits_ja", finding.limits.ja);
  add_known(add_known(line, "technique", finding.technique), "question", finding.question);
  add_known(add_known(line, "step", finding.step), "path", finding.path);
  add_known(line, "locator", finding.locator.stream.empty() ? std::string() : finding.locator.text());
  if (finding.details.empty()) {
    line.add_null("details");
  } else {
    line.add_raw("details", finding.details);
  }
  line.add("evidence", finding.locator.evidence).add("recovered", finding.recovered ? 1 : 0);
  return line.add("origin", "content").add_null("when").finish();
}

Status FindingLines::take(BatchRecords& records, int slot_memory) {
  (void)slot_memory;  // contents are not kept
  const bool color = use_color(context_, STDOUT_FILENO);
  for (const Finding& finding : records.findings) {
    ++count_;
    worst_ = std::max(worst_.value_or(Severity::kInfo), finding.severity);
    if (context_.json) {
      out_.line(finding_json(finding));
      continue;
    }
    const bool japanese = context_.lang == Lang::kJapanese && !finding.claim.ja.empty();
    const std::string& claim = japanese ? finding.claim.ja : finding.claim.en;
    const std::string& place = finding.path.empty() ? finding.locator.stream : finding.path;
    const std::string severity = fmt::format("{:<8}", severity_name(finding.severity));
    out_.line(fmt::format("{}  {}  {}: {}", paint(color, tone_of(finding.severity), severity), escape_terminal(place),
                          escape_terminal(finding.rule), escape_terminal(claim)));
  }
  return {};
}

}  // namespace triage::cli
