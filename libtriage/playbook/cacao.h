// SPDX-License-Identifier: Apache-2.0
// A playbook as CACAO Security Playbooks 2.0 JSON (OASIS CS01, 2023-11-27): one action step a task in order, roles as
// group agents, what CACAO has no word for (evidence, blocks, deadlines) in the step's description.
#pragma once

#include <string>

#include "playbook/playbook.h"

namespace triage {

/// One line. The same playbook gives the same ids and bytes each time.
std::string cacao_json(const Playbook& playbook, const PlaybookLibrary& library, bool japanese);

}  // namespace triage
