// SPDX-License-Identifier: Apache-2.0
#include "cli/report_papers.h"

#include <filesystem>
#include <set>

#include "bytes/text.h"
#include "cli/case_work.h"
#include "cli/copy_out.h"
#include "cli/output.h"
#include "report/exhibits.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kNetwork{"this kernel gave weasyprint no network of its own; the report has nothing to fetch", "このカーネルでは weasyprint のネットワークを切り離せなかった。報告書に取りに行くものはない"};
constexpr Message kCourtFile{"{} → {}", "{} → {}"};
constexpr Message kStays{"{} {} is not filed as a record: {}", "{} {} は記録として提出できない: {}"};
constexpr Message kNoFile{"it is not a file of the case; hand in the medium or a print", "事案内のファイルではない。媒体または印刷物で提出する"};
constexpr Message kType{"not PDF, MP3, MP4, JPEG or PNG; hand it in on a medium, or as reference", "PDF、MP3、MP4、JPEG、PNG ではない。媒体で提出するか参考資料とする"};
constexpr Message kSameName{"another exhibit has the same file name: give it a label", "ファイル名が別の資料と重なる。--label で番号を付ける"};
// clang-format on

}  // namespace

Status need_pdf_tool() {
  if (!find_pdf_tool().empty()) return {};
  return fail(ErrorCode::kUnsupported, "weasyprint is not installed, so no PDF can be made", {}, 0,
              "apt-get install weasyprint fonts-noto-cjk; or print report.html to PDF in a browser");
}

Result<PdfWritten> make_report_pdf(const Context& context, CaseSession& session, const ReportWritten& written,
                                   const std::string& html) {
  PdfRequest request;
  request.html = html;
  request.pdf = html.substr(0, html.rfind('.')) + ".pdf";
  request.created_ns = written.created_ns;
  if (html == "report.html") request.attachments = {"3-investigation/timeline.csv"};
  TRIAGE_TRY(PdfWritten pdf, write_pdf(session.folder(), request));
  session.add_output(request.pdf);
  if (!pdf.network_cut) warn(context, text(context.lang, kNetwork));
  return pdf;
}

Status update_exhibits(const Context& context, CaseSession& session, const ReportRequest& request,
                       const std::vector<std::string>& labels) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& one : labels) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals + 1 == one.size())
      return fail(ErrorCode::kUsage, "a label is written ID=LABEL", escape_terminal(one), 0, "--label D-0001=甲1");
    pairs.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, {}));
  ReportRequest asked = request;
  asked.library = &library;
  TRIAGE_TRY(std::vector<ExhibitRecord> exhibits,
             plan_exhibits(session.folder(), session.database().database(), asked));
  TRIAGE_TRY_STATUS(label_exhibits(exhibits, pairs));
  return session.database().replace_exhibits(exhibits);
}

Result<ExitCode> export_for_court(const Context& context, CaseSession& session, const std::string& dir) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(dir, error) && !fs::is_empty(dir, error))
    return fail(ErrorCode::kUsage, "the folder holds something already", dir, 0, "nothing is overwritten");
  fs::create_directories(dir, error);
  if (error) return fail(ErrorCode::kOutput, "the folder cannot be made", dir, error.value());
  fs::permissions(dir, fs::perms::owner_all, error);
  TRIAGE_TRY(const std::vector<ExhibitRecord> exhibits, read_exhibits(session.database().database()));
  std::set<std::string> names;
  ExitCode code = ExitCode::kComplete;
  for (const ExhibitRecord& one : exhibits) {
    const std::string name = court_file_name(one);
    const Message* why = one.file.empty()             ? &kNoFile
                         : !is_court_file(one.file)   ? &kType
                         : !names.insert(name).second ? &kSameName
                                                      : nullptr;
    if (why != nullptr) {
      code = ExitCode::kDamaged;  // complete, but something was left out, and it is named
      warn(context, text(context.lang, kStays, one.id, escape_terminal(one.title), text(context.lang, *why)));
      continue;
    }
    TRIAGE_TRY_STATUS(copy_out(session.folder().path(), one.file, dir + "/" + name));
    say(context, text(context.lang, kCourtFile, one.id, escape_terminal(name)));
  }
  return code;
}

}  // namespace triage::cli
