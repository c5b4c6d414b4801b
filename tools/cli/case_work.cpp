// SPDX-License-Identifier: Apache-2.0
#include "cli/case_work.h"

#include <fcntl.h>

#include <filesystem>
#include <system_error>

#include "bytes/text.h"
#include "cli/case_session.h"
#include "cli/data_dirs.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

constexpr Message kCustodyProblem{"the custody log is not sound: {}; this is noted in it",
                                  "証拠管理記録に不備がある: {}。この事実を記録に残す"};

}  // namespace

Result<PlaybookLibrary> load_playbooks(const Context& context, const std::vector<std::string>& more) {
  const auto own = data_folder("playbooks");
  if (!own) return fail(ErrorCode::kUsage, "the playbooks of the installation are not there", {}, 0, "install them");
  std::vector<std::string> folders{own->string()};
  std::error_code failed;
  for (const std::string& folder : {std::string("/etc/triage/playbooks"), context.case_dir + "/playbooks"}) {
    if (std::filesystem::is_directory(folder, failed)) folders.push_back(folder);
  }
  folders.insert(folders.end(), more.begin(), more.end());
  return PlaybookLibrary::load(folders);
}

Result<CaseState> look_at_case(const CaseFolder& folder, const PlaybookLibrary& library,
                               std::optional<Database>& database) {
  const SystemClock clock;
  if (open_beneath(folder.fd(), "3-investigation/case.db", O_PATH)) {
    TRIAGE_TRY(Database opened, open_case_for_reading(folder.database_path()));
    database.emplace(std::move(opened));
  }
  return read_case_state(folder, database ? &*database : nullptr, library, clock.utc_nanos());
}

Status refresh_tasks(CaseFolder& folder, CaseDb& database, const CaseState& state) {
  TRIAGE_TRY_STATUS(database.replace_tasks(task_rows(state.tasks)));
  for (const CaseStep& step : kCaseSteps) {
    const std::string now = step_state_of(state.tasks, step.number);
    if (folder.step_state(step.number) != now) TRIAGE_TRY_STATUS(folder.write_step_state(step.number, now));
  }
  return {};
}

Result<std::unique_ptr<CaseWork>> CaseWork::open(const Context& context, const PlaybookLibrary& library) {
  std::unique_ptr<CaseWork> work(new CaseWork(context, library));
  TRIAGE_TRY(CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kWrite));
  work->folder_.emplace(std::move(folder));
  TRIAGE_TRY(CaseDb database, CaseDb::open(work->folder_->database_path()));
  work->database_.emplace(std::move(database));
  TRIAGE_TRY(Custody custody, Custody::open(*work->folder_, *work->database_, work->clock_));
  work->custody_.emplace(std::move(custody));
  if (!work->custody_->problem().empty())
    warn(context, text(context.lang, kCustodyProblem, escape_terminal(work->custody_->problem())));
  TRIAGE_TRY_STATUS(work->read_state());
  return work;
}

Status CaseWork::read_state() {
  TRIAGE_TRY(CaseState state, read_case_state(*folder_, &database_->database(), library_, clock_.utc_nanos()));
  state_.emplace(std::move(state));
  return {};
}

Result<std::uint64_t> CaseWork::append(std::string_view kind, std::string_view fields) {
  TRIAGE_TRY(const CustodyHead head, custody_->append(kind, fields));
  return head.count;
}

Status CaseWork::finish() {
  TRIAGE_TRY_STATUS(read_state());
  TRIAGE_TRY_STATUS(refresh_tasks(*folder_, *database_, *state_));
  state_.reset();
  return close_database(context_, *database_);
}

}  // namespace triage::cli
