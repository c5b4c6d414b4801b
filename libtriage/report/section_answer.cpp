// SPDX-License-Identifier: Apache-2.0
// The one page: the questions put to the examiner with their answers, and ten questions a reader asks first, each with
// a link to the section that answers it. The answers follow a stated rule from the likelihood of the findings.
#include <algorithm>
#include <array>
#include <set>

#include "report/answers.h"
#include "report/sections.h"

namespace triage {
namespace {

void write_verdict(const ReportPage& page, Verdict verdict) {
  static constexpr std::array<Both, 3> kWords = {
      {{"shown", "認められる"}, {"not shown", "認められない"}, {"cannot be judged", "判断できない"}}};
  static constexpr std::array<std::string_view, 3> kCss = {"verdict yes", "verdict no", "verdict open"};
  const auto i = static_cast<std::size_t>(verdict);
  page.out.element("b", page.say(kWords.at(i)), {{"class", kCss.at(i)}});
}

void write_reason(const ReportPage& page, const Answer& answer) {
  const Phrases& say = page.say;
  if (answer.findings.empty()) {
    page.out.text(say(answer.counsel
                          ? Both("No finding carries this question; a person answers it from sections {0} and {1}.",
                                 "この問いに結び付く所見はありません。第 {0} 章と第 {1} 章を基に人が答えます。")
                          : Both("No finding says so in what was examined (sections {0} and {1}).",
                                 "調べた範囲(第 {0} 章、第 {1} 章)に、これを示す所見はありません。"),
                      section_number("examined"), section_number("damage")));
    return;
  }
  if (answer.likelihood == "not_stated") {
    page.out.text(say(Both("A trace was found; whether it was used is not shown. ",
                           "痕跡は見つかりました。使われたかどうかは示されていません。")));
  } else {
    page.out.text(fmt::format("{}: ", say(Say::kLikelihood)));
    page.out.text(word(say, WordGroup::kLikelihood, answer.likelihood)).text(say(Both(". ", "。")));
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(answer.findings.size(), 6); ++i) {
    const std::uint32_t number = answer.findings[i];
    page.out.text(" ").link(fmt::format("#finding-{}", number),
                            say(Say::kRestingFinding, fmt::format("{}-{}", section_number("findings"), number)));
  }
  if (answer.findings.size() > 6) page.out.text(say(Both(" and {0} more", " ほか {0} 件"), answer.findings.size() - 6));
}

std::string joined(const std::set<std::string>& values, std::size_t limit) {
  std::string out;
  std::size_t count = 0;
  for (const std::string& value : values) {
    if (++count > limit) return out + " …";
    out += (out.empty() ? "" : ", ") + std::string(cut_text(value, 80));
  }
  return out;
}

/// Accounts, severest findings first.
std::string who(const ReportPage& page) {
  std::set<std::string> accounts;
  for (const FindingFacts& finding : page.facts.findings) {
    for (const std::string& one : finding.who.values) {
      if (accounts.size() < 5) accounts.insert(one);
    }
  }
  if (accounts.empty())
    return std::string(page.say(Both("The findings name no account.", "所見の根拠にアカウントの記録はありません。")));
  return page.say(Both("Accounts in the findings: {0}. An account is not a person.",
                       "所見の根拠にあるアカウント: {0}。アカウントは人を示すものではありません。"),
                  joined(accounts, 4));
}

std::string when(const ReportPage& page) {
  const FindingFacts* first = nullptr;
  const FindingFacts* last = nullptr;
  for (const FindingFacts& finding : page.facts.findings) {
    if (!finding.first_order) continue;
    if (first == nullptr || *finding.first_order < *first->first_order) first = &finding;
    if (last == nullptr || *finding.last_order > *last->last_order) last = &finding;
  }
  if (first == nullptr)
    return std::string(
        page.say(Both("The findings rest on no dated event.", "所見の根拠に日時のある記録はありません。")));
  return page.say(Both("Events that findings rest on: {0} to {1}", "所見の根拠となる出来事: {0} から {1} まで"),
                  first->first_when, last->last_when);
}

std::string fact_or_open(const ReportPage& page, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const Fact* fact = page.facts.playbook ? page.facts.playbook->facts.find(key) : nullptr;
    if (fact == nullptr) continue;
    std::string text(cut_text(page.say.japanese() ? fact->text.ja : fact->text.en, 240));
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }
  return std::string(page.say.japanese() ? kOpenJa : kOpenEn);
}

std::string how_sure(const ReportPage& page) {
  std::array<std::uint64_t, 3> counts{};  // likely or more, between, not stated
  for (const NamedCount& one : page.facts.counts.findings_by_likelihood) {
    const int rank = likelihood_rank(one.name);
    counts.at(rank == 0 ? 2 : rank >= 5 ? 0 : 1) += one.count;
  }
  return page.say(
      Both("Findings that are likely or more: {0}; less than that: {1}; content found, no more claimed: {2}",
           "可能性が高い以上の所見 {0} 件、それ未満 {1} 件、内容が見つかった事実だけのもの {2} 件"),
      grouped(counts[0]), grouped(counts[1]), grouped(counts[2]));
}

std::string not_known(const ReportPage& page) {
  const FilledForm nine = nine_items(page.facts);
  return page.say(
      Both("Items of the regulator's report still under investigation: {0}; places that could not be read: {1}",
           "報告事項のうち調査中 {0} 項目、読み取れなかった箇所 {1} 件"),
      grouped(nine.open), grouped(page.facts.counts.damage));
}

std::string next_date(const ReportPage& page) {
  const DeadlineState* next = page.facts.playbook ? next_deadline(page.facts.playbook->state.clock) : nullptr;
  if (next == nullptr)
    return std::string(page.say(
        Both("No date yet: the time of knowing is not stated.", "知った日時が未記入のため、まだ計算できません。")));
  return fmt::format(
      "{}: {}{}", page.say.japanese() ? next->rule->title.ja : next->rule->title.en, next->due,
      next->applies == Truth::kYes ? "" : page.say(Both(" (whether it applies is open)", "(該当は未確定)")));
}

std::string touched(const ReportPage& page) {
  std::set<std::string> people;
  if (page.facts.playbook) {
    for (const Handover& move : page.facts.playbook->state.record.handovers) {
      if (!move.to.empty()) people.insert(move.to);
    }
    for (const RunRecord& run : page.facts.playbook->state.record.runs) {
      const std::string& name = run.run_operator.empty() ? run.user : run.run_operator;
      if (!name.empty()) people.insert(name);
    }
  }
  if (people.empty()) return std::string(page.say(Both("No hand-over is recorded.", "受渡しの記録はありません。")));
  return page.say(Both("People and accounts in the log: {0}", "記録にある人とアカウント: {0}"), joined(people, 6));
}

std::string clocks(const ReportPage& page) {
  return page.say(Both("Shown in {0} with UTC beside it; clock comparisons recorded: {1}",
                       "表示は {0}(UTC を併記)。時計の照合の記録 {1} 件"),
                  page.zone.label(), page.facts.settings.clock_offsets.size());
}

}  // namespace

