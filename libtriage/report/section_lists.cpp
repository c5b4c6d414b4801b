// SPDX-License-Identifier: Apache-2.0
// Deleted and carved files; damage and limits. Rows are streamed from case.db.
#include "report/section_recovered.h"
#include "report/sections.h"

namespace triage {
namespace {

/// Deleted and carved files with content of their own.
constexpr std::string_view kGone = "allocated = 0 AND duplicate = 0 AND kind IN ('file','stream')";

void write_grades(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Say::kGradesTitle));
  GridTable table(page.out, "grades",
                  {std::string(say(Say::kMethod)), std::string(say(Say::kGrade)), std::string(say(Say::kHowMany)),
                   std::string(say(Say::kMeaning))});
  for (const NamedCount& one : page.facts.counts.files_by_grade) {
    table.begin_row();
    table.text_cell(word(say, WordGroup::kMethod, one.detail));
    table.text_cell(word(say, WordGroup::kGrade, one.name));
    table.text_cell(grouped(one.count), "numeral");
    const std::string_view meaning = word(say, WordGroup::kGradeMeaning, one.name);
    table.text_cell(meaning == one.name ? std::string_view() : meaning);
    table.end_row();
  }
  table.end();
}

void write_file_row(const ReportPage& page, GridTable& table, const Statement& row) {
  const Phrases& say = page.say;
  table.begin_row();
  table.begin_cell("where");
  page.out.open("span", {{"class", "source"}}).evidence(evidence_name(page, row.text(0)), 120).close("span").text(" ");
  const bool carved = row.text(3) == "carved";
  if (carved || row.is_null(1)) page.out.text(say(Say::kNoName)).text(" ");
  if (carved) {
    page.out.open("span", {{"class", "source"}}).evidence(row.text(1)).close("span");
  } else {
    page.out.evidence(row.text(1));
  }
  table.end_cell();
  table.text_cell(word(say, WordGroup::kMethod, row.text(3)));
  table.begin_cell().text(word(say, WordGroup::kGrade, row.text(2)));
  if (row.text(2) == "overwritten" && !row.is_null(7))
    page.out.empty("br").element("span", say(Say::kSurvive, row.integer(7)), {{"class", "source"}});
  table.end_cell();
  table.text_cell(row.integer(4) < 0 ? "?" : grouped(static_cast<std::uint64_t>(row.integer(4))), "numeral");
  if (row.integer(4) == 0) {
    table.text_cell(say(Say::kEmptyContent), "unknown");
  } else {
    table.code_cell(row.text(5));
  }
  table.begin_cell();
  const std::string_view sha256 = row.text(5);
  if (row.integer(6) != 0 && sha256.size() == 64) {
    page.out.code(fmt::format("{}/{}/{}…", carved ? "carved" : "recovered", sha256.substr(0, 2), sha256.substr(0, 8)));
  } else {
    page.out.text("–");
  }
  table.end_cell();
  table.end_row();
}

void write_general_limits(const ReportPage& page) {
  page.out.element("h3", page.say(Say::kGeneralLimits)).open("ul").newline();
  for (const Say limit : {Say::kLimitScope, Say::kLimitUser, Say::kLimitTime, Say::kLimitAbsence})
    page.out.element("li", page.say(limit)).newline();
  page.out.close("ul").newline();
}

void write_damage_groups(const ReportPage& page) {
  const Phrases& say = page.say;
  GridTable table(page.out, "groups",
                  {std::string(say(Say::kDamageKind)), std::string(say(Say::kConsumer)),
                   std::string(say(Say::kHowMany)), std::string(say(Say::kMeaning))});
  for (const NamedCount& one : page.facts.counts.damage_by_kind) {
    table.begin_row();
    table.text_cell(word(say, WordGroup::kDamage, one.name));
    table.evidence_cell(one.detail);
    table.text_cell(grouped(one.count), "numeral");
    const std::string_view meaning = word(say, WordGroup::kDamageMeaning, one.name);
    table.text_cell(meaning == one.name ? std::string_view() : meaning);
    table.end_row();
  }
  table.end();
}

