// SPDX-License-Identifier: Apache-2.0
// Timeline: the most telling events in the columns of 5W1H. Its charts are in section_density.cpp and
// section_lanes.cpp.
#include <algorithm>
#include <set>
#include <span>
#include <tuple>
#include <unordered_set>

#include "report/sections.h"

namespace triage {
namespace {

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
                              page.say(Say::kRestingFinding, fmt::format("{}-{}", section_number("findings"), number)));
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
    page.out.element("h4", name, {{"id", day ? "day-" + name : std::string("day-none")}, {"class", "day"}});
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
  open_section(page, "timeline");
  if (page.facts.overview.total == 0) {
    paragraph(page, say(Say::kTimelineNone));
    close_section(page);
    return;
  }
  paragraph(page, say(Say::kTimelineIntro, grouped(page.facts.overview.total), grouped(page.facts.timeline.size())));
  paragraph(page, say(Say::kTimelineRest));
  std::unordered_set<std::int64_t> shown_days;
  for (const EventRow& event : page.facts.timeline) {
    if (const auto day = day_of(page, event)) shown_days.insert(*day);
  }
  write_density(page, shown_days);
  write_lanes(page);
  write_coverage(page);
  page.out.element("h3", say(Both("The events in order", "時系列の一覧")));
  write_days(page);
  close_section(page);
}

}  // namespace triage
