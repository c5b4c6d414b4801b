// SPDX-License-Identifier: Apache-2.0
// CaseState: everything the playbook says of one case at one moment, read from case.yaml, custody.jsonl and case.db.
// This is what status, forms, the report and the bundle build on. It only reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "playbook/case_record.h"
#include "playbook/legal_clock.h"
#include "playbook/playbook.h"
#include "playbook/task_state.h"
#include "store/case_folder.h"

namespace triage {

/// How one of the six investigation methods ended.
struct MethodState {
  const Method* method = nullptr;
  std::string state = "not_done";  ///< done, not_done, not_possible
  Bilingual why;                   ///< the reason, or what was seen
  std::uint64_t records = 0;       ///< events, findings or files that were seen
  std::string from;                ///< first and last time of these data, UTC text; "" where they have none
  std::string to;
  std::string proof;  ///< custody entry of a person's word; "" where a run saw it
};

struct CaseState {
  CaseState() = default;
  CaseState(CaseState&&) = default;
  CaseState& operator=(CaseState&&) = default;
  CaseState(const CaseState&) = delete;  ///< its parts point into each other and into the library
  CaseState& operator=(const CaseState&) = delete;
  ~CaseState() = default;

  std::string case_name;  ///< last part of the folder's path
  CaseSettings settings;
  CaseRecord record;
  const Playbook* playbook = nullptr;
  LegalClock clock;
  std::vector<TaskState> tasks;
  std::vector<MethodState> methods;
  std::vector<SignState> signs;
  std::vector<ItemChain> chains;
  std::int64_t now_ns = 0;
  [[nodiscard]] bool exercise() const { return record.exercise; }
};

/// `database` is nullptr before the first evidence. REQUIRES: `library` outlives the result.
Result<CaseState> read_case_state(const CaseFolder& folder, Database* database, const PlaybookLibrary& library,
                                  std::int64_t now_ns);

/// What runs saw of each method, overruled by what a person recorded.
Result<std::vector<MethodState>> method_states(const PlaybookLibrary& library, const std::vector<TaskState>& tasks,
                                               Database* database);

}  // namespace triage
