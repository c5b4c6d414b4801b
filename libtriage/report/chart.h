// SPDX-License-Identifier: Apache-2.0
// Charts of the report: SVG in the page, drawn here. No library: the charts are a few hundred rectangles, they print,
// they need no script and so the page's policy can forbid all scripts. Colours and sizes stand in attributes, because a
// converter to PDF does not apply the page's style sheet inside of an SVG.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/sections.h"

namespace triage {

/// Days of the display zone from left to right.
class TimeAxis {
 public:
  /// REQUIRES: first <= last, width > 0.
  TimeAxis(std::int64_t first, std::int64_t last, double left, double width)
      : first_(first), last_(last), left_(left), width_(width) {}
  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t last() const { return last_; }
  [[nodiscard]] double left() const { return left_; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] bool holds(std::int64_t day) const { return day >= first_ && day <= last_; }
  /// Left edge of a day; days outside stand at the ends.
  [[nodiscard]] double at(std::int64_t day) const;
  /// Of `share` (0 to 1) of a day.
  [[nodiscard]] double at(std::int64_t day, double share) const;

  struct Tick {
    double x = 0;
    std::string label;  ///< "2026", "2026-04" or "04-10"
  };
  /// At most 14, at the beginnings of years, quarters, months, weeks or days.
  [[nodiscard]] std::vector<Tick> ticks(const ReportZone& zone) const;

 private:
  std::int64_t first_;
  std::int64_t last_;
  double left_;
  double width_;
};

/// The days that hold 98 % of the dated events and every event a shown finding rests on; nullopt without any.
std::optional<TimeAxis> main_axis(const ReportFacts& facts, const ReportZone& zone, double left, double width);
/// Dated events outside of the axis.
std::uint64_t events_outside(const EventOverview& overview, const TimeAxis& axis);

/// "12.5", as SVG wants it.
std::string svg_number(double value);
/// Tick lines from `top` to `bottom` with their labels below.
void draw_axis(const ReportPage& page, const TimeAxis& axis, double top, double bottom);
/// Text of the chart.
struct ChartText {
  double x = 0;
  double y = 0;
  std::string_view anchor = "start";  ///< start, middle, end
  std::string_view size = "11";
};
void draw_text(const ReportPage& page, const ChartText& place, std::string_view text);
/// Words that a pointer shows; the numbers stand in a table beside the chart as well.
void draw_title(const ReportPage& page, std::string_view text);

}  // namespace triage
