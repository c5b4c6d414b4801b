// SPDX-License-Identifier: Apache-2.0
// The zone of shown times: "UTC", "+09:00" or a name of the time zone database.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/context.h"
#include "store/export_timeline.h"

namespace triage::cli {

/// Zone of --tz, else Asia/Tokyo in Japanese and UTC in English. kUsage for a name that is none.
Result<DisplayZone> display_zone(const Context& context);

/// The zone of that name. kUsage for a name that is none.
Result<DisplayZone> zone_named(const std::string& name);

}  // namespace triage::cli
