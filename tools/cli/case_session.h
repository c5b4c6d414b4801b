// SPDX-License-Identifier: Apache-2.0
// CaseSession: one command's time with a case it writes: the lock, case.db, the contents, and the custody entries at
// the beginning and the end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/context.h"
#include "engine/sweep.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/content_store.h"
#include "store/custody.h"

namespace triage::cli {

/// Makes case.db one file. While somebody reads it its log stays beside it: that is said, and no failure.
Status close_database(const Context& context, CaseDb& database);

/// Fields of a custody entry "unlocked": which volume was opened, by whom, with what kind of key; never the key.
std::string unlocked_fields(const VolumeRecord& volume, const RunEntry& by);

class CaseSession {
 public:
  /// Opens or makes the case of --case and writes the custody entry "run_begun".
  static Result<std::unique_ptr<CaseSession>> open(const Context& context);

  [[nodiscard]] CaseFolder& folder() { return *folder_; }
  [[nodiscard]] CaseDb& database() { return *database_; }
  [[nodiscard]] ContentStore& recovered() { return *recovered_; }
  [[nodiscard]] ContentStore& carved() { return *carved_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] Custody& custody() { return *custody_; }

  void add_input(const SweepSummary& summary);
  void add_output(const std::string& name);
  /// Custody entry "unlocked": which volume was opened, by whom, with what kind of key; never the key.
  Status note_unlocked(const VolumeRecord& volume);
  /// Appends the custody entry of the whole run. Damage counts and hashes of the outputs are taken from the case.
  Status finish(ExitCode exit);
  /// close_database().
  Status close();

 private:
  explicit CaseSession(const Context& context) : context_(context) {}
  Result<CustodyItem> output_item(const std::string& name) const;

  const Context& context_;
  SystemClock clock_;
  std::optional<CaseFolder> folder_;
  std::optional<CaseDb> database_;
  std::optional<ContentStore> recovered_;
  std::optional<ContentStore> carved_;
  std::optional<Custody> custody_;
  RunEntry entry_;
  std::vector<std::string> outputs_;
};

}  // namespace triage::cli
