// SPDX-License-Identifier: Apache-2.0
#include "cli/case_results.h"

#include "bytes/text.h"
#include "cli/case_work.h"
#include "cli/command.h"
#include "cli/data_dirs.h"
#include "cli/display_zone.h"
#include "cli/leak_rules.h"
#include "cli/output.h"
#include "cli/report_job.h"
#include "store/export_timeline.h"

namespace triage::cli {
namespace {

constexpr Message kNoTasks{"the task view was not refreshed: {}", "作業表を更新できなかった: {}"};

/// `case status`, the view `tasks` and the steps' status.json say the same after a run.
Status refresh_from_record(const Context& context, CaseSession& session) {
  if (!data_folder("playbooks")) return session.folder().write_step_state(3, "running");
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, {}));
  TRIAGE_TRY(const CaseState state,
             read_case_state(session.folder(), &session.database().database(), library, session.clock().utc_nanos()));
  return refresh_tasks(session.folder(), session.database(), state);
}

/// A playbook that cannot be read must not cost the run its results.
Status refresh(const Context& context, CaseSession& session) {
  const Status done = refresh_from_record(context, session);
  if (done || done.error().code != ErrorCode::kUsage) return done;
  warn(context, text(context.lang, kNoTasks, escape_terminal(done.error().text())));
  return session.folder().write_step_state(3, "running");
}

}  // namespace

Result<std::optional<Severity>> write_case_results(const Context& context, CaseSession& session, const RuleSet& rules) {
  TRIAGE_TRY(const CaseSettings settings, session.folder().settings());
  TRIAGE_TRY(const DisplayZone zone, zone_named(context.tz.empty() ? settings.time_zone : context.tz));
  TRIAGE_TRY(const std::optional<Severity> worst, draw_case_findings(rules, session.database(), settings.time_zone));
  TRIAGE_TRY_STATUS(refresh(context, session));
  TRIAGE_TRY_STATUS(export_case(session.folder(), session.database(), zone));
  TRIAGE_TRY_STATUS(session.database().set_meta("export.tz", zone.name));
  for (const char* name : {"timeline.jsonl.zst", "timeline.csv", "findings.jsonl", "damage.jsonl", "files.csv"})
    session.add_output(std::string("3-investigation/") + name);
  ReportRequest request;
  request.lang = lang_code(context.lang);
  request.zone = zone;
  TRIAGE_TRY_STATUS(make_report(context, session, std::move(request)));
  return worst;
}

}  // namespace triage::cli