void write_answers(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Both("Questions put and answers", "依頼事項への回答"))).newline();
  const std::vector<Answer> answers = answers_of(page.facts);
  if (answers.empty()) {
    paragraph(page, say(Both("No question is recorded (answer “request” of the case), and no finding raises one.",
                             "依頼事項の記録(事案の回答 request)も、所見が答える問いもありません。")));
    return;
  }
  GridTable table(page.out, "answers",
                  {std::string(say(Both("Question", "依頼事項・問い"))), std::string(say(Both("Answer", "回答"))),
                   std::string(say(Both("Why, and where", "理由と根拠の箇所")))});
  for (const Answer& answer : answers) {
    table.begin_row();
    table.evidence_cell(answer.counsel ? answer.text : word(say, WordGroup::kQuestion, answer.question));
    table.begin_cell();
    write_verdict(page, answer.verdict);
    table.end_cell();
    table.begin_cell();
    write_reason(page, answer);
    table.end_cell();
    table.end_row();
  }
  table.end();
  paragraph(
      page,
      say(Both("“Shown” stands where a finding is likely or more, “not shown” where the findings are unlikely or "
               "less, “cannot be judged” for all else. The absence of a finding never counts as “not shown”.",
               "「認められる」は可能性が高い以上の所見がある場合、「認められない」は所見の可能性が低い以下の場合、"
               "「判断できない」はそれ以外です。所見がないことだけで「認められない」とはしません。")),
      "note");
}

void write_ten_questions(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Both("Ten questions", "はじめに読む十の問い"))).newline();
  struct Row {
    Both question;
    std::string_view anchor;
    std::string (*answer)(const ReportPage&);
  };
  static constexpr std::array<Row, 10> kRows = {{
      {{"Who?", "だれが"}, "findings", who},
      {{"When?", "いつ"}, "timeline", when},
      {{"What left?", "何が漏れたか"},
       "extent",
       [](const ReportPage& p) { return fact_or_open(p, {"answer.leak_items"}); }},
      {{"How many persons?", "何人分か"},
       "extent",
       [](const ReportPage& p) { return fact_or_open(p, {"answer.persons"}); }},
      {{"How sure?", "どの程度確かか"}, "findings", how_sure},
      {{"What is not known?", "何が分かっていないか"}, "damage", not_known},
      {{"Which date is next?", "次の期限はいつか"}, "clock", next_date},
      {{"Who touched the evidence?", "証拠に触れたのはだれか"}, "custody", touched},
      {{"Which clock?", "どの時計の時刻か"}, "times", clocks},
      {{"How can this be checked?", "どう確かめられるか"},
       "checks",
       [](const ReportPage& p) {
         return std::string(p.say(
             Both("With ordinary tools, command by command.", "一般的な道具で、一つずつのコマンドで確かめられます。")));
       }},
  }};
  GridTable table(page.out, "ten",
                  {std::string(say(Both("Question", "問い"))), std::string(say(Both("Short answer", "短い答え"))),
                   std::string(say(Both("Details", "詳細")))});
  for (const Row& row : kRows) {
    table.begin_row();
    table.begin_cell().element("b", say(row.question));
    table.end_cell();
    table.begin_cell();
    page.out.evidence(row.answer(page));
    table.end_cell();
    table.begin_cell();
    write_see(page, row.anchor);
    table.end_cell();
    table.end_row();
  }
  table.end();
}

}  // namespace triage
