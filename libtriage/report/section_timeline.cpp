// SPDX-License-Identifier: Apache-2.0
// Timeline: how many events there are when, and the most telling ones in the columns of 5W1H.
#include <algorithm>
#include <set>
#include <span>
#include <tuple>
#include <unordered_set>

#include "report/sections.h"

namespace triage {
namespace {

constexpr std::size_t kDayPeriods = 62;
constexpr std::size_t kMonthPeriods = 120;
constexpr double kBarWidth = 200;

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

void write_bar(const ReportPage& page, const Period& period, std::uint64_t most_files, std::uint64_t most_others) {
  const auto width = [](std::uint64_t count, std::uint64_t most) {
    return most == 0 ? std::string("0")
                     : fmt::format("{:.1f}", static_cast<double>(count) / static_cast<double>(most) * kBarWidth);
  };
  page.out.open("svg", {{"class", "bar"},
                        {"viewBox", "0 0 200 14"},
                        {"width", "200"},
                        {"height", "14"},
                        {"role", "img"},
                        {"aria-label", fmt::format("{}", grouped(period.total()))}});
  page.out.empty("rect", {{"class", "files"},
                          {"x", "0"},
                          {"y", "0"},
                          {"height", "6"},
                          {"width", width(period.files(), most_files)},
                          {"fill", "#7d93ab"}});
  page.out.empty("rect", {{"class", "others"},
                          {"x", "0"},
                          {"y", "8"},
                          {"height", "6"},
                          {"width", width(period.total() - period.files(), most_others)},
                          {"fill", "#17365d"}});
  page.out.close("svg");
}

void write_density(const ReportPage& page, const std::unordered_set<std::int64_t>& shown_days) {
  const Phrases& say = page.say;
  std::vector<Period> periods = fitting_periods(page);
  if (periods.empty()) return;
  page.out.element("h3", say(Say::kDensity));
  const std::size_t all = periods.size();
  if (all > kMonthPeriods) {
    std::stable_sort(periods.begin(), periods.end(),
                     [](const Period& a, const Period& b) { return a.total() > b.total(); });
    periods.resize(kMonthPeriods);
    std::sort(periods.begin(), periods.end(),
              [](const Period& a, const Period& b) { return a.first_day < b.first_day; });
    paragraph(page, say(Say::kDensityCapped, grouped(periods.size()), grouped(all)));
  }
  paragraph(page, say(Say::kBarLegend), "note");
  std::uint64_t most_files = 0;
  std::uint64_t most_others = 0;
  for (const Period& period : periods) {
    most_files = std::max(most_files, period.files());
    most_others = std::max(most_others, period.total() - period.files());
  }
  std::vector<std::string> headings = {std::string(say(Say::kPeriod))};
  for (std::size_t i = 0; i < kFamilyCount; ++i) headings.emplace_back(family_name(say, static_cast<Family>(i)));
  headings.emplace_back(say(Say::kTotal));
  headings.emplace_back(say(Say::kBar));
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
    table.begin_cell();
    write_bar(page, period, most_files, most_others);
    table.end_cell();
    table.end_row();
  }
  table.end();
}

void write_cell(const ReportPage& page, GridTable& table, std::string_view text, std::string_view css_class) {
  table.begin_cell(css_class);
  if (text.empty()) {
    write_unknown(page);
  } else {
    page.out.evidence(text, 400);
  }
  table.end_cell();
}

/// Events that share a row: the first one says what, where and when for all.
using Twins = std::vector<const EventRow*>;

void write_why(const ReportPage& page, GridTable& table, const Twins& twins) {
  table.begin_cell("why");
  if (twins.front()->why.empty()) {
    write_unknown(page);
  } else {
    page.out.evidence(twins.front()->why, 400);
  }
  std::set<std::uint32_t> findings;
  for (const EventRow* event : twins) {
    const auto named = page.facts.finding_of_event.find(event->id);
    if (named != page.facts.finding_of_event.end()) findings.insert(named->second);
  }
  for (const std::uint32_t number : findings) {
    page.out.empty("br").link(fmt::format("#finding-{}", number),
                              page.say(Say::kRestingFinding, fmt::format("3-{}", number)));
  }
  table.end_cell();
}

void write_record(const ReportPage& page, const EventRow& event) {
  const Phrases& say = page.say;
  page.out.text(word(say, WordGroup::kArtifact, event.artifact));
  if (event.recovered) page.out.text(fmt::format(" [{}]", say(Say::kRecovered)));
  if (event.partial) page.out.text(fmt::format(" [{}]", say(Say::kPartial)));
  page.out.empty("br").open("span", {{"class", "source"}});
  page.out.evidence(evidence_name(page, event.evidence), 120);
  if (!event.source.empty() && event.source != event.path) page.out.text(": ").evidence(event.source, 300);
  page.out.empty("br").code(event.id.substr(0, 12)).text(" ");
  const std::size_t slash = event.locator.find('/');
  page.out.code(slash == std::string::npos ? event.locator : event.locator.substr(slash + 1), 200);
  page.out.close("span");
}

void write_how(const ReportPage& page, GridTable& table, const EventRow& event) {
  const std::string how = how_text(page.say, event);
  const std::string attributes = attributes_text(event);
  table.begin_cell("how");
  if (how.empty() && attributes.empty()) write_unknown(page);
  if (!how.empty()) page.out.evidence(how, 300);
  if (!attributes.empty()) {
    if (!how.empty()) page.out.empty("br");
    page.out.open("span", {{"class", "source"}}).evidence(attributes, 400).close("span");
  }
  table.end_cell();
}

void write_row(const ReportPage& page, GridTable& table, const Twins& twins,
               std::unordered_set<std::string_view>& anchored) {
  const Phrases& say = page.say;
  const EventRow& event = *twins.front();
  const auto anchor = [&anchored](const EventRow& one) {
    return anchored.insert(one.id).second ? event_anchor(one.id) : std::string();
  };
  table.begin_row(anchor(event));
  write_cell(page, table, when_text(say, page.zone, event), "when");
  write_cell(page, table, where_text(event), "where");
  write_cell(page, table, who_text(say, event), "who");
  table.begin_cell("what").evidence(what_text(say, event), 400);
  if (!event.meaning.empty()) {
    page.out.empty("br").element("span", words_of_list(say, WordGroup::kMeaning, event.meaning), {{"class", "source"}});
  }
  table.end_cell();
  write_why(page, table, twins);
  write_how(page, table, event);
  table.begin_cell("record");
  for (const EventRow* one : twins) {
    if (one == &event) {
      write_record(page, *one);
      continue;
    }
    page.out.empty("br").open("span", {{"id", anchor(*one)}});
    page.out.text(word(say, WordGroup::kArtifact, one->artifact)).text(" ");
    page.out.open("span", {{"class", "source"}}).code(one->id.substr(0, 12)).close("span").close("span");
  }
  table.end_cell();
  table.end_row();
}

bool is_file_time(const EventRow& event) { return event.artifact == "fs.times" || event.artifact == "ntfs.filename"; }

/// True when both say the same of the same file, only from different records of the file system.
bool same_statement(const EventRow& a, const EventRow& b) {
  const auto said = [](const EventRow& e) {
    return std::tie(e.when_ns, e.basis, e.evidence, e.path, e.what, e.meaning, e.object, e.object_size, e.who, e.sid,
                    e.uid, e.how, e.why, e.recovered);
  };
  return is_file_time(a) && is_file_time(b) && said(a) == said(b);
}

/// Writes events [begin, end) of one day, those that say the same in one row.
void write_rows(const ReportPage& page, GridTable& table, std::span<const EventRow> events,
                std::unordered_set<std::string_view>& anchored) {
  std::vector<bool> done(events.size(), false);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (done[i]) continue;
    Twins twins = {&events[i]};
    for (std::size_t k = i + 1; k < events.size() && events[k].when_ns == events[i].when_ns; ++k) {
      if (done[k] || !same_statement(events[i], events[k])) continue;
      done[k] = true;
      twins.push_back(&events[k]);
    }
    write_row(page, table, twins, anchored);
  }
}

