// SPDX-License-Identifier: Apache-2.0
// The legal clock, the request and its scope, people and roles.
#include <set>

#include "report/answers.h"
#include "report/sections.h"

namespace triage {
namespace {

std::string_view title_of(const ReportPage& page, const Bilingual& both) {
  return page.say.japanese() ? both.ja : both.en;
}

void write_next_date(const ReportPage& page, const LegalClock& clock) {
  const DeadlineState* next = next_deadline(clock);
  if (next == nullptr) {
    paragraph(page,
              page.say(Both("No date can be given: the time of knowing is not stated, or nothing is open.",
                            "示せる期限はありません。知った日時が未記入か、未了のものがありません。")),
              "warning");
    return;
  }
  page.out.open("p", {{"class", "next"}}).element("b", page.say(Both("Next date: ", "次の期限: ")));
  page.out.evidence(next->due).text(" ").text(title_of(page, next->rule->title));
  page.out.text(fmt::format(" ({})", title_of(page, next->rule->to)));
  if (next->applies != Truth::kYes)
    page.out.text(page.say(Both(" – whether it applies is not answered yet", " – 該当するかは未回答")));
  if (next->state == "overdue")
    page.out.text(" ").element("b", page.say(Both("overdue", "期限超過")), {{"class", "verdict no"}});
  page.out.close("p").newline();
}

/// What was asked of the examiner, and what was taken in and left out.
void write_left_out(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Both("What was left out", "調査から外れたもの"))).open("ul").newline();
  const CaseCounts& counts = page.facts.counts;
  if (counts.encrypted_volumes > 0)
    page.out.element("li", say(Say::kSummaryEncrypted, grouped(counts.encrypted_volumes))).newline();
  if (counts.unparsed_volumes > 0)
    page.out.element("li", say(Say::kSummaryUnparsed, grouped(counts.unparsed_volumes))).newline();
  for (const NamedCount& one : counts.damage_by_kind) {
    if (one.name != "skipped" && one.name != "limit") continue;
    page.out.open("li").text(word(say, WordGroup::kDamage, one.name)).text(": ");
    page.out.text(say(Both("{0} place(s)", "{0} 件"), grouped(one.count))).text(" ").evidence(one.detail, 100);
    page.out.close("li").newline();
  }
  if (page.facts.playbook) {
    for (const MethodState& method : page.facts.playbook->state.methods) {
      if (method.state == "done") continue;
      page.out.open("li").text(title_of(page, method.method->title)).text(": ");
      page.out.text(
          say(method.state == "not_possible" ? Both("not possible", "実施不能") : Both("not done", "未実施")));
      if (!method.why.en.empty()) page.out.text(" – ").evidence(title_of(page, method.why), 300);
      page.out.close("li").newline();
    }
  }
  page.out.element("li", say(Say::kLimitScope)).newline();
  page.out.close("ul").newline();
}

/// Who allowed the runs, as the custody log says.
std::set<std::string> authorities(const ReportFacts& facts) {
  std::set<std::string> out;
  for (const CustodyEntry& entry : facts.custody.entries) {
    if (!entry.authority.empty() && out.size() < 10) out.insert(entry.authority);
  }
  return out;
}

}  // namespace

