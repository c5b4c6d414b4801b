// SPDX-License-Identifier: Apache-2.0
// Cover, contents, summary and what was examined.
#include "report/sections.h"

namespace triage {
namespace {

std::string revision(const ReportPage& page) {
  const CustodyHead& head = page.facts.custody.check.found;
  if (head.count == 0) return std::string(page.say(Say::kRevisionNone));
  return page.say(Say::kRevisionText, grouped(head.count), head.head);
}

std::string section_count(const ReportPage& page, std::string_view anchor) {
  const CaseCounts& counts = page.facts.counts;
  std::uint64_t count = 0;
  if (anchor == "examined") {
    count = counts.evidence;
  } else if (anchor == "findings") {
    count = counts.findings;
  } else if (anchor == "timeline") {
    count = page.facts.overview.total;
  } else if (anchor == "files") {
    count = counts.deleted + counts.carved;
  } else if (anchor == "damage") {
    count = counts.damage;
  } else if (anchor == "runs") {
    count = page.facts.custody.total;
  } else {
    return {};
  }
  return page.say(Say::kCountItems, grouped(count));
}

void write_period(const ReportPage& page) {
  const EventOverview& overview = page.facts.overview;
  if (!overview.days.empty()) {
    const auto early = day_at_share(overview, 0.05);
    const auto late = day_at_share(overview, 0.95);
    const bool narrower = early != overview.days.begin()->first || late != overview.days.rbegin()->first;
    paragraph(page, page.say(narrower ? Say::kSummaryPeriodMost : Say::kSummaryPeriod,
                             page.zone.day_text(overview.days.begin()->first),
                             page.zone.day_text(overview.days.rbegin()->first), page.zone.day_text(early.value_or(0)),
                             page.zone.day_text(late.value_or(0))));
  }
  if (overview.without_time > 0) paragraph(page, page.say(Say::kSummaryNoTime, grouped(overview.without_time)));
}

void write_finding_summary(const ReportPage& page) {
  const CaseCounts& counts = page.facts.counts;
  page.out.element("h3", page.say(Say::kSummaryTop)).newline();
  if (counts.findings == 0) {
    paragraph(page, page.say(Say::kSummaryNoFindings, grouped(page.facts.overview.total), grouped(counts.files)));
    return;
  }
  page.out.open("p").text(page.say(Say::kSummaryFindings, grouped(counts.findings)));
  for (const NamedCount& one : counts.findings_by_severity) {
    page.out.text(" ").open("span", {{"class", "tally"}});
    write_severity(page, one.name);
    page.out.text(fmt::format(" {}", grouped(one.count))).close("span");
  }
  page.out.close("p").newline();
  page.out.open("ul", {{"class", "top"}}).newline();
  const std::size_t shown = std::min(page.limits.top_findings, page.facts.findings.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const FindingFacts& finding = page.facts.findings[i];
    page.out.open("li");
    write_severity(page, finding.severity);
    page.out.text(" ").open("a", {{"href", fmt::format("#finding-{}", i + 1)}}).evidence(finding.claim, 300).close("a");
    if (!finding.path.empty()) page.out.text(" ").code(finding.path, 200);
    page.out.close("li").newline();
  }
  page.out.close("ul");
  if (counts.findings > shown) paragraph(page, page.say(Say::kSummaryTopMore, grouped(counts.findings)));
}

void write_unread_summary(const ReportPage& page) {
  const CaseCounts& counts = page.facts.counts;
  if (counts.damage == 0) {
    paragraph(page, page.say(Say::kSummaryNoDamage));
  } else {
    page.out.open("p").text(page.say(Say::kSummaryDamage, grouped(counts.damage))).text(" ");
    write_see(page, "damage");
    page.out.close("p").newline();
  }
  if (counts.encrypted_volumes > 0)
    paragraph(page, page.say(Say::kSummaryEncrypted, grouped(counts.encrypted_volumes)), "warning");
  if (counts.unparsed_volumes > 0)
    paragraph(page, page.say(Say::kSummaryUnparsed, grouped(counts.unparsed_volumes)), "warning");
  if (page.facts.custody.present && !page.facts.custody.check.ok)
    paragraph(page, page.say(Say::kSummaryCustodyBad, page.facts.custody.check.message), "warning");
}

void write_volumes(const ReportPage& page, const EvidenceFacts& evidence) {
  const Phrases& say = page.say;
  if (evidence.volumes.empty()) {
    paragraph(page, say(Say::kNoVolumes));
    return;
  }
  GridTable table(page.out, "volumes",
                  {std::string(say(Say::kVolumeNumber)), std::string(say(Say::kDescription)),
                   std::string(say(Say::kFileSystem)), std::string(say(Say::kLabel)), std::string(say(Say::kSerial)),
                   std::string(say(Say::kPlace)), std::string(say(Say::kState))});
  for (const VolumeFacts& volume : evidence.volumes) {
    table.begin_row();
    table.text_cell(fmt::format("{}", volume.number));
    table.evidence_cell(volume.description);
    table.evidence_cell(word(say, WordGroup::kFileSystem, volume.file_system));
    table.evidence_cell(volume.label);
    table.code_cell(volume.serial);
    const auto number = [](const std::optional<std::int64_t>& value) {
      return value && *value >= 0 ? grouped(static_cast<std::uint64_t>(*value)) : std::string("?");
    };
    table.text_cell(say(Say::kPlaceText, number(volume.offset), number(volume.length)));
    table.begin_cell().text(word(say, WordGroup::kVolumeStatus, volume.status));
    if (!volume.encryption.empty())
      page.out.text(fmt::format(" / {}: ", say(Say::kEncryption)))
          .text(word(say, WordGroup::kEncryption, volume.encryption));
    table.end_cell();
    table.end_row();
  }
  table.end();
}

/// Who asked and who wrote, as case.yaml and the answers say.
void write_author_rows(const ReportPage& page, LabelTable& table) {
  std::string authors;
  for (const CasePerson& person : page.facts.settings.people) {
    if (person.role == "examiner") authors += (authors.empty() ? "" : ", ") + person.name;
  }
  table.begin_value(page.say(Both("Author", "作成者")));
  if (authors.empty()) {
    write_unknown(page, Say::kNotStated);
  } else {
    page.out.evidence(authors);
  }
  table.end_value();
  if (page.facts.playbook && page.facts.playbook->facts.find("answer.request") != nullptr)
    write_fact(page, table, page.say(Both("Questions put", "依頼事項")), "answer.request");
}

}  // namespace

void write_cover(const ReportPage& page) {
  const Phrases& say = page.say;
  const CaseSettings& settings = page.facts.settings;
  page.out.open("header", {{"class", "cover"}}).newline();
  paragraph(page, say(Say::kSecrecy), "secrecy");
  page.out.element("h1", say(Say::kTitle)).newline();
  LabelTable table(page);
  table.evidence(say(Say::kCaseFolder), page.facts.case_name);
  table.begin_value(say(Say::kOrganisation));
  if (settings.organisation.empty()) {
    write_unknown(page, Say::kNotStated);
  } else {
    page.out.evidence(settings.organisation);
  }
  table.end_value();
  write_author_rows(page, table);
  table.evidence(say(Say::kLeakType), word(say, WordGroup::kLeakType, settings.leak_type));
  if (settings.knew_time) table.evidence(say(Say::kKnewTime), shown_utc_text(page, *settings.knew_time));
  table.text(say(Say::kCreatedAt), page.zone.moment(page.created_ns, 0));
  table.evidence(say(Say::kToolVersion),
                 page.tool_version.starts_with("triage") ? page.tool_version : "triage " + page.tool_version);
  table.text(say(Say::kRevision), revision(page));
  table.text(say(Say::kShownZone), say(Say::kShownZoneText, page.zone.label()));
  table.end();
  if (page.redactor != nullptr) {
    paragraph(page,
              say(Both("Copy to be shared: personal data is masked; section {0} says what.",
                       "共有用の写しです。個人情報を伏せています(内訳は第 {0} 章)。"),
                  section_number("statement")),
              "warning");
  }
  if (page.faults > 0) {
    paragraph(page,
              say(Both("DRAFT: findings lack parts in {0} place(s); triage report --check names them.",
                       "案: 要素の欠けた所見が {0} 箇所あります(triage report --check で確認できます)。"),
                  page.faults),
              "warning");
  }
  paragraph(page, say(Say::kCoverNote), "note");
  page.out.close("header").newline();
}

void write_contents(const ReportPage& page) {
  page.out.open("nav", {{"id", "contents"}}).element("h2", page.say(Say::kContents)).open("ol").newline();
  for (const SectionName& section : kSections) {
    page.out.open("li").link(fmt::format("#{}", section.anchor), page.say(section.title));
    const std::string count = section_count(page, section.anchor);
    if (!count.empty()) page.out.text(" ").element("span", count, {{"class", "count"}});
    page.out.close("li").newline();
  }
  page.out.close("ol").close("nav").newline();
}

void write_summary(const ReportPage& page) {
  const CaseCounts& counts = page.facts.counts;
  open_section(page, "summary");
  write_answers(page);
  write_ten_questions(page);
  write_finding_summary(page);
  page.out.element("h3", page.say(Both("What was read", "読み取ったもの"))).newline();
  if (counts.evidence == 0) {
    paragraph(page, page.say(Say::kSummaryNoEvidence));
  } else {
    paragraph(page, page.say(Say::kSummaryExamined, grouped(counts.evidence), binary_size(counts.bytes),
                             grouped(counts.volumes), grouped(counts.files), grouped(page.facts.overview.total)));
  }
  if (counts.unfinished > 0) paragraph(page, page.say(Say::kSummaryUnfinished, grouped(counts.unfinished)), "warning");
  write_period(page);
  if (counts.deleted + counts.carved > 0) {
    page.out.open("p").text(page.say(Say::kSummaryFiles, grouped(counts.deleted), grouped(counts.deleted_kept),
                                     grouped(counts.deleted_complete), grouped(counts.carved)));
    page.out.text(" ");
    write_see(page, "files");
    page.out.close("p").newline();
  }
  write_unread_summary(page);
  close_section(page);
}

void write_examined(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "examined");
  paragraph(page, say(Say::kExaminedIntro));
  if (page.facts.evidence.empty()) paragraph(page, say(Say::kSummaryNoEvidence));
  for (const EvidenceFacts& evidence : page.facts.evidence) {
    page.out.open("article", {{"class", "card"}, {"id", fmt::format("evidence-{}", evidence.id)}});
    page.out.open("h3").evidence(base_name(evidence.name)).close("h3");
    LabelTable table(page);
    table.code(say(Say::kEvidenceNumber), evidence.id);
    table.evidence(say(Say::kName), evidence.name);
    table.evidence(say(Say::kFormat), word(say, WordGroup::kFormat, evidence.format));
    table.text(say(Say::kSize), size_text(page, evidence.size));
    table.begin_value(say(Say::kSha256));
    if (evidence.sha256.empty()) {
      write_unknown(page, Say::kNoImageHash);
    } else {
      page.out.code(evidence.sha256);
    }
    table.end_value();
    table.evidence(say(Say::kIdentity), word(say, WordGroup::kKeyKind, evidence.key_kind));
    table.text(say(Say::kState), word(say, WordGroup::kState, evidence.state));
    if (!evidence.started.empty() && !evidence.finished.empty()) {
      table.text(say(Say::kReadPeriod), say(Say::kReadPeriodText, shown_utc_text(page, evidence.started),
                                            shown_utc_text(page, evidence.finished)));
    }
    table.end();
    page.out.element("h4", say(Say::kVolumes));
    write_volumes(page, evidence);
    page.out.close("article").newline();
  }
  write_fact_table(page, "exhibits", say(Both("Exhibits: neutral ids and labels", "資料番号と号証の対応")));
  close_section(page);
}

}  // namespace triage
