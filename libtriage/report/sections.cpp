// SPDX-License-Identifier: Apache-2.0
#include "report/sections.h"

#include "bytes/time_formats.h"

namespace triage {

void open_section(const ReportPage& page, std::string_view anchor) {
  const std::size_t number = section_number(anchor);
  const SectionName& section = kSections.at(number - 1);
  page.out.open("section", {{"id", section.anchor}});
  page.out.open("h2").element("span", fmt::format("{}", number), {{"class", "number"}});
  page.out.text(" ").text(page.say(section.title)).close("h2").newline();
}

void close_section(const ReportPage& page) {
  page.out.open("p", {{"class", "back"}}).link("#contents", page.say(Say::kToContents)).close("p");
  page.out.close("section").newline();
}

void paragraph(const ReportPage& page, std::string_view text, std::string_view css_class) {
  page.out.element("p", text, {{"class", css_class}}).newline();
}

GridTable::GridTable(HtmlWriter& out, std::string_view css_class, std::vector<std::string> headings, Narrow narrow)
    : out_(&out), headings_(std::move(headings)) {
  out.open("div", {{"class", "scroll"}})
      .open("table", {{"class", fmt::format("grid{} {}", narrow == Narrow::kCards ? " cards" : "", css_class)}});
  out.open("thead").open("tr");
  for (const std::string& heading : headings_) out.element("th", heading, {{"scope", "col"}});
  out.close("tr").close("thead").open("tbody").newline();
}

void GridTable::begin_row(std::string_view anchor) {
  out_->open("tr", {{"id", anchor}});
  column_ = 0;
}

HtmlWriter& GridTable::begin_cell(std::string_view css_class) {
  const std::string_view label = column_ < headings_.size() ? std::string_view(headings_[column_]) : "";
  ++column_;
  return out_->open("td", {{"class", css_class}, {"data-label", label}});
}

void GridTable::text_cell(std::string_view text, std::string_view css_class) {
  begin_cell(css_class).text(text);
  end_cell();
}

void GridTable::evidence_cell(std::string_view text, std::string_view css_class) {
  begin_cell(css_class).evidence(text);
  end_cell();
}

void GridTable::code_cell(std::string_view text) {
  begin_cell();
  if (!text.empty()) out_->code(text);
  end_cell();
}

void GridTable::end_row() { out_->close("tr").newline(); }

void GridTable::end() { out_->close("tbody").close("table").close("div").newline(); }

HtmlWriter& LabelTable::begin_value(std::string_view label) {
  return page_->out.open("tr").element("th", label, {{"scope", "row"}}).open("td");
}

void LabelTable::text(std::string_view label, std::string_view value) {
  begin_value(label).text(value);
  end_value();
}

void LabelTable::evidence(std::string_view label, std::string_view value) {
  begin_value(label);
  if (value.empty()) {
    write_unknown(*page_);
  } else {
    page_->out.evidence(value);
  }
  end_value();
}

void LabelTable::code(std::string_view label, std::string_view value) {
  begin_value(label);
  if (value.empty()) {
    write_unknown(*page_);
  } else {
    page_->out.code(value);
  }
  end_value();
}

void write_unknown(const ReportPage& page, Say text) {
  page.out.element("span", page.say(text), {{"class", "unknown"}});
}

void write_severity(const ReportPage& page, std::string_view severity) {
  static constexpr std::array<std::string_view, 5> kKnown = {"critical", "high", "medium", "low", "info"};
  const bool known = std::find(kKnown.begin(), kKnown.end(), severity) != kKnown.end();
  const std::string css = fmt::format("severity {}", known ? severity : "info");
  page.out.element("span", word(page.say, WordGroup::kSeverity, severity), {{"class", css}});
}

std::string shown_utc_text(const ReportPage& page, std::string_view utc) {
  const auto ns = parse_time_text(utc);
  return ns ? page.zone.moment(*ns, 0) : std::string(utc);
}

std::string size_text(const ReportPage& page, std::uint64_t bytes) {
  return page.say(Say::kSizeBytes, grouped(bytes), binary_size(bytes));
}

std::string evidence_name(const ReportPage& page, std::string_view id) {
  for (const EvidenceFacts& evidence : page.facts.evidence) {
    if (evidence.id == id) return std::string(base_name(evidence.name));
  }
  return std::string(id);
}

std::string event_anchor(std::string_view id) {
  if (id.empty() || id.find_first_not_of("0123456789abcdef") != std::string_view::npos) return {};
  return fmt::format("ev-{}", id);
}

}  // namespace triage