std::optional<std::int64_t> day_of(const ReportPage& page, const EventRow& event) {
  if (!event.when_ns) return std::nullopt;
  return page.zone.day_of(order_ns(*event.when_ns, event.basis, page.zone));
}

void write_days(const ReportPage& page) {
  const Phrases& say = page.say;
  const std::vector<EventRow>& events = page.facts.timeline;
  std::unordered_set<std::string_view> anchored;
  for (std::size_t begin = 0; begin < events.size();) {
    const std::optional<std::int64_t> day = day_of(page, events[begin]);
    std::size_t end = begin;
    while (end < events.size() && day_of(page, events[end]) == day) ++end;
    const std::string name = day ? page.zone.day_text(*day) : std::string(say(Say::kNoDate));
    std::uint64_t total = page.facts.overview.without_time;
    if (day) {
      const auto counts = page.facts.overview.days.find(*day);
      total = 0;
      if (counts != page.facts.overview.days.end()) {
        for (const std::uint64_t count : counts->second) total += count;
      }
    }
    page.out.element("h3", name, {{"id", day ? "day-" + name : std::string("day-none")}, {"class", "day"}});
    if (total > end - begin) paragraph(page, say(Say::kDayShown, grouped(end - begin), grouped(total)), "note");
    GridTable table(page.out, "events",
                    {std::string(say(Say::kWhen)), std::string(say(Say::kWhere)), std::string(say(Say::kWho)),
                     std::string(say(Say::kWhat)), std::string(say(Say::kWhy)), std::string(say(Say::kHow)),
                     std::string(say(Say::kRecord))});
    write_rows(page, table, std::span(events).subspan(begin, end - begin), anchored);
    table.end();
    begin = end;
  }
}

}  // namespace

void write_timeline(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, 4);
  if (page.facts.overview.total == 0) {
    paragraph(page, say(Say::kTimelineNone));
    close_section(page);
    return;
  }
  paragraph(page, say(Say::kTimelineIntro, grouped(page.facts.overview.total), grouped(page.facts.timeline.size())));
  paragraph(page, say(Say::kTimelineRest));
  paragraph(page, say(Say::kTimelineUnknownZone, page.zone.label()));
  std::unordered_set<std::int64_t> shown_days;
  for (const EventRow& event : page.facts.timeline) {
    if (const auto day = day_of(page, event)) shown_days.insert(*day);
  }
  write_density(page, shown_days);
  write_days(page);
  close_section(page);
}

}  // namespace triage
