// SPDX-License-Identifier: Apache-2.0
// Facts of settings, answers and evidence. Those of tasks and law are in case_facts_work.cpp.
#include "playbook/case_facts.h"

#include <fmt/format.h>

#include "playbook/loss_estimate.h"

namespace triage {
namespace {

constexpr int kMaxRows = 200;  ///< of one table; the rest is in case.db

Bilingual same(const std::string& text) { return {text, text}; }

void add_settings(const CaseState& state, CaseFacts& facts) {
  const CaseSettings& settings = state.settings;
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) facts.add(key, {same(value), {"case.yaml"}, std::nullopt});
  };
  put("case.organisation", settings.organisation);
  put("case.knew", settings.knew_time.value_or(""));
  put("case.zone", settings.time_zone);
  put("case.name", state.case_name);
  facts.add("case.type", {state.playbook->title, {"case.yaml"}, std::nullopt});
  facts.add("case.revision", {same(std::to_string(state.record.entries)), {"custody.jsonl"}, std::nullopt});
  if (!state.record.head.empty()) facts.add("case.head", {same(state.record.head), {"custody.jsonl"}, std::nullopt});
  std::string people, examiners, offsets;
  for (const CasePerson& person : settings.people) {
    people += fmt::format("{}{} ({})", people.empty() ? "" : "\n", person.name, person.role);
    if (person.role == "examiner") examiners += (examiners.empty() ? "" : ", ") + person.name;
  }
  for (const ClockOffset& one : settings.clock_offsets)
    offsets += fmt::format("{}{}: {:+} s ({})", offsets.empty() ? "" : "\n", one.host, one.offset_seconds, one.source);
  put("case.people", people);
  put("case.examiner", examiners);
  put("case.clock", offsets);
  if (state.exercise())
    facts.add("case.exercise", {{"This is an exercise.", "これは訓練である。"}, {"custody.jsonl"}, std::nullopt});
}

void add_answers(const CaseState& state, const LawRules& law, CaseFacts& facts) {
  FactTable table{{{"question", "確認事項"}, {"answer", "回答"}, {"tag", "区分"}, {"by", "回答者"}}, {}};
  for (const Question& question : law.questions) {
    const auto found = state.record.answers.find(question.id);
    if (found == state.record.answers.end() || is_unknown_word(found->second.value)) continue;
    const AnswerRecord& answer = found->second;
    Bilingual text = same(answer.value);
    if (answer.value == "yes") text = {"yes", "はい"};
    if (answer.value == "no") text = {"no", "いいえ"};
    for (const Question::Choice& choice : question.choices) {
      if (choice.word == answer.value) text = choice.text;
    }
    Fact fact{text, {fmt::format("#{}", answer.entry)}, answer.tag};
    if (!answer.basis.empty()) fact.ids.push_back(answer.basis);
    table.rows.push_back({{question.text,
                           text,
                           {std::string(certainty_name(answer.tag)), std::string(certainty_name_ja(answer.tag))},
                           same(answer.by)},
                          fact.ids});
    facts.add("answer." + question.id, std::move(fact));
  }
  facts.add_table("questions", std::move(table));
}

void add_notes(const CaseState& state, CaseFacts& facts) {
  FactTable table{{{"time", "日時"}, {"tag", "区分"}, {"note", "覚え書き"}, {"by", "記入者"}}, {}};
  for (const NoteRecord& note : state.record.notes) {
    Bilingual tag;
    if (note.tag) tag = {std::string(certainty_name(*note.tag)), std::string(certainty_name_ja(*note.tag))};
    table.rows.push_back({{same(note.time), tag, same(note.text), same(note.by)}, {fmt::format("#{}", note.entry)}});
  }
  facts.add_table("notes", std::move(table));
}

/// One row a record: cells are the columns after the first, which is the id.
Result<FactTable> read_table(Database& database, std::string_view sql, std::vector<Bilingual> head) {
  FactTable out{std::move(head), {}};
  TRIAGE_TRY(Statement rows, database.prepare(sql));
  for (int count = 0; count < kMaxRows; ++count) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) break;
    FactTable::Row one{{}, {std::string(rows.text(0))}};
    for (int i = 1; i <= static_cast<int>(out.head.size()); ++i) one.cells.push_back(same(std::string(rows.text(i))));
    out.rows.push_back(std::move(one));
  }
  return out;
}

