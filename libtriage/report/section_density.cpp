// SPDX-License-Identifier: Apache-2.0
// How many events there are when: a strip over the whole period, drawn from every event of the case, and the same
// numbers as a table; then which kind of record exists for which period.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "report/chart.h"

namespace triage {
namespace {

constexpr double kStripWidth = 940;
constexpr double kStripLeft = 30;
constexpr std::int64_t kBuckets = 188;  // 5 units each
constexpr std::size_t kDayPeriods = 62;
constexpr std::size_t kMonthPeriods = 120;

struct Period {
  std::string name;  ///< "2026-04-10", "2026-04" or "2026"
  FamilyCounts counts{};
  std::int64_t first_day = 0;
  std::int64_t last_day = 0;
  [[nodiscard]] std::uint64_t files() const { return counts[static_cast<std::size_t>(Family::kFiles)]; }
  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts) sum += count;
    return sum;
  }
};

/// Days joined where the first `name_length` characters of their dates agree.
std::vector<Period> periods_of(const ReportPage& page, std::size_t name_length) {
  std::vector<Period> out;
  for (const auto& [day, counts] : page.facts.overview.days) {
    const std::string name = page.zone.day_text(day).substr(0, name_length);
    if (out.empty() || out.back().name != name) {
      out.emplace_back();
      out.back().name = name;
      out.back().first_day = day;
    }
    out.back().last_day = day;
    for (std::size_t i = 0; i < kFamilyCount; ++i) out.back().counts[i] += counts[i];
  }
  return out;
}

std::vector<Period> fitting_periods(const ReportPage& page) {
  if (page.facts.overview.days.size() <= kDayPeriods) return periods_of(page, 10);
  std::vector<Period> months = periods_of(page, 7);
  if (months.size() <= kMonthPeriods) return months;
  return periods_of(page, 4);
}

void write_density_table(const ReportPage& page, const std::unordered_set<std::int64_t>& shown_days) {
  const Phrases& say = page.say;
  std::vector<Period> periods = fitting_periods(page);
  if (periods.empty()) return;
  const std::size_t all = periods.size();
  if (all > kMonthPeriods) {
    std::stable_sort(periods.begin(), periods.end(),
                     [](const Period& a, const Period& b) { return a.total() > b.total(); });
    periods.resize(kMonthPeriods);
    std::sort(periods.begin(), periods.end(),
              [](const Period& a, const Period& b) { return a.first_day < b.first_day; });
    paragraph(page, say(Say::kDensityCapped, grouped(periods.size()), grouped(all)));
  }
  std::vector<std::string> headings = {std::string(say(Say::kPeriod))};
  for (std::size_t i = 0; i < kFamilyCount; ++i) headings.emplace_back(family_name(say, static_cast<Family>(i)));
  headings.emplace_back(say(Say::kTotal));
  GridTable table(page.out, "density", headings, GridTable::Narrow::kScrolls);
  for (const Period& period : periods) {
    table.begin_row();
    table.begin_cell();
    std::optional<std::int64_t> target;
    for (const auto& [day, counts] : page.facts.overview.days) {
      if (day < period.first_day) continue;
      if (day > period.last_day || target) break;
      if (shown_days.contains(day)) target = day;
    }
    if (target) {
      page.out.link(fmt::format("#day-{}", page.zone.day_text(*target)), period.name);
    } else {
      page.out.text(period.name);
    }
    table.end_cell();
    for (const std::uint64_t count : period.counts) table.text_cell(grouped(count), "numeral");
    table.text_cell(grouped(period.total()), "numeral");
    table.end_row();
  }
  table.end();
}

/// Events of one bucket of the strip.
struct Bucket {
  std::uint64_t files = 0;
  std::uint64_t others = 0;
  std::int64_t first_day = 0;
  std::int64_t last_day = 0;
  std::optional<std::int64_t> shown_day;
};

