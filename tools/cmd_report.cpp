// SPDX-License-Identifier: Apache-2.0
// triage report: report.html, made anew from the case; checked, as PDF, masked for sharing, or laid out for a court.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <vector>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_session.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/copy_out.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/report_job.h"
#include "cli/report_papers.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"write the report of a case", "事案の報告書を作成する"};
constexpr Message kDetails{"DIR/report.html is made anew from the case: one file that needs no script and no network. Language and time zone are the case's unless --lang or --tz says otherwise. A finding that lacks claim, evidence, likelihood, alternatives, limits, question or step, or claims too much, is refused (exit 4); --check names all such places and --draft writes the report nevertheless. --pdf also makes report.pdf (PDF/A-3b with the timeline attached) with weasyprint where that is installed. --redact makes report-shared.html with personal data masked, and a log of what was masked. --court lays out what an electronic filing takes, each exhibit under its label. -o makes a copy elsewhere and never overwrites.", "DIR/report.html を事案から作り直す。1つのファイルで、スクリプトもネットワークも要らない。言語と時間帯は --lang や --tz がなければ事案の設定による。主張、根拠、可能性、ほかの説明、限界、立証趣旨、段階のいずれかを欠く所見や言い過ぎの所見があれば作成しない(終了コード 4)。--check はその箇所をすべて示し、--draft はそのまま作成する。--pdf は weasyprint があれば report.pdf(PDF/A-3b、タイムライン添付)も作る。--redact は個人情報を伏せた report-shared.html と、伏せた内容の記録を作る。--court は電子提出できるファイルを号証名で並べる。-o は別の場所に写しを作り、上書きしない。"};
constexpr Message kOne{"in the case's own language", "事案の言語で"};
constexpr Message kTwo{"in English, with a copy for someone else", "英語で作成し、写しを渡す"};
constexpr Message kThree{"a copy without personal data, as PDF too", "個人情報を伏せた写しを PDF でも作る"};
constexpr Message kWritten{"{}: {}, {} events and {} findings shown, SHA-256 {}", "{}: {}、掲載したイベント {} 件、所見 {} 件、SHA-256 {}"};
constexpr Message kMasked{"{} values masked; a person reads the copy before it goes", "{} 個の値を伏せた。渡す前に人が読んで確かめること"};
constexpr Message kPdfWritten{"{}: {}, SHA-256 {}", "{}: {}、SHA-256 {}"};
constexpr Message kCourtHelp{"Lay out in this new folder what a court takes as files: PDF of the report and exhibits, by label; implies --pdf", "裁判所に提出できるファイル(報告書の PDF と資料)を、この新しいフォルダに号証名で並べる。--pdf を含む"};
constexpr Message kLabelHelp{"Give an exhibit its label, for example D-0001=甲1; several times", "資料に号証を付ける(例: D-0001=甲1)。複数回指定できる"};
constexpr Message kCheckHelp{"Write nothing; name what the linter finds (exit 4 when anything)", "何も書かず、不備を示す(あれば終了コード 4)"};
constexpr Message kDraftHelp{"Write the report though findings lack parts", "所見に不備があっても作成する"};
constexpr Message kPdfHelp{"Make a PDF of it too", "PDF も作る"};
constexpr Message kRedactHelp{"Mask personal data: report-shared.html", "個人情報を伏せる(report-shared.html)"};
constexpr Message kFour{"for a court, the report as exhibit 甲1", "報告書を甲1として提出用に並べる"};
constexpr Message kNoFaults{"the linter finds nothing", "不備は見つからない"};
// clang-format on

struct ReportChoice {
  bool check = false;
  bool draft = false;
  bool pdf = false;
  bool redact = false;
  std::string court;
  std::vector<std::string> labels;
  bool lang_given = false;
  bool tz_given = false;
};

Result<ExitCode> print_faults(const Context& context, const ReportWritten& checked) {
  cli::Output out;
  for (const ReportFault& fault : checked.faults) {
    if (context.json) {
      JsonLine line;
      out.line(line.add("schema", "triage.report.fault.v1").add("where", fault.where).add("what", fault.what).finish());
    } else {
      out.line(escape_terminal(fault.where + ": " + fault.what));
    }
  }
  if (checked.faults.empty()) cli::say(context, text(context.lang, kNoFaults));
  TRIAGE_TRY_STATUS(out.finish());
  return checked.faults.empty() ? ExitCode::kComplete : ExitCode::kVerification;
}

/// The linter alone: the case is only read.
Result<ExitCode> check(const Context& context, ReportRequest request) {
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  TRIAGE_TRY(const ReportWritten checked, cli::check_report(context, folder, std::move(request)));
  return print_faults(context, checked);
}

