// SPDX-License-Identifier: Apache-2.0
// The sections of report.html, each a function that writes one, and the pieces they share.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "report/html_writer.h"
#include "report/report_facts.h"
#include "report/report_words.h"

namespace triage {

class Redactor;

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
  const Redactor* redactor = nullptr;  ///< where this is the copy to be shared: no picture may be in it
  std::size_t faults = 0;              ///< findings that lack parts: the report is a draft
};

void write_cover(const ReportPage& page);
void write_contents(const ReportPage& page);
void write_summary(const ReportPage& page);
void write_answers(const ReportPage& page);        ///< part of the summary: the questions put and their answers
void write_ten_questions(const ReportPage& page);  ///< part of the summary
void write_clock(const ReportPage& page);
void write_scope(const ReportPage& page);
void write_people(const ReportPage& page);
void write_examined(const ReportPage& page);
void write_custody(const ReportPage& page);
void write_method(const ReportPage& page);
void write_times(const ReportPage& page);
void write_timeline(const ReportPage& page);
/// Part of the timeline. `shown_days`: days with a heading in it.
void write_density(const ReportPage& page, const std::unordered_set<std::int64_t>& shown_days);
void write_coverage(const ReportPage& page);  ///< part of the timeline
void write_lanes(const ReportPage& page);     ///< part of the timeline: findings by host and account
void write_findings(const ReportPage& page);
void write_extent(const ReportPage& page);
void write_nine_items(const ReportPage& page);
void write_loss(const ReportPage& page);
Status write_damage(const ReportPage& page);
void write_measures(const ReportPage& page);
void write_glossary(const ReportPage& page);
Status write_files(const ReportPage& page);
void write_hashes(const ReportPage& page);
void write_runs(const ReportPage& page);
void write_checks(const ReportPage& page);
void write_statement(const ReportPage& page);
void write_masked(const ReportPage& page);  ///< part of the statement: what was masked in this copy

/// The sections in their order: anchor, title and what writes it.
struct SectionName {
  std::string_view anchor;
  Both title;
};
inline constexpr std::array<SectionName, 21> kSections = {{
    {"summary", {"Answer on one page", "結論(1ページ)"}},
    {"clock", {"Legal clock", "法定の期限"}},
    {"scope", {"Request and scope", "依頼と調査の範囲"}},
    {"people", {"People and roles", "関係者と役割"}},
    {"examined", {"Evidence", "証拠"}},
    {"custody", {"Custody", "証拠の保管"}},
    {"method", {"Method", "調査の方法"}},
    {"times", {"Clocks and time zone", "時計と時間帯"}},
    {"timeline", {"Facts: the timeline", "事実(時系列)"}},
    {"findings", {"Findings", "所見"}},
    {"extent", {"Extent of the leak", "漏えいの範囲"}},
    {"nine", {"The nine items of the report to the regulator", "監督機関への報告事項(九項目)"}},
    {"loss", {"Range of damage", "損害の見積り"}},
    {"damage", {"Limits and what is not known", "限界と分かっていないこと"}},
    {"measures", {"Measures", "対応と再発防止"}},
    {"glossary", {"Glossary", "用語"}},
    {"files", {"Deleted and carved files", "削除・抽出されたファイル"}},
    {"hashes", {"Hashes", "ハッシュ値"}},
    {"runs", {"Log of runs and hand-overs", "実行と受渡しの記録"}},
    {"checks", {"How to check this report", "この報告書を確かめる方法"}},
    {"statement", {"Statement of the author", "作成者の署名"}},
}};
/// 1 to 21; 0 for an anchor that is none of the above.
constexpr std::size_t section_number(std::string_view anchor) {
  for (std::size_t i = 0; i < kSections.size(); ++i) {
    if (kSections[i].anchor == anchor) return i + 1;
  }
  return 0;
}

/// Opens the section of `anchor` with its heading; close_section ends it.
void open_section(const ReportPage& page, std::string_view anchor);
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
class LabelTable {
 public:
  explicit LabelTable(const ReportPage& page) : page_(&page) {
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

/// The fact under `key` of the playbook with the ids it rests on; 調査中 where it is not known.
void write_fact(const ReportPage& page, LabelTable& table, std::string_view label, std::string_view key);
/// A table of the playbook's facts under a heading; false (and nothing written) where it has no row.
bool write_fact_table(const ReportPage& page, std::string_view name, std::string_view heading);
/// Ids that something rests on, as links where the report shows them.
void write_ids(const ReportPage& page, const std::vector<std::string>& ids);
/// Says that no playbook was at hand; true when that is so.
bool without_playbook(const ReportPage& page);
/// "See section 5" as a link.
void write_see(const ReportPage& page, std::string_view anchor);

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
