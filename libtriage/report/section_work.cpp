// SPDX-License-Identifier: Apache-2.0
// Custody, method with versions, clocks and time zone, measures.
#include "report/sections.h"

namespace triage {
namespace {

/// What each kind of `when_basis` means to a reader.
std::string_view basis_text(const Phrases& say, std::string_view basis) {
  if (basis == "utc") return say(Both("recorded in UTC", "UTC で記録された時刻"));
  if (basis == "local-known") return say(Both("local time, zone recorded", "現地時刻(時間帯の記録あり)"));
  if (basis == "local-assumed") return say(Both("local time, zone assumed", "現地時刻(時間帯は仮定)"));
  if (basis == "unknown") return say(Both("zone not recorded", "時間帯の記録なし"));
  return basis;
}

void write_clock_offsets(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Say::kClockTitle));
  if (page.facts.settings.clock_offsets.empty()) paragraph(page, say(Say::kClockNone));
  for (const ClockOffset& offset : page.facts.settings.clock_offsets) {
    const std::uint64_t seconds = offset.offset_seconds < 0 ? 0 - static_cast<std::uint64_t>(offset.offset_seconds)
                                                            : static_cast<std::uint64_t>(offset.offset_seconds);
    page.out.open("p").evidence(say(Say::kClockRow, offset.host, grouped(seconds),
                                    say(offset.offset_seconds < 0 ? Say::kClockBehind : Say::kClockAhead),
                                    offset.source.empty() ? std::string(say(Say::kUnknown)) : offset.source));
    page.out.close("p").newline();
  }
}

void write_versions(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Both("Kinds of record that were read", "読み取った記録の種類と版"))).newline();
  GridTable table(page.out, "versions",
                  {std::string(say(Both("Kind of record", "記録の種類"))), std::string(say(Both("Id", "識別名"))),
                   std::string(say(Both("Version of the reading code", "読み取り処理の版"))),
                   std::string(say(Both("Events", "出来事の件数")))});
  for (const auto& [artifact, coverage] : page.facts.overview.artifacts) {
    table.begin_row();
    table.evidence_cell(word(say, WordGroup::kArtifact, artifact));
    table.code_cell(artifact);
    table.text_cell(fmt::format("{}", coverage.version), "numeral");
    table.text_cell(grouped(coverage.count), "numeral");
    table.end_row();
  }
  table.end();
}

}  // namespace

void write_custody(const ReportPage& page) {
  const Phrases& say = page.say;
  const CustodyFacts& custody = page.facts.custody;
  open_section(page, "custody");
  if (custody.present && custody.check.ok) {
    paragraph(page, say(Say::kChainOk, grouped(custody.check.found.count)));
  } else if (!custody.check.message.empty()) {
    paragraph(page, say(Say::kChainBad, custody.check.message), "warning");
  }
  if (!without_playbook(page)) {
    LabelTable table(page);
    write_fact(page, table, say(Both("Items and where they are now", "物件と現在の保管者")), "custody.items");
    table.end();
    if (!write_fact_table(page, "handovers", say(Both("Hand-overs", "受渡し"))))
      paragraph(page, say(Both("No hand-over of an item is recorded.", "物件の受渡しの記録はありません。")));
    const Fact* faults = page.facts.playbook->facts.find("custody.faults");
    if (faults != nullptr) {
      page.out.open("p", {{"class", "warning"}}).text(say(Both("Gaps in the chain: ", "保管の連続に欠け: ")));
      page.out.evidence(say.japanese() ? faults->text.ja : faults->text.en, 2000).close("p").newline();
    } else {
      paragraph(page, say(Both("No gap between the recorded hand-overs was found.",
                               "記録された受渡しの間に、欠けは見つかりませんでした。")));
    }
  }
  page.out.open("p").text(
      say(Both("Every run of the program on the evidence: ", "証拠に対するプログラムの実行の記録: ")));
  write_see(page, "runs");
  page.out.close("p").newline();
  close_section(page);
}

