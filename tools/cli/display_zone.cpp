// SPDX-License-Identifier: Apache-2.0
#include "cli/display_zone.h"

#include <date/tz.h>

#include <chrono>
#include <exception>

#include "bytes/time_formats.h"

namespace triage::cli {

Result<DisplayZone> display_zone(const Context& context) {
  if (!context.tz.empty()) return zone_named(context.tz);
  return zone_named(context.lang == Lang::kJapanese ? "Asia/Tokyo" : "UTC");
}

Result<DisplayZone> zone_named(const std::string& name) {
  if (name.empty()) return fail(ErrorCode::kUsage, "a time zone without a name", name);
  if (name == "UTC" || name == "Z") return DisplayZone{"UTC", [](std::int64_t) { return 0; }};
  // Japan has had no daylight saving since 1952: this zone needs no database.
  if (name == "Asia/Tokyo") return DisplayZone{};
  if (name[0] == '+' || name[0] == '-') {
    const auto shifted = parse_time_text("1970-01-02T00:00:00" + name);
    if (!shifted) return fail(ErrorCode::kUsage, "not an offset like +09:00", name);
    const int minutes = static_cast<int>((std::int64_t{86400} * 1'000'000'000 - *shifted) / 60'000'000'000);
    return DisplayZone{name, [minutes](std::int64_t) { return minutes; }};
  }
  try {
    const date::time_zone* zone = date::locate_zone(name);
    return DisplayZone{name, [zone](std::int64_t utc_nanos) {
                         const std::chrono::sys_seconds at{std::chrono::seconds{utc_nanos / 1'000'000'000}};
                         const auto offset = zone->get_info(at).offset;
                         return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
                       }};
  } catch (const std::exception&) {
    return fail(ErrorCode::kUsage, "no such time zone", name, 0, "use a name like Asia/Tokyo, UTC or an offset +09:00");
  }
}

}  // namespace triage::cli
