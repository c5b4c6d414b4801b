// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include "base/clock.h"
#include "bytes/digest.h"
#include "bytes/time_formats.h"
#include "report/report_style.h"
#include "report/sections.h"
#include "store/case_db.h"
#include "store/output_file.h"

namespace triage {
namespace {

Result<std::int64_t> creation_time(const ReportRequest& request) {
  if (request.generated_at.empty()) return SystemClock().utc_nanos();
  const auto given = parse_time_text(request.generated_at);
  if (!given) return fail(ErrorCode::kUsage, "time of the report is not a time", request.generated_at);
  return *given;
}

void write_head(const ReportPage& page) {
  HtmlWriter& out = page.out;
  out.doctype().open("html", {{"lang", page.say.japanese() ? "ja" : "en"}});
  out.open("head").newline().empty("meta", {{"charset", "utf-8"}}).newline();
  out.empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", report_policy()}}).newline();
  out.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}}).newline();
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).newline();
  out.element("title", fmt::format("{}: {}", page.say(Say::kTitle), page.facts.case_name)).newline();
  out.style(report_style()).close("head").newline();
}

Status write_body(const ReportPage& page) {
  page.out.open("body").open("main").newline();
  write_cover(page);
  write_contents(page);
  write_summary(page);
  write_examined(page);
  write_findings(page);
  write_timeline(page);
  TRIAGE_TRY_STATUS(write_files(page));
  TRIAGE_TRY_STATUS(write_damage(page));
  write_hashes(page);
  write_runs(page);
  write_checks(page);
  write_glossary(page);
  page.out.close("main").close("body").close("html").newline();
  return {};
}

}  // namespace

Result<ReportWritten> write_report(const CaseFolder& folder, Database& database, const ReportRequest& request) {
  TRIAGE_TRY(const CaseSettings settings, folder.settings());
  TRIAGE_TRY(const ReportLanguage language, report_language(request.lang.empty() ? settings.lang : request.lang));
  TRIAGE_TRY(const ReportZone zone, request.zone
                                        ? Result<ReportZone>(ReportZone::of(*request.zone))
                                        : ReportZone::parse(request.tz.empty() ? settings.time_zone : request.tz));
  TRIAGE_TRY(const std::int64_t created_ns, creation_time(request));
  const Phrases say(language);
  TRIAGE_TRY(const ReportFacts facts, read_report_facts(folder, database, say, zone, request.limits));

  TRIAGE_TRY(OutputFile file, OutputFile::create(folder.fd(), request.file, OutputFile::Existing::kReplace));
  Sha256 digest;
  HtmlWriter out([&file, &digest](std::string_view text) {
    digest.update(text);
    return file.write(text);
  });
  const ReportPage page{out,
                        say,
                        zone,
                        facts,
                        request.limits,
                        database,
                        created_ns,
                        request.tool_version.empty() ? facts.custody.last_tool_version : request.tool_version};
  write_head(page);
  TRIAGE_TRY_STATUS(write_body(page));
  TRIAGE_TRY_STATUS(out.finish());
  TRIAGE_TRY_STATUS(file.commit());

  ReportWritten written;
  written.path = folder.path() + "/" + request.file;
  written.bytes = out.bytes_written();
  written.sha256 = digest.finish_hex();
  written.events_shown = facts.timeline.size();
  written.findings_shown = facts.findings.size();
  return written;
}

Result<ReportWritten> write_report(const ReportRequest& request) {
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(request.case_dir, CaseFolder::Access::kWrite));
  TRIAGE_TRY(Database database, open_case_for_reading(folder.database_path()));
  return write_report(folder, database, request);
}

}  // namespace triage
