// SPDX-License-Identifier: Apache-2.0
// deadlines.ics: RFC 5545 §3.1 (lines of at most 75 octets, CRLF), §3.3.11 (escapes), §3.6.1 (events), §3.6.6 (alarms).
#include <fmt/format.h>

#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "playbook/legal_clock.h"

namespace triage {
namespace {

constexpr std::size_t kMaxOctets = 75;  // §3.1, without the line break

/// §3.3.11: backslash, semicolon, comma and newline are escaped; other control characters have no place in a text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out.push_back(c);
    }
  }
  return out;
}

void add_line(std::string& out, std::string_view line) {
  std::size_t room = kMaxOctets;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 1 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;  // never inside a character
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
    room = kMaxOctets - 1;  // the blank that continues the line counts
  }
  out.append(line).append("\r\n");
}

/// "20261122T000000Z".
std::string utc_stamp(std::int64_t ns) {
  std::string out;
  for (const char c : utc_text(ns, 0)) {
    if (c != '-' && c != ':') out.push_back(c);
  }
  return out;
}

std::string compact_date(std::chrono::sys_days day) {
  std::string out = date_text(day);
  std::erase(out, '-');
  return out;
}

void add_times(std::string& out, const DeadlineState& state) {
  if (state.rule->hours > 0) {
    add_line(out, "DTSTART:" + utc_stamp(parse_time_text(state.due).value_or(0)));
    return;
  }
  const auto day = parse_date(state.due).value_or(std::chrono::sys_days{});
  add_line(out, "DTSTART;VALUE=DATE:" + compact_date(day));
  add_line(out, "DTEND;VALUE=DATE:" + compact_date(day + std::chrono::days(1)));
}

std::string summary(const DeadlineState& state, const CalendarRequest& request) {
  const bool ja = request.japanese;
  std::string out = request.exercise ? (ja ? "【訓練】" : "[EXERCISE] ") : "";
  out += ja ? state.rule->title.ja : state.rule->title.en;
  if (state.applies == Truth::kOpen) out += ja ? "(該当は未確定)" : " (not settled whether it applies)";
  if (state.state == "done") out += ja ? "(済)" : " (done)";
  return out;
}

std::string description(const DeadlineState& state, const CalendarRequest& request) {
  const DeadlineRule& rule = *state.rule;
  const bool ja = request.japanese;
  std::string out =
      fmt::format("{}\n{} {}", request.organisation, ja ? rule.from.law.ja : rule.from.law.en, rule.from.article);
  if (state.latest_reading != state.due)
    out += fmt::format(fmt::runtime(ja ? "\n別の数え方による最も遅い日: {}(早い方で管理すること)"
                                       : "\nLatest date by another reading: {} (work to the earlier one)"),
                       state.latest_reading);
  const std::string& caution = ja ? rule.caution.ja : rule.caution.en;
  if (!caution.empty()) out += "\n" + caution;
  out += ja ? "\n回答に基づく計算であり、弁護士に確認すること" : "\nComputed from the answers given; ask counsel";
  return out;
}

}  // namespace

std::string deadlines_ics(const LegalClock& clock, const CalendarRequest& request) {
  std::string out;
  add_line(out, "BEGIN:VCALENDAR");
  add_line(out, "VERSION:2.0");
  add_line(out, "PRODID:-//triage//case deadlines//JA");
  add_line(out, "CALSCALE:GREGORIAN");
  for (const DeadlineState& state : clock.deadlines) {
    if (state.due.empty() || state.applies == Truth::kNo) continue;
    add_line(out, "BEGIN:VEVENT");
    add_line(out, fmt::format("UID:{}.{}@case.triage.invalid", escaped(request.case_name), state.rule->id));
    add_line(out, "DTSTAMP:" + utc_stamp(request.stamp_ns));
    add_times(out, state);
    add_line(out, "SUMMARY:" + escaped(summary(state, request)));
    add_line(out, "DESCRIPTION:" + escaped(description(state, request)));
    add_line(out, "CATEGORIES:DEADLINE");
    add_line(out, "TRANSP:TRANSPARENT");
    if (state.state != "done") {
      add_line(out, "BEGIN:VALARM");
      add_line(out, "ACTION:DISPLAY");
      add_line(out, "DESCRIPTION:" + escaped(summary(state, request)));
      add_line(out, state.rule->hours > 0 ? "TRIGGER:-PT12H" : "TRIGGER:-P1D");
      add_line(out, "END:VALARM");
    }
    add_line(out, "END:VEVENT");
  }
  add_line(out, "END:VCALENDAR");
  return out;
}

}  // namespace triage
