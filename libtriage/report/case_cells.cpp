// SPDX-License-Identifier: Apache-2.0
// Cells that show the playbook's facts with the ids they rest on.
#include "report/sections.h"

namespace triage {
namespace {

constexpr std::size_t kShownIds = 12;

const std::string& in(const ReportPage& page, const Bilingual& both) { return page.say.japanese() ? both.ja : both.en; }

/// Lines stay lines.
void write_lines(const ReportPage& page, std::string_view text) {
  for (bool first = true; first || !text.empty(); first = false) {
    const std::size_t end = text.find('\n');
    if (!first) page.out.empty("br");
    page.out.evidence(text.substr(0, end), 4000);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

/// Where the report shows `id`; "" where it does not.
std::string anchor_of(const ReportPage& page, const std::string& id) {
  if (id.starts_with('#')) {
    for (const CustodyEntry& entry : page.facts.custody.entries) {
      if (id.compare(1, std::string::npos, std::to_string(entry.number)) == 0)
        return fmt::format("#entry-{}", entry.number);
    }
    return {};
  }
  if (page.facts.in_timeline.contains(id) && !event_anchor(id).empty()) return "#" + event_anchor(id);
  for (std::size_t i = 0; i < page.facts.findings.size(); ++i) {
    if (page.facts.findings[i].id == id) return fmt::format("#finding-{}", i + 1);
  }
  for (const EvidenceFacts& evidence : page.facts.evidence) {
    if (evidence.id == id) return "#evidence-" + id;
  }
  return {};
}

}  // namespace

void write_ids(const ReportPage& page, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  page.out.open("span", {{"class", "source"}}).text(page.say(Both("rests on: ", "根拠: ")));
  for (std::size_t i = 0; i < std::min(ids.size(), kShownIds); ++i) {
    if (i > 0) page.out.text(", ");
    if (const std::string anchor = anchor_of(page, ids[i]); !anchor.empty()) {
      page.out.open("a", {{"href", anchor}}).code(ids[i], 80).close("a");
    } else {
      page.out.code(ids[i], 80);
    }
  }
  if (ids.size() > kShownIds) page.out.text(page.say(Both(" and {0} more", " ほか {0} 件"), ids.size() - kShownIds));
  page.out.close("span");
}

void write_fact(const ReportPage& page, LabelTable& table, std::string_view label, std::string_view key) {
  const Fact* fact = page.facts.playbook ? page.facts.playbook->facts.find(key) : nullptr;
  table.begin_value(label);
  if (fact == nullptr) {
    page.out.element("span", page.say.japanese() ? kOpenJa : kOpenEn, {{"class", "open"}});
  } else {
    write_lines(page, in(page, fact->text));
    if (fact->tag) {
      const std::string_view tag = page.say.japanese() ? certainty_name_ja(*fact->tag) : certainty_name(*fact->tag);
      page.out.text(" ").element("span", fmt::format("[{}]", tag), {{"class", "source"}});
    }
    if (!fact->ids.empty()) {
      page.out.empty("br");
      write_ids(page, fact->ids);
    }
  }
  table.end_value();
}

bool write_fact_table(const ReportPage& page, std::string_view name, std::string_view heading) {
  const FactTable* facts = page.facts.playbook ? page.facts.playbook->facts.table(name) : nullptr;
  if (facts == nullptr || facts->rows.empty()) return false;
  if (!heading.empty()) page.out.element("h3", heading).newline();
  std::vector<std::string> headings;
  for (const Bilingual& one : facts->head) headings.push_back(in(page, one));
  GridTable table(page.out, "words", headings);
  for (const FactTable::Row& row : facts->rows) {
    table.begin_row();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      table.begin_cell();
      write_lines(page, in(page, row.cells[i]));
      const bool custody = !row.ids.empty() && row.ids.front().starts_with('#');
      if (i + 1 == row.cells.size() && custody) {
        page.out.empty("br");
        write_ids(page, row.ids);
      }
      table.end_cell();
    }
    table.end_row();
  }
  table.end();
  return true;
}

bool without_playbook(const ReportPage& page) {
  if (page.facts.playbook) return false;
  paragraph(page,
            page.say(Both("The playbook's data were not at hand when this report was made; this section is empty.",
                          "この報告書の作成時に手順書のデータがなかったため、この章は空です。")),
            "warning");
  return true;
}

void write_see(const ReportPage& page, std::string_view anchor) {
  page.out.link(fmt::format("#{}", anchor), page.say(Say::kSeeSection, section_number(anchor)));
}

}  // namespace triage
