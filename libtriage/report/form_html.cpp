// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/form_page.h"
#include "report/html_writer.h"

namespace triage {
namespace {

constexpr std::size_t kShownValue = 8000;
constexpr std::string_view kStyle = R"css(
body{font-family:"Yu Gothic","Hiragino Sans","Noto Sans CJK JP","IPAexGothic",sans-serif;line-height:1.6;max-width:60rem;
margin:1rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;border-bottom:1px solid #767676}
table{border-collapse:collapse;width:100%;margin:.3rem 0}
th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.fields>tbody>tr>th{width:30%;background:#f2f2f2;font-weight:600}
.open{color:#8a1c00;font-weight:600}.ids,.note,.mark{font-size:.8rem;color:#4d4d4d}
.exercise{border:3px double #8a1c00;color:#8a1c00;font-weight:700;text-align:center;padding:.5rem}
@page{size:A4;margin:20mm 20mm 20mm 30mm}
@media print{body{max-width:none;margin:0;padding:0}tr{break-inside:avoid}thead{display:table-header-group}}
)css";

struct Page {
  HtmlWriter& out;
  bool japanese;
  [[nodiscard]] const std::string& in(const Bilingual& both) const { return japanese ? both.ja : both.en; }
};

/// Lines stay lines; everything else is escaped.
void write_lines(const Page& page, std::string_view text) {
  for (bool first = true; first || !text.empty(); first = false) {
    const std::size_t end = text.find('\n');
    if (!first) page.out.empty("br");
    page.out.evidence(text.substr(0, end), kShownValue);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void write_ids(const Page& page, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  page.out.open("div", {{"class", "ids"}}).text(page.japanese ? "根拠: " : "rests on: ");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) page.out.text(", ");
    page.out.code(ids[i], 200);
  }
  page.out.close("div");
}

void write_table(const Page& page, const FactTable& table) {
  page.out.open("table").open("thead").open("tr");
  for (const Bilingual& cell : table.head) page.out.element("th", page.in(cell), {{"scope", "col"}});
  page.out.close("tr").close("thead").open("tbody");
  for (const FactTable::Row& row : table.rows) {
    page.out.open("tr");
    for (const Bilingual& cell : row.cells) {
      page.out.open("td");
      write_lines(page, page.in(cell));
      page.out.close("td");
    }
    page.out.close("tr").newline();
  }
  page.out.close("tbody").close("table");
}

void write_field(const Page& page, const FilledField& field) {
  page.out.open("tr").open("th", {{"scope", "row"}}).text(page.in(field.field->label)).close("th");
  page.out.open("td", {{"id", field.field->id}});
  if (field.table != nullptr) {
    write_table(page, *field.table);
  } else {
    if (!field.known) page.out.open("span", {{"class", "open"}});
    write_lines(page, page.in(field.value));
    if (!field.known) page.out.close("span");
    write_ids(page, field.ids);
  }
  const std::string& note = page.in(field.field->note);
  if (!note.empty()) page.out.element("div", note, {{"class", "note"}});
  page.out.close("td").close("tr").newline();
}

}  // namespace

std::string form_html(const FilledForm& filled, const FormMark& mark) {
  std::string result;
  HtmlWriter out([&result](std::string_view text) {
    result += text;
    return Status();
  });
  const Page page{out, mark.japanese};
  const std::string& title = page.in(filled.form->title);
  out.doctype().open("html", {{"lang", mark.japanese ? "ja" : "en"}}).open("head").newline();
  out.empty("meta", {{"charset", "utf-8"}});
  out.empty("meta",
            {{"http-equiv", "Content-Security-Policy"},
             {"content", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}});
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width"}});
  out.element("title", title).style(kStyle).close("head").newline().open("body").newline();
  if (mark.exercise)
    out.element("p", mark.japanese ? "【訓練】実際の事案ではない" : "EXERCISE: nothing of this happened",
                {{"class", "exercise"}});
  out.element("h1", title).newline();
  if (!page.in(filled.form->intro).empty()) out.element("p", page.in(filled.form->intro));
  for (const FilledForm::Section& section : filled.sections) {
    out.element("h2", page.in(section.section->title)).open("table", {{"class", "fields"}}).open("tbody").newline();
    for (const FilledField& field : section.fields) write_field(page, field);
    out.close("tbody").close("table").newline();
  }
  const std::string verified = filled.form->verified ? ""
                               : mark.japanese       ? "、原本との照合前"
                                                     : ", not yet compared with the original";
  out.open("p", {{"class", "mark"}}).evidence(mark.case_name).text(mark.japanese ? " 記録の版 " : " revision ");
  out.text(mark.revision).text(" ").code(mark.head);
  out.text(fmt::format(" / {}({}{})", filled.form->source, filled.form->as_of, verified)).close("p");
  out.close("body").close("html").newline();
  (void)out.finish();  // the sink above cannot fail
  return result;
}

}  // namespace triage
