// SPDX-License-Identifier: Apache-2.0
// triage report: report.html, made anew from the case.
#include <fcntl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <vector>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_session.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/version.h"
#include "report/report.h"
#include "store/output_file.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"write the report of a case", "事案の報告書を作成する"};
constexpr Message kDetails{"DIR/report.html is made anew from the case: one file that needs no script and no network. Language and time zone are the case's unless --lang or --tz says otherwise. -o makes a copy elsewhere and never overwrites.", "DIR/report.html を事案から作り直す。1つのファイルで、スクリプトもネットワークも要らない。言語と時間帯は --lang や --tz がなければ事案の設定による。-o は別の場所に写しを作り、上書きしない。"};
constexpr Message kOne{"in the case's own language", "事案の言語で"};
constexpr Message kTwo{"in English, with a copy for someone else", "英語で作成し、写しを渡す"};
constexpr Message kWritten{"{}: {}, {} events and {} findings shown, SHA-256 {}", "{}: {}、掲載したイベント {} 件、所見 {} 件、SHA-256 {}"};
constexpr std::string_view kReport = "report.html";
constexpr std::size_t kMaxReport = std::size_t{256} << 20;
// clang-format on

/// Copies the report out of the case. A file that is there already stays.
Status copy_report(const std::string& case_dir, const std::string& to) {
  const UniqueFd folder(::open(case_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail(ErrorCode::kOutput, "cannot open the case folder", case_dir, errno);
  TRIAGE_TRY(const std::string report, read_beneath(folder.get(), std::string(kReport), kMaxReport));
  const UniqueFd copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!copy.valid()) return fail(ErrorCode::kOutput, "cannot make the copy", to, errno);
  for (std::string_view rest = report; !rest.empty();) {
    const ssize_t written = ::write(copy.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(ErrorCode::kOutput, "cannot write the copy", to, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<ExitCode> report(const Context& context, bool lang_given, bool tz_given) {
  std::error_code ignored;  // what cannot be looked at is found out when the file is made
  if (!context.output.empty() && std::filesystem::exists(std::filesystem::symlink_status(context.output, ignored)))
    return fail(ErrorCode::kUsage, "the output file is there already", context.output, 0,
                "nothing is overwritten; name another file");
  ReportRequest request;
  if (lang_given) request.lang = cli::lang_code(context.lang);
  request.tool_version = cli::version_line();
  // An absent case is no case to be made here.
  TRIAGE_TRY_STATUS(CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  TRIAGE_TRY(const std::unique_ptr<cli::CaseSession> session, cli::CaseSession::open(context));
  TRIAGE_TRY(const CaseSettings settings, session->folder().settings());
  TRIAGE_TRY(request.zone, cli::zone_named(tz_given ? context.tz : settings.time_zone));
  TRIAGE_TRY(const ReportWritten written, write_report(session->folder(), session->database().database(), request));
  session->add_output(std::string(kReport));
  TRIAGE_TRY_STATUS(session->finish(ExitCode::kComplete));
  TRIAGE_TRY_STATUS(session->close());
  if (!context.output.empty()) TRIAGE_TRY_STATUS(copy_report(context.case_dir, context.output));
  const std::string path = context.output.empty() ? written.path : context.output;
  cli::say(context, text(context.lang, kWritten, escape_terminal(path), cli::human_bytes(written.bytes),
                         written.events_shown, written.findings_shown, written.sha256));
  if (!context.json) return ExitCode::kComplete;
  cli::Output out;
  JsonLine line;
  line.add("schema", "triage.report.v1").add("path", path).add("bytes", written.bytes).add("sha256", written.sha256);
  out.line(line.add("events", written.events_shown).add("findings", written.findings_shown).finish());
  TRIAGE_TRY_STATUS(out.finish());
  return ExitCode::kComplete;
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "report",
      {kTitle,
       kDetails,
       {{"triage report --case leak", kOne}, {"triage report --case leak --lang en -o leak-en.html", kTwo}}});
  cli::add_flags(command, context, {Flag::kCase, Flag::kOutputOptional, Flag::kTz, Flag::kJson});
  const CLI::Option* lang = command.get_option("--lang");
  const CLI::Option* tz = command.get_option("--tz");
  cli::on_run(command, context, [&context, lang, tz] { return report(context, lang->count() > 0, tz->count() > 0); });
}

}  // namespace triage
