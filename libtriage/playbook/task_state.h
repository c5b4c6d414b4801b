// SPDX-License-Identifier: Apache-2.0
// TaskState: how each task stands, drawn from the playbook, the record and the legal clock. A task ticks itself where
// the record proves it; one that would destroy evidence is blocked until that evidence counts as preserved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "playbook/case_record.h"
#include "playbook/legal_clock.h"
#include "playbook/playbook.h"
#include "store/case_db.h"

namespace triage {

struct TaskState {
  const PlaybookTask* task = nullptr;
  /// open, started, blocked, done, waived, not_possible, not_applicable
  std::string state = "open";
  Truth applies = Truth::kYes;          ///< of its condition; open: nobody answered yet
  std::vector<std::string> blocked_by;  ///< evidence items not preserved, tasks not done
  std::vector<std::string> waived;      ///< evidence items given up, by `waived_by`
  std::string waived_by;
  std::string due;  ///< date or RFC 3339 time; "" without
  bool overdue = false;
  std::string done_at;
  std::string done_by;     ///< a name, or "record" where it ticked itself
  std::string proof;       ///< custody entries: "#12 #14"
  std::string note;        ///< reason or reference
  std::string owner_name;  ///< who has the role; "" while nobody is named
  std::string deputy_name;
  [[nodiscard]] bool settled() const;  ///< nothing is left to do
};

struct TaskInputs {
  const Playbook& playbook;
  const CaseRecord& record;
  const LegalClock& clock;
  const CaseSettings& settings;
  std::int64_t now_ns = 0;
  int zone_offset_minutes = 540;
};
/// In the order of the playbook.
std::vector<TaskState> task_states(const TaskInputs& inputs);

/// The task to do next: containment first, then by step; nullptr when nothing is open.
const TaskState* next_task(const std::vector<TaskState>& states);

/// What a person does with a task. kUsage where it may not be: unknown task, a blocked one done, a reason missing.
Status check_action(const std::vector<TaskState>& states, const TaskAction& action);

/// Rows for the view `tasks` of case.db.
std::vector<TaskRecord> task_rows(const std::vector<TaskState>& states);

/// "open", "running" or "done" for step 1 to 6: done when every task of it is settled.
std::string step_state_of(const std::vector<TaskState>& states, int step);

/// Entries that prove `rule`: "#12"; nullopt when the record does not.
std::optional<std::string> proof_of(const ProofRule& rule, const CaseRecord& record, const CaseSettings& settings);

}  // namespace triage