std::vector<Bucket> buckets_of(const ReportFacts& facts, const TimeAxis& axis,
                               const std::unordered_set<std::int64_t>& shown_days) {
  const std::int64_t days = axis.last() - axis.first() + 1;
  const std::int64_t count = std::min(days, kBuckets);
  std::vector<Bucket> out(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    out[static_cast<std::size_t>(i)].first_day = axis.first() + i * days / count;
    out[static_cast<std::size_t>(i)].last_day = axis.first() + (i + 1) * days / count - 1;
  }
  std::size_t at = 0;
  for (const auto& [day, counts] : facts.overview.days) {
    if (!axis.holds(day)) continue;
    while (day > out[at].last_day) ++at;
    for (std::size_t family = 0; family < kFamilyCount; ++family)
      (family == static_cast<std::size_t>(Family::kFiles) ? out[at].files : out[at].others) += counts[family];
    if (!out[at].shown_day && shown_days.contains(day)) out[at].shown_day = day;
  }
  return out;
}

struct StripRow {
  double base = 0;    ///< y of its lower edge
  double height = 0;  ///< of the largest bucket
  std::uint64_t most = 0;
  std::string_view fill;
};

void draw_bar(const ReportPage& page, const TimeAxis& axis, const Bucket& bucket, std::uint64_t count,
              const StripRow& row) {
  if (count == 0 || row.most == 0) return;
  const double height =
      std::max(1.0, row.height * std::sqrt(static_cast<double>(count) / static_cast<double>(row.most)));
  const double left = axis.at(bucket.first_day);
  const double right = axis.at(bucket.last_day, 1);
  const std::string from = page.zone.day_text(bucket.first_day);
  const std::string to = page.zone.day_text(bucket.last_day);
  if (bucket.shown_day) page.out.open("a", {{"href", fmt::format("#day-{}", page.zone.day_text(*bucket.shown_day))}});
  page.out.open("rect", {{"x", svg_number(left)},
                         {"y", svg_number(row.base - height)},
                         {"width", svg_number(std::max(0.8, right - left - 0.4))},
                         {"height", svg_number(height)},
                         {"fill", row.fill}});
  draw_title(page, fmt::format("{}: {}", from == to ? from : from + " – " + to, grouped(count)));
  page.out.close("rect");
  if (bucket.shown_day) page.out.close("a");
}

void write_strip(const ReportPage& page, const std::unordered_set<std::int64_t>& shown_days) {
  const Phrases& say = page.say;
  const auto axis = main_axis(page.facts, page.zone, kStripLeft, kStripWidth);
  if (!axis) return;
  const std::vector<Bucket> buckets = buckets_of(page.facts, *axis, shown_days);
  StripRow others{56, 48, 0, "#17365d"};
  StripRow files{108, 40, 0, "#6b7f96"};
  for (const Bucket& bucket : buckets) {
    others.most = std::max(others.most, bucket.others);
    files.most = std::max(files.most, bucket.files);
  }
  page.out.open("figure").open("svg", {{"class", "chart"},
                                       {"viewBox", "0 0 980 130"},
                                       {"width", "980"},
                                       {"height", "130"},
                                       {"role", "group"},
                                       {"aria-label", say(Say::kDensity)}});
  draw_axis(page, *axis, 4, 110);
  for (const Bucket& bucket : buckets) {
    draw_bar(page, *axis, bucket, bucket.others, others);
    draw_bar(page, *axis, bucket, bucket.files, files);
  }
  page.out.close("svg");
  page.out.element(
      "figcaption",
      say(Both(
              "Drawn from all {0} dated events; heights by square root. Upper: programs and logs (most in one column: "
              "{1}). Lower: file records (most: {2}). Outside of the period shown: {3}.",
              "日時のある出来事 {0} 件すべてから描いています(高さは平方根)。上段はプログラムやログの記録(最多 {1} 件)、"
              "下段はファイルの記録(最多 {2} 件)です。表示期間の外は {3} 件です。"),
          grouped(page.facts.overview.total - page.facts.overview.without_time), grouped(others.most),
          grouped(files.most), grouped(events_outside(page.facts.overview, *axis))));
  page.out.close("figure").newline();
}