void write_damage_row(const ReportPage& page, GridTable& table, const Statement& row) {
  const Phrases& say = page.say;
  table.begin_row();
  table.begin_cell("where");
  page.out.open("span", {{"class", "source"}}).evidence(evidence_name(page, row.text(0)), 120).close("span").text(" ");
  const std::string_view path = row.text(2);
  const std::string_view stream = row.text(1);
  if (!path.empty()) {
    page.out.evidence(path);
  } else if (!stream.empty()) {
    page.out.code(stream);
  } else {
    page.out.text(say(Say::kDamageWhole));
  }
  if (!row.is_null(3) && row.integer(3) >= 0)
    page.out.text(" ").code(fmt::format("@{:#x}", static_cast<std::uint64_t>(row.integer(3))));
  table.end_cell();
  table.text_cell(word(say, WordGroup::kDamage, row.text(4)));
  table.evidence_cell(row.text(5));
  table.begin_cell("detail");
  if (!row.text(7).empty()) page.out.evidence(row.text(7), 100).text(": ");
  page.out.evidence(row.text(6), 400);
  table.end_cell();
  table.end_row();
}

}  // namespace

Status write_files(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "files");
  std::uint64_t total = 0;
  for (const NamedCount& one : page.facts.counts.files_by_grade) total += one.count;
  if (total == 0) {
    paragraph(page, say(Say::kFilesNone));
    TRIAGE_TRY_STATUS(write_recovered_sheet(page));  // members of existing archives
    close_section(page);
    return {};
  }
  paragraph(page, say(Say::kFilesIntro));
  write_grades(page);
  TRIAGE_TRY_STATUS(write_recovered_sheet(page));
  if (total > page.limits.files) paragraph(page, say(Say::kFilesCapped, grouped(page.limits.files), grouped(total)));
  TRIAGE_TRY(
      Statement rows,
      page.database.prepare(fmt::format(
          "SELECT evidence, path, grade, method, size, sha256, saved, survive_percent FROM files WHERE {} "
          "ORDER BY saved DESC, grade IS 'name_only', method IS 'carved', evidence, path, sequence, stream LIMIT {}",
          kGone, page.limits.files)));
  GridTable table(page.out, "files",
                  {std::string(say(Say::kPath)), std::string(say(Say::kMethod)), std::string(say(Say::kGrade)),
                   std::string(say(Say::kSize)), std::string(say(Say::kSha256)), std::string(say(Say::kKept))});
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    write_file_row(page, table, rows);
  }
  table.end();
  close_section(page);
  return {};
}

Status write_damage(const ReportPage& page) {
  const Phrases& say = page.say;
  const std::uint64_t total = page.facts.counts.damage;
  open_section(page, "damage");
  paragraph(page, say(Say::kDamageIntro));
  write_general_limits(page);
  if (total == 0) {
    paragraph(page, say(Say::kDamageNone));
    close_section(page);
    return {};
  }
  write_damage_groups(page);
  if (total > page.limits.damage) paragraph(page, say(Say::kDamageCapped, grouped(page.limits.damage), grouped(total)));
  TRIAGE_TRY(Statement rows, page.database.prepare(fmt::format(
                                 "SELECT evidence, stream, path, at, kind, consumer, detail, field FROM damage "
                                 "ORDER BY kind, consumer, evidence, path, stream, at, detail LIMIT {}",
                                 page.limits.damage)));
  GridTable table(page.out, "damage",
                  {std::string(say(Say::kDamageAt)), std::string(say(Say::kDamageKind)),
                   std::string(say(Say::kConsumer)), std::string(say(Say::kDamageDetail))});
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    write_damage_row(page, table, rows);
  }
  table.end();
  close_section(page);
  return {};
}

}  // namespace triage
