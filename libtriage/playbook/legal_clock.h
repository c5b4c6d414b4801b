// SPDX-License-Identifier: Apache-2.0
// LegalClock: which triggers the answers given show, and which dates follow from the time of knowing. It states what
// the answers say; it never says that there is no duty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "playbook/law.h"

namespace triage {

struct TriggerState {
  const Trigger* rule = nullptr;
  Truth truth = Truth::kOpen;
  std::vector<std::string> unanswered;  ///< questions that would settle it
};

struct DeadlineState {
  const DeadlineRule* rule = nullptr;
  Truth applies = Truth::kOpen;
  std::string due;    ///< date, or RFC 3339 time for a rule in hours; "" while the time of knowing is not stated
  std::string early;  ///< the earlier day of a range; "" without
  std::string latest_reading;    ///< the latest date another reading of the counting gives (first day not counted)
  std::string before_roll;       ///< the day that was closed; "" when nothing moved
  std::string state;             ///< open, overdue, done, not_found (no trigger found in the answers given)
  std::optional<int> days_left;  ///< until `due`, by the date in the zone of the rules; negative when past
  bool table_expired = false;    ///< the date lies outside the table of closed days
  std::string done_ref;          ///< custody entry that proves it was filed; "" without
};

struct LegalClock {
  std::vector<TriggerState> triggers;
  std::vector<DeadlineState> deadlines;
  Held held;
  bool table_expired = false;  ///< some date could not be checked for closed days
  [[nodiscard]] const DeadlineState* deadline(std::string_view id) const;
};

/// `knew_ns`: nullopt while not stated. `now_ns` decides what is overdue. The result points into `rules`.
LegalClock run_legal_clock(const LawRules& rules, const Answers& answers, std::optional<std::int64_t> knew_ns,
                           std::int64_t now_ns);
LegalClock run_legal_clock(const LawRules&& rules, const Answers& answers, std::optional<std::int64_t> knew_ns,
                           std::int64_t now_ns) = delete;

/// Notes that `rule` was fulfilled (proof: custody entry, "#12").
void mark_done(LegalClock& clock, std::string_view rule, const std::string& proof);

/// The day `count` days on, with `from` as day 1. Closed days roll on when `rolls`. `*expired` is set when a day looked
/// at is outside the table.
std::chrono::sys_days count_days(const ClosedDays& closed, std::chrono::sys_days from, int count, bool rolls,
                                 bool* expired);
bool is_closed(const ClosedDays& closed, std::chrono::sys_days day);

/// deadlines.ics (RFC 5545): one event a deadline with a date, CRLF, folded at 75 octets. `stamp_ns` is its DTSTAMP.
struct CalendarRequest {
  std::string case_name;
  std::string organisation;
  bool japanese = true;
  bool exercise = false;
  std::int64_t stamp_ns = 0;
};
std::string deadlines_ics(const LegalClock& clock, const CalendarRequest& request);

}  // namespace triage
