// SPDX-License-Identifier: Apache-2.0
// Dates of the Japanese calendar (和暦) in text logs.
#pragma once

#include <optional>

#include "formats/year_zone.h"

namespace triage {

/// Takes a date and time off the front of `scan`; nullopt takes nothing. Eras 令和, 平成 and 昭和 or R, H and S:
/// "令和8年4月10日 10時31分07秒", "令和元年5月1日 午後3時05分", "R8.4.10 10:31:07", "H31/04/30 23:59:59.250". Digits
/// may be full-width. The zone is not stated. Years count on past an era's end, as clocks that were not told of the
/// next do.
std::optional<LogTime> scan_era_time(LineScan& scan);

}  // namespace triage
