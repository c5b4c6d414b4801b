// SPDX-License-Identifier: Apache-2.0
// Findings by host and account over time: one lane for each account, one bar for each finding, and a filter of the six
// steps that needs no script (a box that is not ticked hides what follows it by a rule of the style sheet).
#include <algorithm>
#include <map>

#include "report/chart.h"

namespace triage {
namespace {

constexpr std::size_t kMostLanes = 40;
constexpr double kLabelWidth = 230;
constexpr double kChartWidth = 720;
constexpr double kRowHeight = 17;
constexpr double kNumberWidth = 34;

/// A finding's time in one lane.
struct Mark {
  std::size_t finding = 0;  ///< from 0
  std::int64_t from = 0;    ///< order_ns
  std::int64_t to = 0;
  std::size_t row = 0;
};

struct Lane {
  std::vector<Mark> marks;
  std::size_t rows = 1;
};

/// Host, then account.
using Lanes = std::map<std::pair<std::string, std::string>, Lane>;

std::string account_of(const ReportPage& page, const EventRow& event) {
  if (!event.who.empty()) return event.who;
  if (!event.sid.empty()) return event.sid;
  if (!event.uid.empty()) return "uid " + event.uid;
  return std::string(page.say(Both("account unknown", "アカウント不明")));
}

Lanes lanes_of(const ReportPage& page) {
  Lanes out;
  for (std::size_t i = 0; i < page.facts.findings.size(); ++i) {
    std::map<std::pair<std::string, std::string>, Mark> marks;
    for (const std::string& id : page.facts.findings[i].shown_events) {
      const auto row = page.facts.finding_events.find(id);
      if (row == page.facts.finding_events.end() || !row->second.when_ns) continue;
      const EventRow& event = row->second;
      const std::string host = event.host.empty() ? evidence_name(page, event.evidence) : event.host;
      const std::int64_t order = order_ns(*event.when_ns, event.basis, page.zone);
      const auto [at, fresh] = marks.try_emplace({host, account_of(page, event)}, Mark{i, order, order, 0});
      at->second.from = std::min(at->second.from, order);
      at->second.to = std::max(at->second.to, order);
    }
    for (const auto& [key, mark] : marks) out[key].marks.push_back(mark);
  }
  return out;
}

double place(const ReportPage& page, const TimeAxis& axis, std::int64_t order) {
  constexpr double kDayNs = 86'400e9;
  const std::int64_t day = page.zone.day_of(order);
  const auto begin = static_cast<double>(day) * kDayNs - static_cast<double>(page.zone.offset_ns(order));
  return axis.at(day, std::clamp((static_cast<double>(order) - begin) / kDayNs, 0.0, 1.0));
}

/// Gives each mark the first row in which it does not lie on another.
void stack(const ReportPage& page, const TimeAxis& axis, Lane& lane) {
  std::sort(lane.marks.begin(), lane.marks.end(),
            [](const Mark& a, const Mark& b) { return std::pair(a.from, a.finding) < std::pair(b.from, b.finding); });
  std::vector<double> ends;
  for (Mark& mark : lane.marks) {
    const double left = place(page, axis, mark.from);
    const double right = std::max(place(page, axis, mark.to), left + 6) + kNumberWidth;
    mark.row = 0;
    while (mark.row < ends.size() && ends[mark.row] > left) ++mark.row;
    if (mark.row == ends.size()) ends.push_back(0);
    ends[mark.row] = right;
  }
  lane.rows = std::max<std::size_t>(1, ends.size());
}

std::string_view colour_of(std::string_view severity) {
  if (severity == "critical") return "#7d1128";
  if (severity == "high") return "#a8321a";
  if (severity == "medium") return "#8a5200";
  return severity == "low" ? "#2f5d7c" : "#44505e";
}

void draw_mark(const ReportPage& page, const TimeAxis& axis, const Mark& mark, double top) {
  const FindingFacts& finding = page.facts.findings[mark.finding];
  const double left = place(page, axis, mark.from);
  const double right = std::max(place(page, axis, mark.to), left + 6);
  const double y = top + static_cast<double>(mark.row) * kRowHeight;
  const bool step = finding.step.size() == 1 && finding.step[0] >= '1' && finding.step[0] <= '6';
  page.out.open("a", {{"href", fmt::format("#finding-{}", mark.finding + 1)},
                      {"class", step ? fmt::format("s{}", finding.step) : std::string("s3")}});
  draw_title(page, fmt::format("{}: {}", word(page.say, WordGroup::kSeverity, finding.severity),
                               cut_text(finding.claim, 200)));
  page.out.empty("rect", {{"x", svg_number(left)},
                          {"y", svg_number(y + 3)},
                          {"width", svg_number(right - left)},
                          {"height", "11"},
                          {"fill", colour_of(finding.severity)}});
  const bool at_end = right + kNumberWidth > axis.left() + axis.width() + 20;
  draw_text(page, {at_end ? left - 2 : right + 2, y + 12.5, at_end ? "end" : "start", "10.5"},
            fmt::format("{}-{}", section_number("findings"), mark.finding + 1));
  page.out.close("a");
}

void write_filter(const ReportPage& page) {
  page.out.open("p", {{"class", "stepnote"}})
      .text(page.say(Both("Show the findings of these steps (nothing is removed from the report):",
                          "表示する段階を選べます(報告書の内容は変わりません)。")))
      .close("p");
  for (int step = 1; step <= 6; ++step) {
    const std::string id = fmt::format("show-{}", step);
    page.out.empty("input", {{"type", "checkbox"}, {"id", id}, {"class", "stepbox"}, {"checked", "checked"}});
    page.out.element("label", word(page.say, WordGroup::kStep, fmt::format("{}", step)),
                     {{"for", id}, {"class", "steplabel"}});
  }
}

void draw_lanes(const ReportPage& page, const TimeAxis& axis, const Lanes& lanes) {
  double height = 6;
  std::size_t count = 0;
  for (const auto& [key, lane] : lanes) {
    if (++count <= kMostLanes) height += static_cast<double>(lane.rows) * kRowHeight + 6;
  }
  page.out.open("svg", {{"class", "chart"},
                        {"viewBox", fmt::format("0 0 980 {:.0f}", height + 22)},
                        {"width", "980"},
                        {"height", fmt::format("{:.0f}", height + 22)},
                        {"role", "group"},
                        {"aria-label", page.say(Both("Findings by host and account", "機器とアカウントごとの所見"))}});
  draw_axis(page, axis, 4, height);
  double top = 6;
  count = 0;
  for (const auto& [key, lane] : lanes) {
    if (++count > kMostLanes) break;
    const double lane_height = static_cast<double>(lane.rows) * kRowHeight;
    page.out.empty("rect", {{"x", "0"},
                            {"y", svg_number(top)},
                            {"width", "980"},
                            {"height", svg_number(lane_height)},
                            {"fill", "#17365d"},
                            {"fill-opacity", "0.06"}});
    page.out.open("text", {{"x", "4"}, {"y", svg_number(top + 12.5)}, {"font-size", "11"}, {"fill", "#1b2430"}});
    page.out.text(cut_text(key.first, 24)).text(" / ").text(cut_text(key.second, 24)).close("text");
    for (const Mark& mark : lane.marks) draw_mark(page, axis, mark, top);
    top += lane_height + 6;
  }
  page.out.close("svg");
}

}  // namespace

void write_lanes(const ReportPage& page) {
  const Phrases& say = page.say;
  const auto axis = main_axis(page.facts, page.zone, kLabelWidth, kChartWidth);
  Lanes lanes = lanes_of(page);
  if (!axis || lanes.empty()) return;
  for (auto& [key, lane] : lanes) stack(page, *axis, lane);
  page.out.element("h3", say(Both("Findings by host and account", "機器とアカウントごとの所見"))).newline();
  page.out.open("div", {{"class", "lanes"}}).newline();
  write_filter(page);
  page.out.open("figure", {{"class", "lanechart"}}).newline();
  draw_lanes(page, *axis, lanes);
  std::size_t undated = 0;
  for (const FindingFacts& finding : page.facts.findings) undated += finding.first_order ? 0 : 1;
  page.out.element(
      "figcaption",
      say(Both(
              "Each bar is a finding, from the first to the last event it rests on; its number leads to it. Colour and "
              "number agree with the list in section {0}. Findings without a time: {1}. Lanes not drawn: {2}.",
              "棒は所見で、根拠となる最初の出来事から最後の出来事までを示します。番号から所見へ移れます。色と番号は"
              "第 {0} 章の一覧と同じです。時刻のない所見 {1} 件、描いていない行 {2} 件。"),
          section_number("findings"), undated, lanes.size() > kMostLanes ? lanes.size() - kMostLanes : 0));
  page.out.close("figure").close("div").newline();
}

}  // namespace triage
