// SPDX-License-Identifier: Apache-2.0
// The law as data: dates against the worked examples of the facts page (hand arithmetic), conditions, faults of files.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "bytes/time_formats.h"
#include "playbook/law.h"
#include "playbook/legal_clock.h"

using namespace triage;

namespace {

const std::string kLaw = std::string(TRIAGE_SOURCE_DIR) + "/playbooks/law";

LawRules shipped() {
  auto rules = load_law({kLaw});
  REQUIRE_MESSAGE(rules, (rules ? "" : rules.error().text()));
  return *std::move(rules);
}

std::int64_t at(std::string_view text) { return parse_time_text(text).value(); }

const DeadlineState& deadline(const LegalClock& clock, std::string_view id) {
  const DeadlineState* found = clock.deadline(id);
  REQUIRE(found != nullptr);
  return *found;
}

struct Vector {
  const char* knew;
  const char* day5;
  const char* day30;
  const char* day60;
};
/// PLAYBOOK_FACTS §6.4, worked out by hand from a calendar.
constexpr std::array<Vector, 4> kVectors = {{
    {"2026-11-22", "2026-11-26", "2026-12-21", "2027-01-20"},
    {"2026-12-01", "2026-12-05", "2027-01-04", "2027-01-29"},
    {"2026-04-05", "2026-04-09", "2026-05-07", "2026-06-03"},
    {"2026-10-03", "2026-10-07", "2026-11-02", "2026-12-01"},
}};

}  // namespace

TEST_CASE("every worked example of the facts page comes out, day 5 not rolled, days 30 and 60 rolled") {
  const LawRules rules = shipped();
  for (const Vector& one : kVectors) {
    CAPTURE(one.knew);
    const LegalClock clock = run_legal_clock(rules, {}, at(std::string(one.knew) + "T09:00:00+09:00"), 0);
    CHECK(deadline(clock, "appi.preliminary").due == one.day5);
    CHECK(deadline(clock, "appi.final_30").due == one.day30);
    CHECK(deadline(clock, "appi.final_60").due == one.day60);
    CHECK_FALSE(clock.table_expired);
  }
}

TEST_CASE("the worked examples inside the law files come out too") {
  const LawRules rules = shipped();
  CHECK(rules.vectors.size() >= 14);
  for (const LawVector& one : rules.vectors) {
    CAPTURE(one.place);
    const LegalClock clock = run_legal_clock(rules, {}, at(one.knew + "T12:00:00+09:00"), 0);
    CHECK(deadline(clock, one.rule).due == one.due);
    if (!one.latest.empty()) CHECK(deadline(clock, one.rule).latest_reading == one.latest);
  }
}

TEST_CASE("a later time of knowing moves every date") {
  const LawRules rules = shipped();
  const LegalClock first = run_legal_clock(rules, {}, at("2026-06-01T09:00:00+09:00"), 0);
  const LegalClock second = run_legal_clock(rules, {}, at("2026-06-09T09:00:00+09:00"), 0);
  REQUIRE(first.deadlines.size() == second.deadlines.size());
  CHECK(first.deadlines.size() >= 7);
  for (std::size_t i = 0; i < first.deadlines.size(); ++i) {
    CAPTURE(first.deadlines[i].rule->id);
    CHECK(first.deadlines[i].due < second.deadlines[i].due);
    CHECK(first.deadlines[i].latest_reading < second.deadlines[i].latest_reading);
  }
}

TEST_CASE("the day of knowing is the day in Japan, whatever zone the time is written in") {
  const LawRules rules = shipped();
  const LegalClock late = run_legal_clock(rules, {}, at("2026-11-21T15:00:00Z"), 0);
  CHECK(deadline(late, "appi.preliminary").due == "2026-11-26");
  const LegalClock early = run_legal_clock(rules, {}, at("2026-11-21T14:59:59Z"), 0);
  CHECK(deadline(early, "appi.preliminary").due == "2026-11-25");
}

TEST_CASE("both readings are given: day 1 is the day of knowing, or the day after") {
  const LawRules rules = shipped();
  const LegalClock clock = run_legal_clock(rules, {}, at("2026-12-01T09:00:00+09:00"), 0);
  const DeadlineState& final_30 = deadline(clock, "appi.final_30");
  CHECK(final_30.before_roll == "2026-12-30");
  CHECK(final_30.latest_reading == "2027-01-04");
  CHECK(deadline(clock, "appi.preliminary").early == "2026-12-03");
  CHECK(deadline(clock, "appi.preliminary").latest_reading == "2026-12-06");
}

TEST_CASE("while the questions are open, both final reports are open") {
  const LawRules rules = shipped();
  const LegalClock clock = run_legal_clock(rules, {}, at("2026-04-05T09:00:00+09:00"), at("2026-11-22T00:00:00Z"));
  for (const char* id : {"appi.preliminary", "appi.final_30", "appi.final_60", "mynumber.final_60"}) {
    CAPTURE(id);
    CHECK(deadline(clock, id).applies == Truth::kOpen);
    CHECK(deadline(clock, id).state == "open");
    CHECK(*deadline(clock, id).days_left < 0);
  }
}

