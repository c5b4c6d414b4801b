// SPDX-License-Identifier: Apache-2.0
// The timeline for people: one line an event, time in the display zone.
#pragma once

#include <optional>
#include <string>

#include "cli/context.h"
#include "store/export_timeline.h"

namespace triage::cli {

/// "WHEN (Asia/Tokyo)  WHO  WHAT  OBJECT  WHERE"
std::string timeline_title(const Context& context, const DisplayZone& zone);
/// One event; a row of for_each_event(). What is unknown is "-". Escaped for the terminal.
std::string timeline_row(const Statement& row, const DisplayZone& zone);
/// One finding; a row of for_each_finding().
std::string finding_row(const Context& context, const Statement& row);

/// A time that a person typed, in ns since 1970; without an offset it is taken in `zone`. kUsage, naming `flag`.
Result<std::optional<std::int64_t>> time_argument(const std::string& text, const DisplayZone& zone, const char* flag);

}  // namespace triage::cli
