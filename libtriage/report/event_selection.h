// SPDX-License-Identifier: Apache-2.0
// EventSelection: which events the report shows, and how many there are per day. One pass over the events; memory is
// bounded by the number shown, the days and the events that findings name.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "report/display_time.h"
#include "report/event_row.h"
#include "store/database.h"

namespace triage {

/// How telling an event is: smaller is taken first. kSystem only where there is nothing else.
enum class EventRank : std::uint8_t { kFinding, kRecord, kUserFile, kOtherFile, kRest, kSystem };

/// Rank of an event that no finding names. `path` may be "" for records that are not about files.
EventRank rank_of(std::string_view artifact, std::string_view what, std::string_view path, bool recovered);

using FamilyCounts = std::array<std::uint64_t, kFamilyCount>;

/// From when to when one kind of record speaks.
struct ArtifactCoverage {
  std::uint64_t count = 0;
  std::uint64_t without_time = 0;
  std::int64_t version = 0;                    ///< of the parser; the newest where several wrote
  std::map<std::int64_t, std::uint64_t> days;  ///< by day of the display zone
};

struct EventOverview {
  std::uint64_t total = 0;
  std::uint64_t without_time = 0;
  std::map<std::int64_t, FamilyCounts> days;  ///< by day of the display zone, of events with a time
  std::map<std::string, ArtifactCoverage, std::less<>> artifacts;
  std::map<std::string, std::uint64_t, std::less<>> bases;  ///< events by `when_basis`
  std::vector<std::string> chosen;                          ///< ids of the events to show, in no order
};

/// `named`: id of each event that a finding names → place of its severest finding (smaller is severer).
Result<EventOverview> choose_events(Database& database, const ReportZone& zone, std::size_t limit,
                                    const std::unordered_map<std::string, std::uint32_t>& named);

/// Day below which `share` (0–1) of the dated events lie; nullopt without any.
std::optional<std::int64_t> day_at_share(const EventOverview& overview, double share);

/// Calls `visit` with each event of `ids`; every id once for each event that bears it.
Status for_events_by_id(Database& database, const std::vector<std::string>& ids,
                        const std::function<void(EventRow)>& visit);

}  // namespace triage
