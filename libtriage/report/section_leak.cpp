// SPDX-License-Identifier: Apache-2.0
// Extent of the leak, the regulator's nine items, range of damage, and the author's statement.
#include <array>

#include "report/answers.h"
#include "report/redaction.h"
#include "report/sections.h"

namespace triage {
namespace {

const std::string& in(const ReportPage& page, const Bilingual& both) { return page.say.japanese() ? both.ja : both.en; }

/// Questions whose findings speak of what left.
bool speaks_of_extent(std::string_view question) {
  if (question.starts_with("exfiltration_") || question == "staging_and_removal" || question == "collection")
    return true;
  static constexpr std::string_view kThese[] = {"data_staged", "exfil_channel_used",      "data_theft_claimed",
                                                "p2p_upload",  "secret_document_present", "ransomware_present"};
  return std::find(std::begin(kThese), std::end(kThese), question) != std::end(kThese);
}

void write_extent_findings(const ReportPage& page) {
  const Phrases& say = page.say;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < page.facts.findings.size() && numbers.size() < 50; ++i) {
    if (speaks_of_extent(page.facts.findings[i].question)) numbers.push_back(i);
  }
  page.out.element("h3", say(Both("Findings that speak of the extent", "範囲に関わる所見"))).newline();
  if (numbers.empty()) {
    paragraph(page, say(Both("None in what was examined. This does not show that nothing left.",
                             "調べた範囲にはありません。漏えいがなかったことを示すものではありません。")));
    return;
  }
  page.out.open("ul").newline();
  for (const std::size_t i : numbers) {
    const FindingFacts& finding = page.facts.findings[i];
    page.out.open("li")
        .open("a", {{"href", fmt::format("#finding-{}", i + 1)}})
        .evidence(finding.claim, 300)
        .close("a");
    page.out.text(fmt::format(" ({})", word(say, WordGroup::kLikelihood, finding.likelihood)));
    page.out.close("li").newline();
  }
  page.out.close("ul").newline();
}

void write_field(const ReportPage& page, LabelTable& table, const FilledField& field) {
  if (field.table != nullptr) return;
  table.begin_value(in(page, field.field->label));
  if (!field.known) {
    page.out.element("span", page.say.japanese() ? kOpenJa : kOpenEn, {{"class", "open"}});
  } else {
    page.out.evidence(in(page, field.value), 1500);
    if (!field.ids.empty()) {
      page.out.empty("br");
      write_ids(page, field.ids);
    }
  }
  table.end_value();
}

}  // namespace

void write_extent(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "extent");
  if (!without_playbook(page)) {
    LabelTable table(page);
    write_fact(page, table, say(Both("Items of information", "情報の項目")), "answer.leak_items");
    write_fact(page, table, say(Both("Medium", "媒体")), "answer.medium");
    write_fact(page, table, say(Both("Kind of persons", "本人の種別")), "answer.person_kind");
    write_fact(page, table, say(Both("Number of persons (known – upper bound)", "本人の数(判明分と上限)")),
               "answer.persons");
    write_fact(page, table, say(Both("With card data", "うちカード情報のある本人")), "answer.card_persons");
    write_fact(page, table, say(Both("Number of records or files", "情報の件数")), "answer.leak_count");
    write_fact(page, table, say(Both("Special-care data", "要配慮個人情報")), "answer.special_care");
    write_fact(page, table, say(Both("Occurred from", "発生の始期")), "answer.occurred_from");
    write_fact(page, table, say(Both("Occurred until", "発生の終期")), "answer.occurred_to");
    write_fact(page, table, say(Both("First event that findings rest on", "所見の根拠の最初の出来事")), "period.from");
    write_fact(page, table, say(Both("Last event that findings rest on", "所見の根拠の最後の出来事")), "period.to");
    write_fact(page, table, say(Both("Where it may have gone", "漏えい先")), "answer.destination");
    table.text(say(Both("How it was counted", "数え方")),
               say(Both("Numbers of persons and records are as stated by the person named under each. The program did "
                        "not count persons. A person who stands in several lists may be counted more than once.",
                        "本人の数と件数は、各欄に示す回答者が述べた値です。プログラムは人数を数えていません。"
                        "複数の名簿に載る人は重ねて数えられている可能性があります。")));
    table.end();
  }
  write_extent_findings(page);
  close_section(page);
}

