// SPDX-License-Identifier: Apache-2.0
// Whether an event meets the tests of a pattern. Comparison is in ASCII lower case.
#pragma once

#include "reason/event_fields.h"
#include "reason/rule.h"

namespace triage {

bool matches(const EventPattern& pattern, const EventFields& event);
/// False where an event of this artifact and action can never match: the cheap question asked once for each pair.
bool may_match(const EventPattern& pattern, std::string_view artifact, std::string_view what);

}  // namespace triage
