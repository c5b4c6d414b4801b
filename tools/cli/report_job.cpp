// SPDX-License-Identifier: Apache-2.0
#include "cli/report_job.h"

#include <optional>

#include "bytes/json.h"
#include "cli/case_work.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/version.h"

namespace triage::cli {
namespace {

constexpr Message kNoPlaybooks{"the report is made without the playbooks: {}",
                               "手順書のデータなしで報告書を作成する: {}"};

std::string recipe_of(const ReportRequest& request, const ReportWritten& written) {
  JsonLine line;
  line.add("lang", request.lang).add("tz", request.zone ? request.zone->name : std::string());
  line.add("created_ns", written.created_ns).add("tool_version", request.tool_version);
  line.add("custody_entries", written.custody_entries).add("playbooks", request.library != nullptr);
  return line.add("case_name", written.case_name).add("sha256", written.sha256).finish();
}

}  // namespace

Result<ReportWritten> make_report(const Context& context, CaseSession& session, ReportRequest request) {
  auto library = load_playbooks(context, {});
  if (library) {
    request.library = &*library;
  } else {
    warn(context, text(context.lang, kNoPlaybooks, library.error().text()));
  }
  request.tool_version = version_line();
  TRIAGE_TRY(const CaseSettings settings, session.folder().settings());
  if (request.lang.empty()) request.lang = settings.lang;
  TRIAGE_TRY(ReportWritten written, write_report(session.folder(), session.database().database(), request));
  if (request.check_only) return written;
  session.add_output(request.file);
  if (request.redact) {
    session.add_output(redaction_log_name(request.file));
  } else {
    TRIAGE_TRY_STATUS(session.database().set_meta(kRecipeKey, recipe_of(request, written)));
  }
  return written;
}

Result<ReportWritten> check_report(const Context& context, const CaseFolder& folder, ReportRequest request) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, {}));
  TRIAGE_TRY(Database database, open_case_for_reading(folder.database_path()));
  request.library = &library;
  request.tool_version = version_line();
  request.check_only = true;
  request.refuse_faults = false;
  return write_report(folder, database, request);
}

}  // namespace triage::cli