TEST_CASE("answers decide which final report it is") {
  const LawRules rules = shipped();
  Answers answers{{"special_care", "no"}, {"financial_damage", "no"}, {"wrongful_purpose", "no"}, {"persons", "1001"}};
  const std::int64_t knew = at("2026-11-22T09:00:00+09:00");
  LegalClock clock = run_legal_clock(rules, answers, knew, knew);
  CHECK(deadline(clock, "appi.final_30").applies == Truth::kYes);
  CHECK(deadline(clock, "appi.final_60").applies == Truth::kNo);
  answers["persons"] = "1000";
  clock = run_legal_clock(rules, answers, knew, knew);
  CHECK(deadline(clock, "appi.final_30").applies == Truth::kNo);
  CHECK(deadline(clock, "appi.final_30").state == "not_found");
  answers["public_body"] = "yes";
  CHECK(deadline(run_legal_clock(rules, answers, knew, knew), "appi.final_30").applies == Truth::kYes);
  answers["wrongful_purpose"] = "yes";
  clock = run_legal_clock(rules, answers, knew, knew);
  CHECK(deadline(clock, "appi.final_30").applies == Truth::kNo);
  CHECK(deadline(clock, "appi.final_60").applies == Truth::kYes);
}

TEST_CASE("a count that is a range stays open until one side settles it") {
  const LawRules rules = shipped();
  const auto truth = [&](const char* persons) {
    const Answers answers{{"persons", persons}};
    const LegalClock clock = run_legal_clock(rules, answers, std::nullopt, 0);
    return clock.held.at("appi.t4");
  };
  CHECK(truth("800-1500") == Truth::kOpen);
  CHECK(truth("1001-5000") == Truth::kYes);
  CHECK(truth(">=1001") == Truth::kYes);
  CHECK(truth("<=1000") == Truth::kNo);
  CHECK(truth("unknown") == Truth::kOpen);
  CHECK(truth("1,001") == Truth::kYes);
}

TEST_CASE("encryption exempts only with its proof") {
  const LawRules rules = shipped();
  Answers answers{{"special_care", "yes"}, {"strong_encryption", "yes"}, {"encryption_key_safe", "yes"}};
  CHECK(run_legal_clock(rules, answers, std::nullopt, 0).held.at("appi.t1") == Truth::kYes);
  answers["encryption_algorithm"] = "AES-256 XTS";
  answers["encryption_proof"] = "E-0003";
  const LegalClock clock = run_legal_clock(rules, answers, std::nullopt, 0);
  CHECK(clock.held.at("appi.protected") == Truth::kYes);
  CHECK(clock.held.at("appi.t1") == Truth::kNo);
}

TEST_CASE("My Number that is not known to be absent counts as present") {
  const LawRules rules = shipped();
  Answers answers{{"my_number", "unknown"}, {"wrongful_purpose", "yes"}};
  CHECK(run_legal_clock(rules, answers, std::nullopt, 0).held.at("mynumber.t2") == Truth::kYes);
  answers["my_number"] = "no";
  CHECK(run_legal_clock(rules, answers, std::nullopt, 0).held.at("mynumber.t2") == Truth::kNo);
}

TEST_CASE("a date past the table of closed days is marked") {
  const LawRules rules = shipped();
  const LegalClock clock = run_legal_clock(rules, {}, at("2027-12-10T09:00:00+09:00"), 0);
  CHECK(clock.table_expired);
  CHECK(deadline(clock, "appi.final_30").table_expired);
  CHECK_FALSE(deadline(clock, "appi.preliminary").table_expired);
}

TEST_CASE("72 hours are counted from the minute") {
  const LawRules rules = shipped();
  const LegalClock clock =
      run_legal_clock(rules, {{"eu_persons", "yes"}}, at("2026-11-22T09:30:00+09:00"), at("2026-11-25T00:31:00Z"));
  CHECK(deadline(clock, "gdpr.72h").due == "2026-11-25T09:30:00+09:00");
  CHECK(deadline(clock, "gdpr.72h").state == "overdue");
}

TEST_CASE("without a time of knowing there is no date, and no date is invented") {
  const LawRules rules = shipped();
  const LegalClock clock = run_legal_clock(rules, {}, std::nullopt, 0);
  for (const DeadlineState& one : clock.deadlines) {
    CHECK(one.due.empty());
    CHECK(one.latest_reading.empty());
  }
}

TEST_CASE("every rule says where it comes from and from when it is") {
  const LawRules rules = shipped();
  for (const DeadlineRule& one : rules.deadlines) {
    CAPTURE(one.id);
    CHECK_FALSE(one.from.law.ja.empty());
    CHECK_FALSE(one.from.source.empty());
    CHECK(parse_date(one.from.as_of).has_value());
  }
  CHECK(rules.version.starts_with("2026-11-22-"));
}

TEST_CASE("the closed days obey the rules of the act: no weekday substitute without its Sunday") {
  // Independent: every 休日 that is a substitute follows a chain of holidays that contains a Sunday, or lies between
  // two.
  const LawRules rules = shipped();
  CHECK(rules.closed.days.size() == 54);
  int checked = 0;
  for (const auto day : rules.closed.days) {
    const std::chrono::weekday weekday(day);
    if (weekday != std::chrono::Sunday) continue;
    auto next = day + std::chrono::days(1);
    while (rules.closed.days.contains(next)) next += std::chrono::days(1);
    // The first day after the chain is open, and the chain is longer than the Sunday alone.
    CHECK(next - day >= std::chrono::days(2));
    ++checked;
  }
  CHECK(checked >= 5);
}
