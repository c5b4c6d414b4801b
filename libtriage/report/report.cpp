// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include "base/clock.h"
#include "bytes/digest.h"
#include "bytes/time_formats.h"
#include "report/exhibits.h"
#include "report/redaction.h"
#include "report/report_check.h"
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
  out.empty("meta", {{"name", "generator"}, {"content", "triage"}}).newline();
  out.empty("meta", {{"name", "dcterms.created"}, {"content", utc_text(page.created_ns, 0)}}).newline();
  out.element("title", fmt::format("{}: {}", page.say(Say::kTitle), page.facts.case_name)).newline();
  out.style(report_style()).close("head").newline();
}

Status write_body(const ReportPage& page) {
  page.out.open("body").open("main").newline();
  write_cover(page);
  write_contents(page);
  write_summary(page);
  write_clock(page);
  write_scope(page);
  write_people(page);
  write_examined(page);
  write_custody(page);
  write_method(page);
  write_times(page);
  write_timeline(page);
  write_findings(page);
  write_extent(page);
  write_nine_items(page);
  write_loss(page);
  TRIAGE_TRY_STATUS(write_damage(page));
  write_measures(page);
  write_glossary(page);
  TRIAGE_TRY_STATUS(write_files(page));
  write_hashes(page);
  write_runs(page);
  write_checks(page);
  write_statement(page);
  page.out.close("main").close("body").close("html").newline();
  return {};
}

/// The page on its way to the disk; nothing is made where it is never opened.
class PageFile {
 public:
  Status open(const CaseFolder& folder, const std::string& name) {
    TRIAGE_TRY(OutputFile file, OutputFile::create(folder.fd(), name, OutputFile::Existing::kReplace));
    file_.emplace(std::move(file));
    return {};
  }
  Status write(std::string_view text) {
    digest_.update(text);
    return file_ ? file_->write(text) : Status();
  }
  Status commit() { return file_ ? file_->commit() : Status(); }
  std::string sha256() { return digest_.finish_hex(); }

 private:
  std::optional<OutputFile> file_;
  Sha256 digest_;
};

/// What was masked, beside the masked report. It holds what the report does not, and stays in the case.
Status write_log(const CaseFolder& folder, const std::string& report, const std::string& lines) {
  TRIAGE_TRY(OutputFile file,
             OutputFile::create(folder.fd(), redaction_log_name(report), OutputFile::Existing::kReplace));
  TRIAGE_TRY_STATUS(file.write(lines));
  return file.commit();
}

/// The words, the zone and the facts of one report.
struct ReportBasis {
  Phrases say;
  ReportZone zone;
  std::int64_t created_ns = 0;
  ReportFacts facts;
};

Result<ReportBasis> read_basis(const CaseFolder& folder, Database& database, const ReportRequest& request) {
  TRIAGE_TRY(const CaseSettings settings, folder.settings());
  TRIAGE_TRY(const ReportLanguage language, report_language(request.lang.empty() ? settings.lang : request.lang));
  TRIAGE_TRY(const ReportZone zone, request.zone
                                        ? Result<ReportZone>(ReportZone::of(*request.zone))
                                        : ReportZone::parse(request.tz.empty() ? settings.time_zone : request.tz));
  TRIAGE_TRY(const std::int64_t created_ns, creation_time(request));
  const Phrases say(language);
  TRIAGE_TRY(ReportFacts facts,
             read_report_facts(folder, database, {say, zone, request.limits, request.library, created_ns}));
  return ReportBasis{say, zone, created_ns, std::move(facts)};
}

}  // namespace

std::string redaction_log_name(const std::string& report) {
  const std::size_t dot = report.rfind('.');
  return report.substr(0, dot) + ".redaction-log.jsonl";
}

Result<std::vector<ExhibitRecord>> plan_exhibits(const CaseFolder& folder, Database& database,
                                                 const ReportRequest& request) {
  TRIAGE_TRY(const ReportBasis basis, read_basis(folder, database, request));
  TRIAGE_TRY(std::vector<ExhibitRecord> known, read_exhibits(database));
  const std::string today = basis.zone.day_text(basis.zone.day_of(basis.created_ns));
  return draft_exhibits(basis.facts, database, basis.say, today, std::move(known));
}

Result<ReportWritten> write_report(const CaseFolder& folder, Database& database, const ReportRequest& request) {
  TRIAGE_TRY(const ReportBasis basis, read_basis(folder, database, request));
  const auto& [say, zone, created_ns, facts] = basis;
  std::vector<ReportFault> faults = check_findings(facts, say);
  if (request.refuse_faults && !faults.empty()) {
    return fail(ErrorCode::kVerification,
                fmt::format("{} faults of findings, the report is not written", faults.size()),
                fmt::format("{}: {}", faults.front().where, faults.front().what), 0,
                "triage report --check names them all; --draft writes the report nevertheless");
  }
  std::optional<Redactor> redactor;
  if (request.redact) {
    TRIAGE_TRY(redactor, redactor_for(facts, database, say.japanese()));
  }
  TextCheck text_check(say);
  PageFile file;
  if (!request.check_only) TRIAGE_TRY_STATUS(file.open(folder, request.file));
  HtmlWriter out([&file](std::string_view text) { return file.write(text); });
  if (request.check_only) out.watch([&text_check](std::string_view text) { text_check.add(text); });
  if (redactor) out.filter([&redactor](std::string_view text) { return redactor->mask(text); });
  const ReportPage page{out,
                        say,
                        zone,
                        facts,
                        request.limits,
                        database,
                        created_ns,
                        request.tool_version.empty() ? facts.custody.last_tool_version : request.tool_version,
                        redactor ? &*redactor : nullptr,
                        faults.size()};
  write_head(page);
  TRIAGE_TRY_STATUS(write_body(page));
  TRIAGE_TRY_STATUS(out.finish());
  TRIAGE_TRY_STATUS(file.commit());
  if (redactor && !request.check_only) TRIAGE_TRY_STATUS(write_log(folder, request.file, redactor->log_lines()));
  if (request.check_only) {
    for (ReportFault& one : check_finding_sentences(facts, say)) faults.push_back(std::move(one));
    for (ReportFault& one : text_check.faults()) faults.push_back(std::move(one));
  }

  ReportWritten written;
  written.path = folder.path() + "/" + request.file;
  written.bytes = out.bytes_written();
  written.sha256 = file.sha256();
  written.events_shown = facts.timeline.size();
  written.findings_shown = facts.findings.size();
  written.custody_entries = facts.custody.check.found.count;
  written.case_name = facts.case_name;
  written.created_ns = created_ns;
  written.masked = redactor ? redactor->entries().size() : 0;
  written.faults = std::move(faults);
  return written;
}

Result<ReportWritten> write_report(const ReportRequest& request) {
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(request.case_dir, CaseFolder::Access::kWrite));
  TRIAGE_TRY(Database database, open_case_for_reading(folder.database_path()));
  return write_report(folder, database, request);
}

}  // namespace triage
