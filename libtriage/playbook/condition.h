// SPDX-License-Identifier: Apache-2.0
// Condition: when a task, a trigger of a law or a duty applies. Three values: what was not answered stays open and is
// never taken as no.
//   condition := {all: [condition…]} | {any: [condition…]} | {not: condition}
//              | {shown: condition}    yes where the answers show it, else no: for exceptions, which must be shown
//              | {holds: ID}           a condition with a name
//              | {ask: QUESTION, is: WORD | is_not: WORD | is_any: [WORD…] | more_than: N | given: true}
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/yaml_view.h"

namespace triage {

enum class Truth : std::uint8_t { kNo, kOpen, kYes };
/// "no", "open", "yes".
std::string_view truth_name(Truth truth);

/// A count as a person can state it: "1200", "800-1500", ">=1000", "<=50". A missing side is not known.
struct CountRange {
  std::optional<std::int64_t> at_least;
  std::optional<std::int64_t> at_most;
};
std::optional<CountRange> parse_count(std::string_view text);

/// The newest answer of each question, by its id. A question that is not here was not answered.
using Answers = std::map<std::string, std::string>;
/// Conditions with a name that were evaluated before: triggers, exemptions.
using Held = std::map<std::string, Truth>;

struct Condition {
  enum class Kind : std::uint8_t { kAlways, kAll, kAny, kNot, kShown, kHolds, kIsAny, kIsNot, kMoreThan, kGiven };
  Kind kind = Kind::kAlways;
  std::string name;                ///< question, or what `holds` names
  std::vector<std::string> words;  ///< of is, is_any, is_not
  std::int64_t limit = 0;          ///< of more_than
  std::vector<Condition> parts;    ///< of all, any, not, shown
};

/// Reads the member `key` of `view`; absent is kAlways. Faults go to the view.
Condition read_condition(const YamlView& view, std::string_view key);
Truth evaluate(const Condition& condition, const Answers& answers, const Held& held);
/// Every question, and every name behind `holds`, that `condition` asks.
void names_of(const Condition& condition, std::set<std::string>& questions, std::set<std::string>& held);

/// "unknown", "不明" … : a person answered that it is not known.
bool is_unknown_word(std::string_view word);

}  // namespace triage
