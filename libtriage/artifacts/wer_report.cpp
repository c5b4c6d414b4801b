// SPDX-License-Identifier: Apache-2.0
// Windows Error Reporting (Report.wer): which program crashed or hung, when, from where. Text in UTF-16LE or UTF-8.
//   { name "=" value LF }       EventTime: FILETIME in UTC      AppPath, AppName, EventType, Sig[n].Name/.Value …
// The SHA-1 of the program stands in TargetAppId: "W:" … "!0000" sha1 "!" name.
// Spec: names as Windows 7 to 11 write them; Microsoft Learn, "Windows Error Reporting".
#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "bytes/text.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxNames = 512;

using Report = std::map<std::string, std::string, std::less<>>;

std::string_view value_of(const Report& report, std::string_view name) {
  const auto found = report.find(name);
  return found == report.end() ? std::string_view{} : std::string_view(found->second);
}

/// "W:0006…!0000<40 hex digits>!app.exe"
std::string sha1_of(std::string_view id) {
  LineScan scan(id);
  if (!scan.until('!')) return {};
  const std::string_view part = scan.until('!').value_or(std::string_view{});
  if (part.size() != 44 || !part.starts_with("0000") || !from_hex(part)) return {};
  return ascii_lower(part.substr(4));
}

std::string signatures_of(const Report& report) {
  std::string out;
  for (int i = 0; i < 16; ++i) {
    const std::string_view name = value_of(report, fmt::format("Sig[{}].Name", i));
    if (name.empty()) break;
    out += (out.empty() ? "" : "\n") + std::string(name) + ": " +
           std::string(value_of(report, fmt::format("Sig[{}].Value", i)));
  }
  return out;
}

std::string_view how_of(std::string_view type) {
  if (type == "APPCRASH" || type == "BEX" || type == "BEX64") return "error report: program crashed";
  if (type.starts_with("AppHang")) return "error report: program hung";
  if (type == "BlueScreen" || type == "LiveKernelEvent") return "error report: system";
  return "error report";
}

Outcome parse_wer(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  Report report;
  LogLine line;
  for (LineReader reader(in.data); reader.next(line);) {
    const std::size_t equals = line.text.find('=');
    if (equals == std::string_view::npos || report.size() >= kMaxNames) continue;
    report.try_emplace(log_text(line.text.substr(0, equals)), log_text(trimmed(line.text.substr(equals + 1))));
  }
  if (!report.contains("EventType") || !report.contains("Version")) return Outcome::kNotMine;
  const std::string_view type = value_of(report, "EventType");
  const std::string_view path = value_of(report, "AppPath");
  Event event;
  event.what = path.empty() ? action::kLogRecorded : action::kProgramRun;
  event.how = std::string(how_of(type));
  event.object_kind = path.empty() ? "report" : "program";
  set_text(event.path, path);
  set_text(event.object, path.empty() ? value_of(report, "AppName") : path);
  set_text(event.program, value_of(report, "AppName"));
  event.who = home_owner(in.stream.path);
  event.locator = in.at(0, in.data.size());
  event.when_meaning = Meaning::kLogged;
  const auto time = decimal(value_of(report, "EventTime"));
  if (time) event.when = from_filetime(*time);
  event.partial = !time;
  add_text(event, "event_type", type);
  add_text(event, "sha1", sha1_of(value_of(report, "TargetAppId")));
  add_text(event, "signature", signatures_of(report));
  add_text(event, "report_id", value_of(report, "ReportIdentifier"));
  const bool whole = time && event.when.status == TimeStatus::kOk;
  out.event(std::move(event));
  if (whole) return Outcome::kComplete;
  out.damage(time ? DamageKind::kRange : DamageKind::kTruncated, 0, "EventTime", "the time is missing or is none");
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**/*.wer"sv};
constexpr std::array kFields = {FieldSpec{"event_type", "", "APPCRASH, AppHangB1, BlueScreen …"},
                                FieldSpec{"sha1", "hex", "SHA-1 of the program"},
                                FieldSpec{"signature", "", "what the report says of the fault, one a line"},
                                FieldSpec{"report_id", "", "id of the report"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/windows/win32/wer/windows-error-reporting"sv,
    "https://learn.microsoft.com/troubleshoot/windows-client/system-management-components/windows-error-reporting-diagnostics-enablement-guidance"sv};

}  // namespace

extern const ArtifactParser wer_report;
constinit const ArtifactParser wer_report{
    .id = "windows.error_report",
    .version = 1,
    .title_en = "Windows Error Reporting (Report.wer)",
    .title_ja = "Windowsエラー報告（Report.wer）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_wer,
};

}  // namespace triage