void write_method(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "method");
  paragraph(
      page,
      say(Both("The evidence is opened for reading only. Each byte is read once; what it means is worked out by "
               "one piece of code for each kind of record. Findings come from rules over contents and events; "
               "a person reviews them.",
               "証拠は読み取り専用で開き、各バイトを一度だけ読みます。記録の種類ごとに一つの処理が意味を読み取り、"
               "規則が内容と出来事から所見を導きます。所見は人が確認します。")));
  LabelTable table(page);
  table.evidence(say(Say::kToolVersion), page.tool_version);
  table.code(say(Say::kRunToolSha), page.facts.custody.last_tool_sha256);
  if (page.facts.playbook)
    table.evidence(say(Both("Legal rules", "法令データの版")), page.facts.playbook->library->law().version);
  table.text(
      say(Both("Guides followed", "参考にした指針")),
      say(Both("RFC 3227 (order of collection), IPA leak response guide (six steps), ICD 203 (likelihood)",
               "RFC 3227(収集の順序)、IPA 情報漏えい発生時の対応ポイント集(六つの段階)、ICD 203(可能性の表現)")));
  table.end();
  write_fact_table(page, "methods", say(Both("The six methods of investigation", "六つの調査方法")));
  if (!page.facts.overview.artifacts.empty()) write_versions(page);
  close_section(page);
}

void write_times(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "times");
  paragraph(page,
            say(Both("Times are kept in UTC to the nanosecond, beside the text as recorded. They are shown in {0} "
                     "with UTC in brackets and are not corrected.",
                     "時刻は UTC(ナノ秒)と記録された原文で保存しています。表示は {0} とし、括弧内に UTC を"
                     "併記します。補正はしていません。"),
                page.zone.label()));
  write_clock_offsets(page);
  if (page.facts.playbook) {
    LabelTable table(page);
    write_fact(page, table, say(Both("Time synchronisation (NTP)", "時刻同期(NTP)の状態")), "answer.clock_sync");
    table.end();
  }
  if (!page.facts.overview.bases.empty()) {
    page.out.element("h3", say(Both("How the sources recorded their times", "記録元の時刻の種類"))).newline();
    GridTable table(page.out, "bases",
                    {std::string(say(Both("Kind", "種類"))), std::string(say(Both("Events", "出来事の件数")))},
                    GridTable::Narrow::kScrolls);
    for (const auto& [basis, count] : page.facts.overview.bases) {
      table.begin_row();
      table.evidence_cell(basis_text(say, basis));
      table.text_cell(grouped(count), "numeral");
      table.end_row();
    }
    table.end();
  }
  if (page.facts.overview.without_time > 0)
    paragraph(page, say(Say::kSummaryNoTime, grouped(page.facts.overview.without_time)));
  paragraph(page, say(Say::kTimelineUnknownZone, page.zone.label()));
  close_section(page);
}

void write_measures(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "measures");
  if (!without_playbook(page)) {
    LabelTable table(page);
    write_fact(page, table, say(Both("Containment done", "抑制措置(実施済み)")), "work.containment");
    write_fact(page, table, say(Both("Measures done", "再発防止策(実施済み)")), "answer.measures_done");
    write_fact(page, table, say(Both("Measures planned", "再発防止策(予定)")), "answer.measures_planned");
    write_fact(page, table, say(Both("Notice to the persons", "本人への通知")), "answer.notice_state");
    write_fact(page, table, say(Both("Publication", "公表")), "answer.publication_state");
    write_fact(page, table, say(Both("Help desk", "問合せ窓口")), "answer.help_desk");
    table.end();
    write_fact_table(page, "tasks", say(Both("Tasks of the six steps", "六つの段階の作業")));
    write_fact_table(page, "do-not", say(Both("What must not be done now", "いま行ってはいけないこと")));
  }
  close_section(page);
}

}  // namespace triage