void write_clock(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "clock");
  if (!without_playbook(page)) {
    const CaseState& state = page.facts.playbook->state;
    write_next_date(page, state.clock);
    LabelTable table(page);
    if (state.settings.knew_time) {
      table.evidence(say(Say::kKnewTime), shown_utc_text(page, *state.settings.knew_time));
    } else {
      write_fact(page, table, say(Say::kKnewTime), "case.knew");
    }
    write_fact(page, table, say(Both("Who came to know", "知った者")), "answer.knew_by");
    write_fact(page, table, say(Both("Triggers found in the answers", "回答の範囲で該当する事由")), "law.triggers");
    table.end();
    if (state.clock.table_expired)
      paragraph(page,
                say(Both("WARNING: the table of closed days has expired. Check every date by hand.",
                         "警告: 休日の表の有効期間を過ぎています。各期限を人の手で確かめてください。")),
                "warning");
    write_fact_table(page, "deadlines", say(Both("Dates", "期限の一覧")));
    write_fact_table(page, "triggers", say(Both("Triggers", "報告の事由")));
    paragraph(page,
              say(Both("The dates are worked out from the time of knowing and the answers given. “Not found in the "
                       "answers” does not mean that there is no duty; ask counsel.",
                       "期限は、知った日時と回答から計算したものです。「回答の範囲では該当なし」は義務がないことを"
                       "意味しません。弁護士に確認してください。")),
              "note");
  }
  close_section(page);
}

void write_scope(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "scope");
  if (!without_playbook(page)) {
    LabelTable table(page);
    write_fact(page, table, say(Both("Questions put", "依頼事項")), "answer.request");
    table.begin_value(say(Both("Authority", "権限の根拠")));
    const std::set<std::string> known = authorities(page.facts);
    if (known.empty())
      page.out.element("span", say(Both("not recorded in the custody log", "保管記録に記載なし")), {{"class", "open"}});
    for (const std::string& one : known) page.out.evidence(one, 300).text(" ");
    table.end_value();
    write_fact(page, table, say(Both("Where it happened", "場所・システム")), "answer.place");
    write_fact(page, table, say(Both("Owner of the data", "情報の保有者")), "answer.data_owner");
    write_fact(page, table, say(Both("Entrustment", "委託の有無")), "answer.delegation");
    write_fact(page, table, say(Both("Protections", "情報に施していた保護")), "answer.protections");
    table.end();
  }
  page.out.element("h3", say(Both("What was examined", "調べたもの"))).newline();
  page.out.open("ul").newline();
  for (const EvidenceFacts& evidence : page.facts.evidence) {
    page.out.open("li").open("a", {{"href", fmt::format("#evidence-{}", evidence.id)}});
    page.out.evidence(base_name(evidence.name), 200).close("a").text(" ");
    page.out.text(size_text(page, evidence.size)).close("li").newline();
  }
  if (page.facts.evidence.empty()) page.out.element("li", say(Say::kSummaryNoEvidence));
  page.out.close("ul").newline();
  write_left_out(page);
  close_section(page);
}

void write_people(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "people");
  if (page.facts.settings.people.empty()) {
    paragraph(page, say(Both("No person is recorded in case.yaml.", "case.yaml に関係者の記載がありません。")), "open");
  } else {
    GridTable table(
        page.out, "people",
        {std::string(say(Both("Name", "氏名"))), std::string(say(Both("Role", "役割"))),
         std::string(say(Both("Accounts the person says are theirs", "本人が自分のものと述べたアカウント")))});
    for (const CasePerson& person : page.facts.settings.people) {
      const Role* role = page.facts.playbook ? page.facts.playbook->library->role(person.role) : nullptr;
      table.begin_row();
      table.evidence_cell(person.name);
      table.evidence_cell(role != nullptr ? title_of(page, role->title) : word(say, WordGroup::kRole, person.role));
      table.evidence_cell(person.accounts);
      table.end_row();
    }
    table.end();
  }
  LabelTable table(page);
  write_fact(page, table, say(Both("Spokesperson", "対外窓口")), "answer.spokesperson");
  write_fact(page, table, say(Both("Who reported it", "申告者")), "answer.reporter_name");
  write_fact(page, table, say(Both("Who received the report", "受付者")), "answer.receiver");
  table.end();
  paragraph(page,
            say(Both("Qualifications and experience of the author are added by the author in the statement at the end.",
                     "作成者の資格と経験は、末尾の署名欄に作成者が書き加えます。")),
            "note");
  close_section(page);
}

}  // namespace triage
