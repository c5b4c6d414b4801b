// SPDX-License-Identifier: Apache-2.0
// What case.db counts, and the status of a case as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"
#include "playbook/case_state.h"

namespace triage::cli {

inline constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kCountQueries = {{
    {"files", "SELECT count(*) FROM files WHERE allocated = 1 AND kind = 'file'"},
    {"deleted", "SELECT count(*) FROM files WHERE allocated = 0"},
    {"events", "SELECT count(*) FROM events"},
    {"findings", "SELECT count(*) FROM findings"},
    {"damage", "SELECT count(*) FROM damage"},
}};

struct EvidenceLine {
  std::string id, name, state;
  std::int64_t size = 0, done = 0, total = 0;
};

/// All zero before the first evidence.
struct CaseCounts {
  std::array<std::int64_t, kCountQueries.size()> counts{};
  std::vector<EvidenceLine> evidence;
};

/// `database` is nullptr where there is no case.db yet.
Result<CaseCounts> read_counts(Database* database);

/// One line, schema triage.case.status.v1. `deadlines` is as DESIGN.md §7 says; `rules` tells more of each.
std::string status_json(const Context& context, const CaseFolder& folder, const CaseState& state,
                        const CaseCounts& counts);

/// One task as JSON.
std::string task_json(const TaskState& state);

}  // namespace triage::cli