/// All rows as one text, one line a row, with the ids of all.
Fact joined(const FactTable& table) {
  Fact out;
  for (const FactTable::Row& row : table.rows) {
    std::string en, ja;
    for (const Bilingual& cell : row.cells) {
      if (cell.en.empty() && cell.ja.empty()) continue;
      en += (en.empty() ? "" : "  ") + cell.en;
      ja += (ja.empty() ? "" : "  ") + cell.ja;
    }
    out.text.en += (out.text.en.empty() ? "" : "\n") + en;
    out.text.ja += (out.text.ja.empty() ? "" : "\n") + ja;
    out.ids.insert(out.ids.end(), row.ids.begin(), row.ids.end());
  }
  return out;
}

}  // namespace

void CaseFacts::add(const std::string& key, Fact fact) {
  if (!fact.text.en.empty() || !fact.text.ja.empty()) facts_[key] = std::move(fact);
}

const Fact* CaseFacts::find(std::string_view key) const {
  const auto found = facts_.find(key);
  return found == facts_.end() ? nullptr : &found->second;
}

const FactTable* CaseFacts::table(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

Status add_evidence_facts(Database& database, CaseFacts& facts) {
  TRIAGE_TRY(
      FactTable evidence,
      read_table(
          database, "SELECT id, id, name, format, size, sha256 FROM evidence ORDER BY id",
          {{"id", "番号"}, {"name", "名称"}, {"format", "形式"}, {"bytes", "バイト数"}, {"SHA-256", "SHA-256"}}));
  facts.add("evidence.list", joined(evidence));
  facts.add_table("evidence", std::move(evidence));
  TRIAGE_TRY(FactTable findings,
             read_table(database,
                        "SELECT id, severity, claim, likelihood, path FROM findings ORDER BY CASE severity WHEN "
                        "'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, rule, "
                        "path, id",
                        {{"severity", "重要度"}, {"finding", "所見"}, {"likelihood", "可能性"}, {"place", "場所"}}));
  TRIAGE_TRY(Statement japanese, database.prepare("SELECT claim_ja FROM findings WHERE id = ?1 LIMIT 1"));
  for (FactTable::Row& row : findings.rows) {
    japanese.bind(1, std::string_view(row.ids.front()));
    TRIAGE_TRY(const bool found, japanese.step());
    if (found && !japanese.is_null(0)) row.cells[1].ja = std::string(japanese.text(0));
    japanese.reset();
  }
  facts.add("findings.list", joined(findings));
  if (!findings.rows.empty())
    facts.add("findings.count", {same(std::to_string(findings.rows.size())), {}, std::nullopt});
  facts.add_table("findings", std::move(findings));
  // Columns of a 証拠説明書; the label is the exhibit number (甲…) once counsel has given it.
  TRIAGE_TRY(FactTable exhibits,
             read_table(database,
                        "SELECT id, coalesce(label, ''), id, title, original, created, author, purpose, remarks FROM "
                        "exhibits ORDER BY id",
                        {{"exhibit", "号証"},
                         {"neutral id", "資料番号"},
                         {"title", "標目"},
                         {"original or copy", "原本・写しの別"},
                         {"made on", "作成年月日"},
                         {"made by", "作成者"},
                         {"what it proves", "立証趣旨"},
                         {"remarks", "備考"}}));
  facts.add_table("exhibits", std::move(exhibits));
  TRIAGE_TRY(const std::string from, database.text("SELECT min(\"when\") FROM events WHERE id IN (SELECT j.value FROM "
                                                   "findings f, json_each(f.events) j)"));
  TRIAGE_TRY(const std::string to, database.text("SELECT max(\"when\") FROM events WHERE id IN (SELECT j.value FROM "
                                                 "findings f, json_each(f.events) j)"));
  facts.add("period.from", {same(from), {"case.db"}, std::nullopt});
  facts.add("period.to", {same(to), {"case.db"}, std::nullopt});
  return {};
}

Result<CaseFacts> gather_facts(const CaseState& state, const PlaybookLibrary& library, Database* database) {
  CaseFacts facts;
  add_settings(state, facts);
  add_answers(state, library.law(), facts);
  add_notes(state, facts);
  add_law_facts(state, library, facts);
  add_work_facts(state, facts);
  TRIAGE_TRY_STATUS(add_loss_facts(library.folders(), state.record.answer_words(), facts));
  if (database != nullptr) TRIAGE_TRY_STATUS(add_evidence_facts(*database, facts));
  return facts;
}

}  // namespace triage
