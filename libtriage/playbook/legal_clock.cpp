// SPDX-License-Identifier: Apache-2.0
#include "playbook/legal_clock.h"

#include <algorithm>

#include "bytes/time_formats.h"

namespace triage {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t kHour = std::int64_t{3600} * 1'000'000'000;

sys_days day_in_zone(std::int64_t ns, int offset_minutes) {
  const std::chrono::nanoseconds local(ns + std::int64_t{offset_minutes} * 60'000'000'000);
  return std::chrono::floor<days>(std::chrono::sys_time<std::chrono::nanoseconds>(local));
}

/// Questions without an answer that could settle `condition`; exceptions, which must be shown, are none of them.
void add_unanswered(const Condition& condition, const LawRules& rules, const Answers& answers, int depth,
                    std::set<std::string>& out) {
  constexpr int kDeepest = 16;
  if (condition.kind == Condition::Kind::kShown || depth > kDeepest) return;
  if (condition.kind == Condition::Kind::kHolds) {
    const Trigger* inner = rules.condition(condition.name);
    if (inner != nullptr) add_unanswered(inner->when, rules, answers, depth + 1, out);
  } else if (!condition.name.empty()) {
    const auto found = answers.find(condition.name);
    if (found == answers.end() || evaluate(condition, answers, {}) == Truth::kOpen) out.insert(condition.name);
  }
  for (const Condition& part : condition.parts) add_unanswered(part, rules, answers, depth + 1, out);
}

void set_dates(const LawRules& rules, std::int64_t knew_ns, DeadlineState& out) {
  const DeadlineRule& rule = *out.rule;
  if (rule.hours > 0) {
    out.due = offset_text(knew_ns + rule.hours * kHour, 0, rules.zone_offset_minutes);
    out.latest_reading = out.due;
    return;
  }
  const sys_days knew = day_in_zone(knew_ns, rules.zone_offset_minutes);
  const sys_days plain = knew + days(rule.days - 1);
  const sys_days due = count_days(rules.closed, knew, rule.days, rule.rolls, &out.table_expired);
  out.due = date_text(due);
  if (due != plain) out.before_roll = date_text(plain);
  if (rule.early_days > 0) out.early = date_text(knew + days(rule.early_days - 1));
  out.latest_reading = date_text(count_days(rules.closed, knew, rule.days + 1, rule.rolls, &out.table_expired));
}

std::optional<int> days_until(const DeadlineState& state, std::int64_t now_ns, int offset_minutes) {
  if (state.due.empty()) return std::nullopt;
  const auto due = parse_date(std::string_view(state.due).substr(0, 10));
  if (!due) return std::nullopt;
  return static_cast<int>((*due - day_in_zone(now_ns, offset_minutes)).count());
}

std::string state_word(const DeadlineState& state, std::int64_t now_ns) {
  if (state.applies == Truth::kNo) return "not_found";
  if (state.applies == Truth::kOpen || !state.days_left) return "open";
  if (state.rule->hours > 0) {
    const auto due = parse_time_text(state.due);
    return due && *due < now_ns ? "overdue" : "open";
  }
  return *state.days_left < 0 ? "overdue" : "open";
}

}  // namespace

bool is_closed(const ClosedDays& closed, sys_days day) {
  const std::chrono::weekday weekday(day);
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return true;
  const std::chrono::year_month_day parts(day);
  const std::pair<unsigned, unsigned> month_day{unsigned{parts.month()}, unsigned{parts.day()}};
  return std::find(closed.yearly.begin(), closed.yearly.end(), month_day) != closed.yearly.end() ||
         closed.days.contains(day);
}

sys_days count_days(const ClosedDays& closed, sys_days from, int count, bool rolls, bool* expired) {
  sys_days day = from + days(count - 1);
  if (!rolls) return day;
  constexpr int kLongestClosure = 60;
  for (int step = 0; step < kLongestClosure && is_closed(closed, day); ++step) day += days(1);
  // An open day is only known to be open where the table speaks of it.
  if (expired != nullptr && (day < closed.valid_from || day > closed.valid_until)) *expired = true;
  return day;
}

const DeadlineState* LegalClock::deadline(std::string_view id) const {
  for (const DeadlineState& one : deadlines) {
    if (one.rule->id == id) return &one;
  }
  return nullptr;
}

LegalClock run_legal_clock(const LawRules& rules, const Answers& answers, std::optional<std::int64_t> knew_ns,
                           std::int64_t now_ns) {
  LegalClock out;
  for (const Trigger& rule : rules.conditions) {
    TriggerState state;
    state.rule = &rule;
    state.truth = evaluate(rule.when, answers, out.held);
    if (state.truth == Truth::kOpen) {
      std::set<std::string> questions;
      add_unanswered(rule.when, rules, answers, 0, questions);
      state.unanswered.assign(questions.begin(), questions.end());
    }
    out.held[rule.id] = state.truth;
    out.triggers.push_back(std::move(state));
  }
  for (const DeadlineRule& rule : rules.deadlines) {
    DeadlineState state;
    state.rule = &rule;
    state.applies = evaluate(rule.applies, answers, out.held);
    if (knew_ns) set_dates(rules, *knew_ns, state);
    state.days_left = days_until(state, now_ns, rules.zone_offset_minutes);
    state.state = state_word(state, now_ns);
    out.table_expired = out.table_expired || state.table_expired;
    out.deadlines.push_back(std::move(state));
  }
  return out;
}

void mark_done(LegalClock& clock, std::string_view rule, const std::string& proof) {
  for (DeadlineState& one : clock.deadlines) {
    if (one.rule->id != rule) continue;
    one.state = "done";
    one.done_ref = proof;
  }
}

}  // namespace triage
