// SPDX-License-Identifier: Apache-2.0
// Queries over the events and findings of a case: the filter of `triage timeline`, rows in the order of time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/database.h"

namespace triage {

/// The columns of the `events` view in their public order (DESIGN.md §7).
inline constexpr std::array<std::string_view, 33> kEventColumns = {"id",          "when",
                                                                   "when_ns",     "when_meaning",
                                                                   "when_basis",  "when_precision",
                                                                   "when_raw",    "who",
                                                                   "sid",         "uid",
                                                                   "session",     "host",
                                                                   "volume",      "path",
                                                                   "remote",      "what",
                                                                   "object_kind", "object",
                                                                   "object_size", "object_sha256",
                                                                   "how",         "channel",
                                                                   "program",     "why",
                                                                   "artifact",    "artifact_version",
                                                                   "evidence",    "locator",
                                                                   "source",      "record",
                                                                   "recovered",   "partial",
                                                                   "attributes"};

/// Place of `name` in kEventColumns; a wrong name does not compile.
consteval int event_column(std::string_view name) {
  for (std::size_t i = 0; i < kEventColumns.size(); ++i) {
    if (kEventColumns[i] == name) return static_cast<int>(i);
  }
  throw "no such column of events";
}

/// Empty members do not restrict. Words match anywhere in a column of their group, ASCII letters in either case.
struct TimelineFilter {
  std::optional<std::int64_t> from_ns;  ///< events at or after
  std::optional<std::int64_t> to_ns;    ///< events before
  std::string who;                      ///< who, sid, session; uid exactly
  std::string what;                     ///< what, object_kind, object, object_sha256
  std::string where;                    ///< host, volume, path, remote, source; evidence exactly
  std::string how;                      ///< how, channel, program, artifact
  std::string grep;                     ///< every text column and the attributes
  std::string artifact;                 ///< artifact exactly, or with a trailing "*" everything that begins so
  std::string evidence;                 ///< evidence id exactly
  std::optional<std::uint64_t> limit;   ///< at most so many rows
};

/// Gets one row; columns as in kEventColumns. Returning false ends the query without an error.
using EventVisitor = std::function<Result<bool>(const Statement& row)>;

/// Rows ordered by when_ns then id, those without a time last by id.
Status for_each_event(Database& database, const TimelineFilter& filter, const EventVisitor& visit);
/// Number of events the filter lets through (its limit is not looked at).
Result<std::uint64_t> count_events(Database& database, const TimelineFilter& filter);

/// One JSON line of an event (without newline): schema triage.event.v1, then kEventColumns, attributes as an object.
std::string event_json(const Statement& row);

/// The columns of the `findings` view in their public order.
inline constexpr std::array<std::string_view, 23> kFindingColumns = {
    "id",       "rule",         "claim",           "claim_ja", "severity",  "likelihood", "quality",  "events",
    "exhibits", "alternatives", "alternatives_ja", "limits",   "limits_ja", "technique",  "question", "step",
    "path",     "locator",      "details",         "evidence", "recovered", "origin",     "when"};
/// Findings, most severe first, then by rule and id. `when` is the earliest time of the events they name.
Status for_each_finding(Database& database, const EventVisitor& visit);
/// schema triage.finding.v1; events, exhibits and details as JSON.
std::string finding_json(const Statement& row);

/// The columns of the `damage` view.
inline constexpr std::array<std::string_view, 8> kDamageColumns = {"evidence", "stream", "path",     "at",
                                                                   "kind",     "detail", "consumer", "field"};
Status for_each_damage(Database& database, const EventVisitor& visit);
/// schema triage.damage.v1.
std::string damage_json(const Statement& row);

}  // namespace triage
