// SPDX-License-Identifier: Apache-2.0
#include "cli/timeline_table.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

constexpr std::size_t kWhenWidth = 29;
constexpr std::size_t kWhoWidth = 14;
constexpr std::size_t kWhatWidth = 20;
constexpr std::size_t kObjectWidth = 40;
constexpr int kShownDigits = 3;

std::string pad(std::string text, std::size_t width) {
  const std::size_t used = display_width(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string cell(const Statement& row, int column) {
  return row.is_null(column) ? std::string() : escape_terminal(row.text(column));
}

std::string first_of(const Statement& row, std::initializer_list<int> columns) {
  for (const int column : columns) {
    if (!row.is_null(column) && !row.text(column).empty()) return cell(row, column);
  }
  return {};
}

std::string line_of(std::string when, std::string who, std::string what, std::string object, const std::string& where) {
  const auto known = [](std::string& text) { return text.empty() ? std::string("-") : std::move(text); };
  std::string line = pad(known(when), kWhenWidth) + "  " + pad(known(who), kWhoWidth) + "  ";
  line += pad(known(what), kWhatWidth) + "  ";
  return line + (where.empty() ? known(object) : pad(known(object), kObjectWidth) + "  " + where);
}

int digits_of(std::string_view utc) {
  const std::size_t dot = utc.rfind('.');
  return dot == std::string_view::npos ? 0 : std::min(kShownDigits, static_cast<int>(utc.size() - dot - 2));
}

}  // namespace

std::string timeline_title(const Context& context, const DisplayZone& zone) {
  return paint(use_color(context, STDOUT_FILENO), Tone::kBold,
               line_of(fmt::format("WHEN ({})", zone.name), "WHO", "WHAT", "OBJECT", "WHERE"));
}

std::string timeline_row(const Statement& row, const DisplayZone& zone) {
  constexpr int kWhenNs = event_column("when_ns");
  std::string when;
  if (!row.is_null(kWhenNs)) {
    const std::int64_t at = row.integer(kWhenNs);
    const int digits = digits_of(row.text(event_column("when")));
    // A clock that nobody knows the zone of is shown as it stood, without an offset.
    const bool zoned = row.text(event_column("when_basis")) != "unknown";
    when = zoned ? offset_text(at, digits, zone.offset_minutes(at)) : utc_text(at, digits);
    if (!zoned) when.back() = '?';
  }
  std::string what = cell(row, event_column("what"));
  const std::string meaning = cell(row, event_column("when_meaning"));
  if (what.starts_with("file.") && meaning.find(',') != std::string::npos) what = "file." + meaning;
  const std::string object = first_of(row, {event_column("object"), event_column("path")});
  const std::string where = first_of(row, {event_column("remote"), event_column("path"), event_column("host")});
  const std::string source = cell(row, event_column("source"));
  return line_of(when, first_of(row, {event_column("who"), event_column("sid")}), what, object,
                 where != object    ? where
                 : source != object ? source
                                    : std::string());
}

std::string finding_row(const Context& context, const Statement& row) {
  const auto column = [](std::string_view name) {
    return static_cast<int>(std::find(kFindingColumns.begin(), kFindingColumns.end(), name) - kFindingColumns.begin());
  };
  const std::string severity = cell(row, column("severity"));
  const Tone tone = severity == "critical" || severity == "high" ? Tone::kBad
                    : severity == "medium"                       ? Tone::kWarn
                                                                 : Tone::kPlain;
  const bool japanese = context.lang == Lang::kJapanese && !row.is_null(column("claim_ja"));
  return fmt::format("{}  {}  {}: {}", paint(use_color(context, STDOUT_FILENO), tone, pad(severity, 8)),
                     cell(row, column("path")), cell(row, column("rule")),
                     cell(row, column(japanese ? "claim_ja" : "claim")));
}

Result<std::optional<std::int64_t>> time_argument(const std::string& text, const DisplayZone& zone, const char* flag) {
  if (text.empty()) return std::optional<std::int64_t>();
  auto at = parse_time_text(text, 0);
  // The offset depends on the time and the time on the offset: twice is enough for every zone.
  for (int round = 0; at && round < 2; ++round) at = parse_time_text(text, zone.offset_minutes(*at));
  if (!at)
    return fail(ErrorCode::kUsage, fmt::format("{} is no time", flag), text, 0,
                "write it like 2024-04-01, '2024-04-01 09:30' or 2024-04-01T00:30:00Z");
  return at;
}

}  // namespace triage::cli
