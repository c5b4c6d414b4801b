// SPDX-License-Identifier: Apache-2.0
// CaseWork: one command's time with a case in which a person records something. Each word becomes a custody entry; the
// view `tasks` and the six status.json are made anew from the log at the end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cli/context.h"
#include "playbook/case_state.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/custody.h"

namespace triage::cli {

/// The installation's playbooks, those below /etc/triage and in the case, then `more` (--playbooks). kUsage when the
/// installation's are not there.
Result<PlaybookLibrary> load_playbooks(const Context& context, const std::vector<std::string>& more);

/// The state of a case without changing it. `database` gets the open case.db where there is one.
Result<CaseState> look_at_case(const CaseFolder& folder, const PlaybookLibrary& library,
                               std::optional<Database>& database);

/// Writes the view `tasks` and status.json of the steps from the record.
Status refresh_tasks(CaseFolder& folder, CaseDb& database, const CaseState& state);

class CaseWork {
 public:
  /// Opens the case of --case for writing. REQUIRES: `library` outlives it.
  static Result<std::unique_ptr<CaseWork>> open(const Context& context, const PlaybookLibrary& library);
  /// As it was when the case was opened.
  [[nodiscard]] const CaseState& state() const { return *state_; }
  [[nodiscard]] CaseFolder& folder() { return *folder_; }
  [[nodiscard]] CaseDb& database() { return *database_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  /// Appends an entry. Its number.
  Result<std::uint64_t> append(std::string_view kind, std::string_view fields);
  /// Reads the state anew for refresh_tasks(), and closes the case.
  Status finish();

 private:
  CaseWork(const Context& context, const PlaybookLibrary& library) : context_(context), library_(library) {}
  Status read_state();

  const Context& context_;
  const PlaybookLibrary& library_;
  SystemClock clock_;
  std::optional<CaseFolder> folder_;
  std::optional<CaseDb> database_;
  std::optional<Custody> custody_;
  std::optional<CaseState> state_;
};

}  // namespace triage::cli
