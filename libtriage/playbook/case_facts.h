// SPDX-License-Identifier: Apache-2.0
// CaseFacts: what forms, report and bundle may say of a case, each fact under a key, in both languages, with the ids it
// rests on (custody entries "#12", events, findings, exhibits, evidence). A key that is not there is not known:
// whoever prints it says 調査中. Keys:
//   case.*      organisation type knew examiner people zone revision head name exercise
//   answer.ID   each answered question         law.triggers law.deadlines law.RULE.due law.unanswered law.protected
//   findings.*  list count      law.signs      evidence.list   exhibits.count   period.from period.to
//   work.done work.containment work.open       methods.list    custody.items custody.faults
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "playbook/case_state.h"

namespace triage {

struct Fact {
  Bilingual text;
  std::vector<std::string> ids;
  std::optional<Certainty> tag;
};

/// Rows for a table of a form: header cells, then cells and ids of each row.
struct FactTable {
  std::vector<Bilingual> head;
  struct Row {
    std::vector<Bilingual> cells;
    std::vector<std::string> ids;
  };
  std::vector<Row> rows;
};

class CaseFacts {
 public:
  void add(const std::string& key, Fact fact);
  [[nodiscard]] const Fact* find(std::string_view key) const;
  void add_table(const std::string& name, FactTable table) { tables_[name] = std::move(table); }
  [[nodiscard]] const FactTable* table(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Fact, std::less<>>& all() const { return facts_; }

 private:
  std::map<std::string, Fact, std::less<>> facts_;
  std::map<std::string, FactTable, std::less<>> tables_;
};

/// `database` is nullptr before the first evidence. Tables: do-not tasks open-tasks triggers deadlines methods
/// handovers findings exhibits questions estimate awards costs notes.
Result<CaseFacts> gather_facts(const CaseState& state, const PlaybookLibrary& library, Database* database);

/// Parts of gather_facts().
void add_work_facts(const CaseState& state, CaseFacts& facts);
void add_law_facts(const CaseState& state, const PlaybookLibrary& library, CaseFacts& facts);
Status add_evidence_facts(Database& database, CaseFacts& facts);

}  // namespace triage