void write_nine_items(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "nine");
  const FilledForm nine = nine_items(page.facts);
  if (!without_playbook(page) && nine.form == nullptr)
    paragraph(page,
              say(Both("The form ppc-final is not among the playbooks.", "様式 ppc-final が手順書にありません。")),
              "warning");
  if (nine.form != nullptr) {
    paragraph(page, say(Both("Items filled: {0}; under investigation: {1}. Drafts to edit lie in 4-notification/.",
                             "記載済み {0} 項目、調査中 {1} 項目。編集用の案は 4-notification/ にあります。"),
                        grouped(nine.known), grouped(nine.open)));
    for (const FilledForm::Section& section : nine.sections) {
      page.out.element("h3", in(page, section.section->title)).newline();
      LabelTable table(page);
      for (const FilledField& field : section.fields) write_field(page, table, field);
      table.end();
    }
    paragraph(page, fmt::format("{} ({})", nine.form->source, nine.form->as_of), "note");
  }
  close_section(page);
}

void write_loss(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "loss");
  if (!without_playbook(page)) {
    if (const Fact* warning = page.facts.playbook->facts.find("damage.warning"))
      paragraph(page, in(page, warning->text), "warning");
    if (!write_fact_table(page, "estimate", say(Both("Range by method", "方法ごとの範囲"))))
      paragraph(page, say(Both("No range can be given yet.", "まだ範囲を示せません。")), "open");
    write_fact_table(page, "costs", say(Both("Cost of the response", "対応にかかる費用の目安")));
    write_fact_table(page, "awards", say(Both("Court awards for one person", "裁判例の一人当たりの認容額")));
  }
  close_section(page);
}

void write_statement(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "statement");
  paragraph(page,
            say(Both("This report states what the records show. Facts and opinions stand in separate sentences. It "
                     "draws no legal conclusion.",
                     "この報告書は、記録から分かることを述べるものです。事実と意見は文を分けて書いています。"
                     "法的な結論は述べません。")));
  LabelTable table(page);
  for (const Both& label :
       {Both("Author", "作成者"), Both("Qualifications and experience", "資格・経験"),
        Both("Interest in the case", "利害関係"), Both("Date", "日付"), Both("Signature", "署名・押印")}) {
    table.begin_value(say(label))
        .element("span", say(Both("(to be filled in by hand)", "(自筆で記入)")), {{"class", "blank"}});
    table.end_value();
  }
  table.end();
  if (page.redactor != nullptr) write_masked(page);
  close_section(page);
}

void write_masked(const ReportPage& page) {
  const Phrases& say = page.say;
  std::array<std::array<std::uint64_t, 2>, kMaskKindCount> counts{};
  for (const Redactor::Entry& entry : page.redactor->entries()) {
    ++counts.at(static_cast<std::size_t>(entry.kind))[0];
    counts.at(static_cast<std::size_t>(entry.kind))[1] += entry.count;
  }
  page.out.element("h3", say(Both("What was masked in this copy", "この写しで伏せたもの"))).newline();
  GridTable table(page.out, "masked",
                  {std::string(say(Both("Kind", "種類"))), std::string(say(Both("Different values", "異なる値の数"))),
                   std::string(say(Both("Places", "箇所の数")))});
  for (std::size_t i = 0; i < kMaskKindCount; ++i) {
    table.begin_row();
    table.text_cell(mask_kind_name(static_cast<MaskKind>(i), say.japanese()));
    table.text_cell(grouped(counts[i][0]), "numeral");
    table.text_cell(grouped(counts[i][1]), "numeral");
    table.end_row();
  }
  table.end();
  paragraph(page,
            say(Both("The values stand in a log that stays with the case. The program masks what it recognises; a "
                     "person reads this copy before it is handed on.",
                     "元の値は事案に残す記録にあります。プログラムが伏せるのは見分けられたものだけです。渡す前に人が"
                     "読んで確かめてください。")),
            "note");
}

}  // namespace triage
