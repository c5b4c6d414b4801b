// SPDX-License-Identifier: Apache-2.0
// LawRules: the law as data (playbooks/law/*.yaml). Triggers, deadlines, duties to others, the questions they need and
// the table of closed days. Every rule names law, article, as_of and source, and whether its text was checked against
// the source or written from memory. Nothing here concludes: see legal_clock.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "playbook/condition.h"

namespace triage {

/// Where a rule comes from.
struct RuleSource {
  Bilingual law;
  std::string article;
  std::string as_of;      ///< date the rule was looked at
  std::string source;     ///< where it was seen
  bool verified = false;  ///< false: written from general knowledge; check it against the original
};

/// What a question may be answered with.
enum class AnswerKind : std::uint8_t { kYesNo, kCount, kChoice, kTime, kText };

struct Question {
  std::string id;
  AnswerKind kind = AnswerKind::kText;
  Bilingual text;
  Bilingual hint;
  struct Choice {
    std::string word;
    Bilingual text;
  };
  std::vector<Choice> choices;
  std::string group;  ///< "trigger", "sign", "exemption", "intake", "form", "damage"
};

/// A named condition: one of the numbers of an article, or an exemption.
struct Trigger {
  std::string id;
  Bilingual number;  ///< "1号"; empty for an exemption
  Bilingual situation;
  Bilingual caution;  ///< what to look at before it is denied or affirmed
  Condition when;
  RuleSource from;
};

struct DeadlineRule {
  std::string id;
  Bilingual title;
  Bilingual to;  ///< who receives it
  Condition applies;
  int days = 0;        ///< the day of knowing is day 1; 0 when `hours` is used
  int early_days = 0;  ///< an earlier day of a range ("3 to 5 days"); 0 without
  int hours = 0;       ///< from the moment of knowing
  bool rolls = false;  ///< a closed day moves it to the next open day
  Bilingual caution;
  RuleSource from;
};

/// Something else that may have to be done: a contract, an insurer, the police …
struct Duty {
  std::string id;
  std::string step;
  std::string owner;
  Bilingual title;
  Bilingual caution;
  Condition when;
  std::string deadline;  ///< id of a DeadlineRule or ""
  RuleSource from;
};

/// Saturdays and Sundays are closed without being named.
struct ClosedDays {
  std::chrono::sys_days valid_from{};
  std::chrono::sys_days valid_until{};  ///< last day the table speaks of
  std::set<std::chrono::sys_days> days;
  RuleSource from;
  std::vector<std::pair<unsigned, unsigned>> yearly;  ///< month and day, each year (29 December to 3 January)
};

/// A worked example in a law file: what must come out for a time of knowing.
struct LawVector {
  std::string knew;  ///< date, in the zone of the rules
  std::string rule;
  std::string due;
  std::string latest;  ///< "" = not said
  std::string place;   ///< file:line
};

/// An item that a notice or a report must hold.
struct RequiredItem {
  std::string id;
  Bilingual text;
  RuleSource from;
};

struct LawRules {
  std::string version;  ///< newest as_of and digest of all files: what case.yaml records
  int zone_offset_minutes = 540;
  std::vector<Question> questions;
  std::vector<Trigger> conditions;  ///< in the order of the files; a later one may ask an earlier one
  std::vector<DeadlineRule> deadlines;
  std::vector<Duty> duties;
  std::vector<RequiredItem> notice_items;
  std::vector<RequiredItem> exemption_proof;
  ClosedDays closed;
  std::vector<LawVector> vectors;

  [[nodiscard]] const Question* question(std::string_view id) const;
  [[nodiscard]] const DeadlineRule* deadline(std::string_view id) const;
  [[nodiscard]] const Trigger* condition(std::string_view id) const;
};

/// Reads every *.yaml of each folder in turn; an entry of a later folder replaces one of the same id. Faults name file
/// and line (kUsage).
Result<LawRules> load_law(const std::vector<std::string>& folders);

/// The answer in the form the rules compare: yes, no, unknown; a choice's word; a count as it stands. nullopt when
/// `value` is none that the question takes.
std::optional<std::string> normal_answer(const Question& question, std::string_view value);

/// "2026-11-22"; nullopt when it is no date.
std::optional<std::chrono::sys_days> parse_date(std::string_view text);
std::string date_text(std::chrono::sys_days day);

/// All *.yaml of a folder, sorted by name.
std::vector<std::string> yaml_files(const std::string& folder);

}  // namespace triage
