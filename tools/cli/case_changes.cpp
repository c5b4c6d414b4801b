// SPDX-License-Identifier: Apache-2.0
#include "cli/case_changes.h"

#include <algorithm>

#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "cli/case_session.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/timeline_table.h"

namespace triage::cli {
namespace {

constexpr Message kOpened{"case: {}", "事案: {}"};

}  // namespace

Status state_case(const Context& context, const CaseStatement& statement) {
  TRIAGE_TRY(const DisplayZone zone, display_zone(context));
  TRIAGE_TRY(const auto knew, time_argument(statement.knew, zone, "--knew"));
  TRIAGE_TRY(const std::unique_ptr<CaseSession> session, CaseSession::open(context));
  TRIAGE_TRY(CaseSettings settings, session->folder().settings());
  if (!statement.type.empty()) settings.leak_type = statement.type;
  if (knew) settings.knew_time = offset_text(*knew, 0, zone.offset_minutes(*knew));
  if (!statement.organisation.empty()) settings.organisation = statement.organisation;
  if (statement.lang) settings.lang = lang_code(context.lang);
  if (statement.tz) settings.time_zone = zone.name;
  for (const std::string& name : statement.examiners) {
    const CasePerson person{name, "examiner", ""};
    const bool known = std::find(settings.people.begin(), settings.people.end(), person) != settings.people.end();
    if (!known) settings.people.push_back(person);
  }
  TRIAGE_TRY_STATUS(session->folder().write_settings(settings));
  TRIAGE_TRY_STATUS(session->finish(ExitCode::kComplete));
  TRIAGE_TRY_STATUS(session->close());
  say(context, text(context.lang, kOpened, escape_terminal(session->folder().path())));
  return {};
}

Status note_in_case(const Context& context, const std::string& words, const std::string& by) {
  if (words.empty()) return fail(ErrorCode::kUsage, "the note is empty");
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kWrite));
  TRIAGE_TRY(CaseDb database, CaseDb::open(folder.database_path()));
  const SystemClock clock;
  TRIAGE_TRY(Custody custody, Custody::open(folder, database, clock));
  JsonLine fields;
  fields.add("text", words).add("by", by.empty() ? std::nullopt : std::optional(by));
  TRIAGE_TRY_STATUS(custody.append("note", fields.finish()));
  return close_database(context, database);
}

}  // namespace triage::cli
