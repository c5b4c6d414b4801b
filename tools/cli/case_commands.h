// SPDX-License-Identifier: Apache-2.0
// The flags of `triage case`'s subcommands. What they do is in case_changes.h, case_status.h and case_forms.h.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/context.h"

namespace triage::cli {

/// init, drill, answer, note, handover.
void add_case_statements(CLI::App& group, Context& context);
/// task list|start|done|waive|not-possible.
void add_case_tasks(CLI::App& group, Context& context);
/// forms, playbook list|export.
void add_case_papers(CLI::App& group, Context& context);

/// --playbooks DIR, may be repeated. The value lives as long as the returned pointer.
std::shared_ptr<std::vector<std::string>> add_playbooks_flag(CLI::App& command, const Context& context);

}  // namespace triage::cli
