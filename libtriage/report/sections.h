// SPDX-License-Identifier: Apache-2.0
// The sections of report.html, each a function that writes one, and the pieces they share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/html_writer.h"
#include "report/report_facts.h"
#include "report/report_words.h"

namespace triage {

/// What every section gets. Borrowed for the time of writing.
struct ReportPage {
  HtmlWriter& out;
  const Phrases& say;
  const ReportZone& zone;
  const ReportFacts& facts;
  const ReportLimits& limits;
  Database& database;
  std::int64_t created_ns = 0;
  std::string tool_version;
};

void write_cover(const ReportPage& page);
void write_contents(const ReportPage& page);
void write_summary(const ReportPage& page);
void write_examined(const ReportPage& page);
void write_findings(const ReportPage& page);
void write_timeline(const ReportPage& page);
Status write_files(const ReportPage& page);
Status write_damage(const ReportPage& page);
void write_hashes(const ReportPage& page);
void write_runs(const ReportPage& page);
void write_checks(const ReportPage& page);
void write_glossary(const ReportPage& page);

/// The sections in their order: anchor, title and what is counted beside it in the contents.
struct SectionName {
  std::string_view anchor;
  Say title;
};
inline constexpr std::array<SectionName, 10> kSections = {{{"summary", Say::kSectionSummary},
                                                           {"examined", Say::kSectionExamined},
                                                           {"findings", Say::kSectionFindings},
                                                           {"timeline", Say::kSectionTimeline},
                                                           {"files", Say::kSectionFiles},
                                                           {"damage", Say::kSectionDamage},
                                                           {"hashes", Say::kSectionHashes},
                                                           {"runs", Say::kSectionRuns},
                                                           {"checks", Say::kSectionChecks},
                                                           {"glossary", Say::kSectionGlossary}}};

/// Opens section `number` (1 to 10) with its heading; close_section ends it.
void open_section(const ReportPage& page, std::size_t number);
void close_section(const ReportPage& page);

/// A paragraph of our own words.
void paragraph(const ReportPage& page, std::string_view text, std::string_view css_class = {});

/// A table with a heading row.
class GridTable {
 public:
  /// What becomes of it on a narrow screen.
  enum class Narrow : std::uint8_t {
    kCards,   ///< each row is a card whose cells carry their heading
    kScrolls  ///< the table scrolls sideways in a box of its own
  };
  GridTable(HtmlWriter& out, std::string_view css_class, std::vector<std::string> headings,
            Narrow narrow = Narrow::kCards);
  /// `anchor` "" gives the row no id.
  void begin_row(std::string_view anchor = {});
  /// Opens the next cell of the row.
  HtmlWriter& begin_cell(std::string_view css_class = {});
  void end_cell() { out_->close("td"); }
  void text_cell(std::string_view text, std::string_view css_class = {});
  void evidence_cell(std::string_view text, std::string_view css_class = {});
  void code_cell(std::string_view text);
  void end_row();
  void end();

 private:
  HtmlWriter* out_;
  std::vector<std::string> headings_;
  std::size_t column_ = 0;
};

/// A table of one label and one value a row.
class FactTable {
 public:
  explicit FactTable(const ReportPage& page) : page_(&page) {
    page.out.open("table", {{"class", "facts"}}).open("tbody");
  }
  /// Opens the value cell of a row; end_value closes both.
  HtmlWriter& begin_value(std::string_view label);
  void end_value() { page_->out.close("td").close("tr").newline(); }
  void text(std::string_view label, std::string_view value);
  /// Unknown where empty.
  void evidence(std::string_view label, std::string_view value);
  void code(std::string_view label, std::string_view value);
  void end() { page_->out.close("tbody").close("table").newline(); }

 private:
  const ReportPage* page_;
};

/// "unknown" in its quiet typeface.
void write_unknown(const ReportPage& page, Say text = Say::kUnknown);
/// A coloured word for a severity; the word says it without the colour.
void write_severity(const ReportPage& page, std::string_view severity);
/// "2026-04-10 …" of UTC text as case.db and custody have it, in the display zone; the text itself where it is no time.
std::string shown_utc_text(const ReportPage& page, std::string_view utc);
/// "1,234 bytes (1.2 KiB)".
std::string size_text(const ReportPage& page, std::uint64_t bytes);
/// Last part of the evidence's name by its id; the id itself where it is not known.
std::string evidence_name(const ReportPage& page, std::string_view id);
/// Anchor of an event ("" where the id is not plain hex).
std::string event_anchor(std::string_view id);

}  // namespace triage