/// One row of the coverage chart: how full each part of the period is.
void draw_coverage(const ReportPage& page, const TimeAxis& axis, const ArtifactCoverage& coverage) {
  constexpr std::int64_t kCells = 80;
  const std::int64_t days = axis.last() - axis.first() + 1;
  const std::int64_t count = std::min(days, kCells);
  std::vector<std::uint64_t> cells(static_cast<std::size_t>(count));
  std::uint64_t most = 0;
  for (const auto& [day, events] : coverage.days) {
    if (!axis.holds(day)) continue;
    std::uint64_t& cell = cells[static_cast<std::size_t>(std::min(count - 1, (day - axis.first()) * count / days))];
    most = std::max(most, cell += events);
  }
  page.out.open("svg", {{"class", "strip"},
                        {"viewBox", "0 0 400 16"},
                        {"width", "400"},
                        {"height", "16"},
                        {"role", "img"},
                        {"aria-label", fmt::format("{}", grouped(coverage.count))}});
  page.out.empty("rect", {{"x", "0"}, {"y", "1"}, {"width", "400"}, {"height", "14"}, {"fill", "#eef1f4"}});
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t events = cells[static_cast<std::size_t>(i)];
    if (events == 0) continue;
    const double share = std::sqrt(static_cast<double>(events) / static_cast<double>(most));
    const double width = 400.0 / static_cast<double>(count);
    const double height = 4 + 10 * share;
    page.out.empty("rect", {{"x", svg_number(static_cast<double>(i) * width)},
                            {"y", svg_number(15 - height)},
                            {"width", svg_number(std::max(1.0, width - 0.3))},
                            {"height", svg_number(height)},
                            {"fill", "#17365d"}});
  }
  page.out.close("svg");
}

}  // namespace

void write_density(const ReportPage& page, const std::unordered_set<std::int64_t>& shown_days) {
  page.out.element("h3", page.say(Say::kDensity)).newline();
  write_strip(page, shown_days);
  write_density_table(page, shown_days);
}

void write_coverage(const ReportPage& page) {
  const Phrases& say = page.say;
  const auto axis = main_axis(page.facts, page.zone, 0, 400);
  page.out.element("h3", say(Both("Which record exists for which period", "どの記録がどの期間にあるか"))).newline();
  if (!axis) {
    paragraph(page, say(Say::kTimelineNone));
    return;
  }
  paragraph(
      page,
      say(Both("The strips run from {0} to {1} and are drawn from all events. Where a strip is empty, that "
               "kind of record says nothing about that time; what happened then cannot be known from it.",
               "帯は {0} から {1} までで、すべての出来事から描いています。帯が空の期間について、その種類の記録からは"
               "何も分かりません。"),
          page.zone.day_text(axis->first()), page.zone.day_text(axis->last())));
  GridTable table(page.out, "coverage",
                  {std::string(say(Both("Kind of record", "記録の種類"))), std::string(say(Both("First", "最初"))),
                   std::string(say(Both("Last", "最後"))), std::string(say(Both("Events", "件数"))),
                   std::string(say(Both("Period", "期間")))});
  for (const auto& [artifact, coverage] : page.facts.overview.artifacts) {
    table.begin_row();
    table.evidence_cell(word(say, WordGroup::kArtifact, artifact));
    const bool dated = !coverage.days.empty();
    table.text_cell(dated ? page.zone.day_text(coverage.days.begin()->first) : std::string(say(Say::kUnknown)), "when");
    table.text_cell(dated ? page.zone.day_text(coverage.days.rbegin()->first) : std::string(say(Say::kUnknown)),
                    "when");
    table.text_cell(grouped(coverage.count), "numeral");
    table.begin_cell();
    draw_coverage(page, *axis, coverage);
    table.end_cell();
    table.end_row();
  }
  table.end();
}

}  // namespace triage
