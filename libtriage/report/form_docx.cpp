// SPDX-License-Identifier: Apache-2.0
// A minimal WordprocessingML document (ISO/IEC 29500-1 §17) in a ZIP of stored parts (APPNOTE.TXT §4.3).
//   archive := (local header, name, bytes)… (central header, name)… end record; little-endian
#include <array>
#include <cstdint>

#include "bytes/crc32.h"
#include "report/form_page.h"
#include "report/html_writer.h"

namespace triage {
namespace {

constexpr std::string_view kTypes =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>)";
constexpr std::string_view kRelations =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>)";
constexpr std::string_view kHead =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>)";
// A4 in twentieths of a point, 30 mm on the left for binding.
constexpr std::string_view kTail =
    R"(<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>)";
constexpr std::string_view kBorders =
    R"(<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr>)";

/// `bold` and `half_points` of the whole run.
std::string run(std::string_view text, bool bold, int half_points) {
  std::string out = "<w:r><w:rPr>";
  if (bold) out += "<w:b/>";
  out += "<w:sz w:val=\"" + std::to_string(half_points) + "\"/></w:rPr>";
  bool first = true;
  while (first || !text.empty()) {
    const std::size_t end = text.find('\n');
    if (!first) out += "<w:br/>";
    out += "<w:t xml:space=\"preserve\">" + escape_html(text.substr(0, end)) + "</w:t>";
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    first = false;
  }
  return out + "</w:r>";
}

std::string paragraph(std::string_view text, bool bold = false, int half_points = 21) {
  return "<w:p>" + run(text, bold, half_points) + "</w:p>";
}

std::string cell(const std::string& paragraphs) { return "<w:tc><w:tcPr/>" + paragraphs + "</w:tc>"; }

std::string table_of(const FactTable& table, bool japanese) {
  const auto row = [&](const std::vector<Bilingual>& cells, bool bold) {
    std::string out = "<w:tr>";
    for (const Bilingual& one : cells) out += cell(paragraph(japanese ? one.ja : one.en, bold, 18));
    return out + "</w:tr>";
  };
  std::string out = "<w:tbl>" + std::string(kBorders) + row(table.head, true);
  for (const FactTable::Row& one : table.rows) out += row(one.cells, false);
  return out + "</w:tbl>" + paragraph("");
}

std::string field_row(const FilledField& field, bool japanese) {
  std::string ids;
  for (const std::string& id : field.ids) ids += (ids.empty() ? (japanese ? "根拠: " : "rests on: ") : ", ") + id;
  std::string value = paragraph(japanese ? field.value.ja : field.value.en, !field.known);
  if (!ids.empty()) value += paragraph(ids, false, 16);
  return "<w:tr>" + cell(paragraph(japanese ? field.field->label.ja : field.field->label.en, true)) + cell(value) +
         "</w:tr>";
}

std::string section_body(const FilledForm::Section& section, bool japanese) {
  std::string out = paragraph(japanese ? section.section->title.ja : section.section->title.en, true, 24);
  std::string rows, tables;
  for (const FilledField& field : section.fields) {
    if (field.table == nullptr) {
      rows += field_row(field, japanese);
    } else {
      tables +=
          paragraph(japanese ? field.field->label.ja : field.field->label.en, true) + table_of(*field.table, japanese);
    }
  }
  if (!rows.empty()) out += "<w:tbl>" + std::string(kBorders) + rows + "</w:tbl>" + paragraph("");
  return out + tables;
}

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
}

/// What local and central header share: from "version needed" to "extra length" (APPNOTE §4.3.7, §4.3.12).
std::string common_header(const ZipPart& part) {
  std::string out;
  put(out, 20, 2);    // version needed
  put(out, 0, 2);     // flags
  put(out, 0, 2);     // method: stored
  put(out, 0, 2);     // time
  put(out, 0x21, 2);  // 1980-01-01
  put(out, crc32(as_byte_span(part.content)), 4);
  put(out, static_cast<std::uint32_t>(part.content.size()), 4);
  put(out, static_cast<std::uint32_t>(part.content.size()), 4);
  put(out, static_cast<std::uint32_t>(part.name.size()), 2);
  put(out, 0, 2);  // extra length
  return out;
}

}  // namespace

std::string stored_zip(const std::vector<ZipPart>& parts) {
  std::string out, central;
  for (const ZipPart& part : parts) {
    const auto offset = static_cast<std::uint32_t>(out.size());
    const std::string common = common_header(part);
    out += "PK\x03\x04" + common + part.name + part.content;
    central += "PK\x01\x02";
    put(central, 20, 2);  // made by
    central += common;
    put(central, 0, 2);  // comment length
    put(central, 0, 2);  // disk
    put(central, 0, 2);  // internal attributes
    put(central, 0, 4);  // external attributes
    put(central, offset, 4);
    central += part.name;
  }
  const auto count = static_cast<std::uint32_t>(parts.size()), start = static_cast<std::uint32_t>(out.size());
  out += central + "PK\x05\x06";
  put(out, 0, 4);  // disk numbers
  put(out, count, 2);
  put(out, count, 2);
  put(out, static_cast<std::uint32_t>(central.size()), 4);
  put(out, start, 4);
  put(out, 0, 2);  // comment length
  return out;
}

std::string form_docx(const FilledForm& filled, const FormMark& mark) {
  const bool ja = mark.japanese;
  std::string body(kHead);
  if (mark.exercise)
    body += paragraph(ja ? "【訓練】実際の事案ではない" : "EXERCISE: nothing of this happened", true, 28);
  body += paragraph(ja ? filled.form->title.ja : filled.form->title.en, true, 32);
  const std::string& intro = ja ? filled.form->intro.ja : filled.form->intro.en;
  if (!intro.empty()) body += paragraph(intro);
  for (const FilledForm::Section& section : filled.sections) body += section_body(section, ja);
  body += paragraph(mark.case_name + (ja ? " 記録の版 " : " revision ") + mark.revision + " " + mark.head, false, 16);
  body += kTail;
  return stored_zip({{"[Content_Types].xml", std::string(kTypes)},
                     {"_rels/.rels", std::string(kRelations)},
                     {"word/document.xml", std::move(body)}});
}

}  // namespace triage