Status print(const Context& context, const std::string& path, const ReportWritten& written, const PdfWritten& pdf) {
  cli::say(context, text(context.lang, kWritten, escape_terminal(path), cli::human_bytes(written.bytes),
                         written.events_shown, written.findings_shown, written.sha256));
  if (written.masked > 0) cli::say(context, text(context.lang, kMasked, written.masked));
  if (!pdf.path.empty())
    cli::say(context,
             text(context.lang, kPdfWritten, escape_terminal(pdf.path), cli::human_bytes(pdf.bytes), pdf.sha256));
  if (!context.json) return {};
  cli::Output out;
  JsonLine line;
  line.add("schema", "triage.report.v1").add("path", path).add("bytes", written.bytes).add("sha256", written.sha256);
  line.add("events", written.events_shown).add("findings", written.findings_shown);
  if (!pdf.path.empty()) line.add("pdf", pdf.path).add("pdf_bytes", pdf.bytes).add("pdf_sha256", pdf.sha256);
  out.line(line.finish());
  return out.finish();
}

/// What one call makes.
struct Papers {
  ReportWritten written;
  PdfWritten pdf;
  ExitCode code = ExitCode::kComplete;
};

Status make_papers(const Context& context, const ReportChoice& choice, ReportRequest request, cli::CaseSession& session,
                   Papers& papers) {
  const std::string name = request.file;
  const bool court = !choice.court.empty();
  if (court || !choice.labels.empty())
    TRIAGE_TRY_STATUS(cli::update_exhibits(context, session, request, choice.labels));
  TRIAGE_TRY(papers.written, cli::make_report(context, session, std::move(request)));
  if (court || choice.pdf) {
    TRIAGE_TRY(papers.pdf, cli::make_report_pdf(context, session, papers.written, name));
  }
  if (court) {
    TRIAGE_TRY(papers.code, cli::export_for_court(context, session, choice.court));
  }
  return {};
}

Result<ExitCode> report(const Context& context, const ReportChoice& choice) {
  std::error_code ignored;  // what cannot be looked at is found out when the file is made
  if (!context.output.empty() && std::filesystem::exists(std::filesystem::symlink_status(context.output, ignored)))
    return fail(ErrorCode::kUsage, "the output file is there already", context.output, 0,
                "nothing is overwritten; name another file");
  ReportRequest request;
  if (choice.lang_given) request.lang = cli::lang_code(context.lang);
  // An absent case is no case to be made here.
  TRIAGE_TRY(const CaseFolder looked_at, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  TRIAGE_TRY(const CaseSettings settings, looked_at.settings());
  TRIAGE_TRY(request.zone, cli::zone_named(choice.tz_given ? context.tz : settings.time_zone));
  request.redact = choice.redact;
  request.refuse_faults = !choice.draft;
  if (choice.redact) request.file = "report-shared.html";
  if (choice.check) return check(context, std::move(request));
  const std::string name = request.file;
  const bool pdf_wanted = choice.pdf || !choice.court.empty();
  if (pdf_wanted) TRIAGE_TRY_STATUS(cli::need_pdf_tool());
  TRIAGE_TRY(const std::unique_ptr<cli::CaseSession> session, cli::CaseSession::open(context));
  Papers papers;
  const Status made = make_papers(context, choice, std::move(request), *session, papers);
  TRIAGE_TRY_STATUS(session->finish(made ? papers.code : cli::exit_code_of(made.error().code)));
  TRIAGE_TRY_STATUS(session->close());
  TRIAGE_TRY_STATUS(made);
  if (!context.output.empty()) TRIAGE_TRY_STATUS(cli::copy_out(context.case_dir, name, context.output));
  const std::string& path = context.output.empty() ? papers.written.path : context.output;
  TRIAGE_TRY_STATUS(print(context, path, papers.written, papers.pdf));
  return papers.code;
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(app, context, "report",
                                       {kTitle,
                                        kDetails,
                                        {{"triage report --case leak", kOne},
                                         {"triage report --case leak --lang en -o leak-en.html", kTwo},
                                         {"triage report --case leak --redact --pdf", kThree},
                                         {"triage report --case leak --court filing --label D-0001=甲1", kFour}}});
  cli::add_flags(command, context, {Flag::kCase, Flag::kOutputOptional, Flag::kTz, Flag::kJson});
  const auto choice = std::make_shared<ReportChoice>();
  command.add_flag("--check", choice->check, text(context.lang, kCheckHelp));
  command.add_flag("--draft", choice->draft, text(context.lang, kDraftHelp));
  command.add_flag("--pdf", choice->pdf, text(context.lang, kPdfHelp));
  command.add_flag("--redact", choice->redact, text(context.lang, kRedactHelp));
  command.add_option("--court", choice->court, text(context.lang, kCourtHelp))->type_name("DIR");
  command.add_option("--label", choice->labels, text(context.lang, kLabelHelp))
      ->type_name("ID=LABEL")
      ->allow_extra_args(false)
      ->excludes(command.get_option("--redact"));
  const CLI::Option* lang = command.get_option("--lang");
  const CLI::Option* tz = command.get_option("--tz");
  cli::on_run(command, context, [&context, choice, lang, tz] {
    choice->lang_given = lang->count() > 0;
    choice->tz_given = tz->count() > 0;
    return report(context, *choice);
  });
}

}  // namespace triage
