// SPDX-License-Identifier: Apache-2.0
#include "report/chart.h"

#include <algorithm>
#include <array>

namespace triage {
namespace {

constexpr std::size_t kMostTicks = 14;

enum class Step : std::uint8_t { kDay, kWeek, kMonth, kQuarter, kYear, kFiveYears, kTenYears, kFiftyYears };

/// True where a tick of `step` stands at the day named `date` ("2026-04-10").
bool begins(Step step, std::string_view date, std::int64_t offset) {
  const std::string_view year = date.substr(0, date.size() - 6);
  const std::string_view month = date.substr(date.size() - 5, 2);
  const bool first = date.ends_with("-01");
  const auto year_by = [&](std::string_view endings) {
    return first && month == "01" && endings.find(year.back()) != std::string_view::npos;
  };
  switch (step) {
    case Step::kDay: return true;
    case Step::kWeek: return offset % 7 == 0;
    case Step::kMonth: return first;
    case Step::kQuarter: return first && (month == "01" || month == "04" || month == "07" || month == "10");
    case Step::kYear: return year_by("0123456789");
    case Step::kFiveYears: return year_by("05");
    case Step::kTenYears: return year_by("0");
    case Step::kFiftyYears: break;
  }
  return year_by("0") && year.size() >= 2 && (year[year.size() - 2] == '0' || year[year.size() - 2] == '5');
}

std::string label_of(Step step, std::string_view date) {
  if (step == Step::kDay || step == Step::kWeek) return std::string(date.substr(date.size() - 5));
  if (step == Step::kMonth || step == Step::kQuarter) return std::string(date.substr(0, date.size() - 3));
  return std::string(date.substr(0, date.size() - 6));
}

}  // namespace

double TimeAxis::at(std::int64_t day) const { return at(day, 0); }

double TimeAxis::at(std::int64_t day, double share) const {
  const double days = static_cast<double>(last_) - static_cast<double>(first_) + 1;
  const double from = static_cast<double>(day) - static_cast<double>(first_) + share;
  return left_ + width_ * std::clamp(from / days, 0.0, 1.0);
}

std::vector<TimeAxis::Tick> TimeAxis::ticks(const ReportZone& zone) const {
  std::vector<std::string> dates;
  for (std::int64_t day = first_; day <= last_; ++day) dates.push_back(zone.day_text(day));
  std::vector<Tick> out;
  for (const Step step : {Step::kDay, Step::kWeek, Step::kMonth, Step::kQuarter, Step::kYear, Step::kFiveYears,
                          Step::kTenYears, Step::kFiftyYears}) {
    out.clear();
    for (std::size_t i = 0; i < dates.size() && out.size() <= kMostTicks; ++i) {
      const auto offset = static_cast<std::int64_t>(i);
      if (dates[i].size() >= 10 && begins(step, dates[i], offset))
        out.push_back({at(first_ + offset), label_of(step, dates[i])});
    }
    if (out.size() <= kMostTicks) break;
  }
  return out;
}

std::optional<TimeAxis> main_axis(const ReportFacts& facts, const ReportZone& zone, double left, double width) {
  constexpr std::int64_t kMostDays = 366 * 120;  // beyond that an axis says nothing
  auto first = day_at_share(facts.overview, 0.01);
  auto last = day_at_share(facts.overview, 0.99);
  if (!first || !last) return std::nullopt;
  for (const FindingFacts& finding : facts.findings) {
    if (!finding.first_order || !finding.last_order) continue;
    const std::int64_t from = zone.day_of(*finding.first_order);
    const std::int64_t to = zone.day_of(*finding.last_order);
    if (*last - from < kMostDays) first = std::min(*first, from);
    if (to - *first < kMostDays) last = std::max(*last, to);
  }
  if (*last - *first > kMostDays) first = *last - kMostDays;
  return TimeAxis(*first, *last, left, width);
}

std::uint64_t events_outside(const EventOverview& overview, const TimeAxis& axis) {
  std::uint64_t out = 0;
  for (const auto& [day, counts] : overview.days) {
    if (axis.holds(day)) continue;
    for (const std::uint64_t count : counts) out += count;
  }
  return out;
}

std::string svg_number(double value) { return fmt::format("{:.1f}", value); }

void draw_text(const ReportPage& page, const ChartText& place, std::string_view text) {
  page.out.open("text", {{"x", svg_number(place.x)},
                         {"y", svg_number(place.y)},
                         {"font-size", place.size},
                         {"text-anchor", place.anchor},
                         {"fill", "#1b2430"}});
  page.out.text(text).close("text");
}

void draw_title(const ReportPage& page, std::string_view text) { page.out.element("title", text); }

void draw_axis(const ReportPage& page, const TimeAxis& axis, double top, double bottom) {
  for (const TimeAxis::Tick& tick : axis.ticks(page.zone)) {
    const std::string x = svg_number(tick.x);
    page.out.empty("line", {{"x1", x},
                            {"x2", x},
                            {"y1", svg_number(top)},
                            {"y2", svg_number(bottom + 4)},
                            {"stroke", "#8a94a0"},
                            {"stroke-width", "0.6"}});
    draw_text(page, {tick.x, bottom + 15, tick.x > axis.left() + axis.width() - 30 ? "end" : "start"}, tick.label);
  }
  page.out.empty("line", {{"x1", svg_number(axis.left())},
                          {"x2", svg_number(axis.left() + axis.width())},
                          {"y1", svg_number(bottom)},
                          {"y2", svg_number(bottom)},
                          {"stroke", "#4a5563"},
                          {"stroke-width", "1"}});
}

}  // namespace triage
