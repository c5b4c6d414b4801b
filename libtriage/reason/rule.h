// SPDX-License-Identifier: Apache-2.0
// Rule: how findings are drawn from events. A rule names patterns of single events, says how events that match them
// must stand to each other, and what is then claimed. How it is run:
//  1. case_joins learns what belongs together (SID and account, volume serial, drive letter and device, folder
//  numbers).
//  2. Events come in the order of time, with facts of the case among them (content on two media, volumes, content
//     findings; event_fields.h). What matches a pattern becomes a Hit: a time, an id, and its values to join by as
//     numbers.
//  3. rule_run keeps the hits of the rule's widest window and drops older ones; each hit of `first` is an anchor, and
//     every leg is looked for around it. Anchors with the same `group` become one finding.
//  4. finding_maker reads the listed events again and fills the texts.
// A value that is not known joins with nothing. "almost_certain" needs events of two independent families of artifacts
// and whole records: the engine gives it, a rule can only allow it. The YAML form: rules/leak/README.md.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "reason/event_fields.h"

namespace re2 {
class RE2;
}

namespace triage {

/// One test of one field. `words` are ASCII lower case, as is what they are compared with.
struct FieldTest {
  enum class Kind : std::uint8_t {
    kAnyOf,
    kPrefix,
    kSuffix,
    kContains,
    kGlob,
    kRegex,
    kAtLeast,
    kAtMost,
    kPresent,
    kAbsent
  };
  Field field;
  Kind kind = Kind::kAnyOf;
  std::vector<std::string> words;
  std::int64_t number = 0;                ///< of kAtLeast, kAtMost
  std::shared_ptr<const re2::RE2> regex;  ///< of kRegex; linear in the text whatever the pattern is
};
using TestSet = std::vector<FieldTest>;  ///< all must hold

struct EventPattern {
  std::string name;
  TestSet tests;
  std::vector<TestSet> any_of;  ///< where not empty, one of these must hold as well
  std::vector<TestSet> except;  ///< an event that meets one of these is none
};

inline constexpr std::size_t kFirst = std::numeric_limits<std::size_t>::max();

/// Something looked for around an anchor.
struct Leg {
  enum class Role : std::uint8_t {
    kRequired,  ///< `with`: the anchor is dropped without it
    kSupports,  ///< `supports`: makes the claim surer
    kContext,   ///< `context`: is told along, and says nothing about the claim
    kAbsent,    ///< `without`: the anchor is dropped where it is found
  };
  enum class Order : std::uint8_t { kAround, kAfter, kBefore };
  Role role = Role::kRequired;
  std::vector<std::size_t> patterns;      ///< any of them
  Order order = Order::kAround;           ///< as seen from `of`
  std::optional<std::int64_t> within_ns;  ///< nullopt: at any time, also where the time is not known
  std::int64_t apart_ns = 0;              ///< at least so far from `of`
  std::size_t of = kFirst;                ///< index of an earlier leg; kFirst is the anchor
  std::vector<Field> same;                ///< values that must be known and equal
  std::uint32_t at_least = 1;
};

/// One way in which a rule can be met.
struct RuleCondition {
  std::vector<std::size_t> first;  ///< patterns whose hits are anchors
  std::uint32_t at_least = 1;      ///< more than 1: so many hits (or `distinct` values) within `in_ns`
  std::int64_t in_ns = 0;
  std::optional<Field> distinct;
  std::vector<Field> same;  ///< of a threshold: hits are counted by these
  std::vector<Leg> legs;
};

struct Rule {
  std::string id;     ///< "leak.removable_copy"; stored in findings, never renamed
  std::string place;  ///< "file:line"
  std::int64_t version = 1;
  Bilingual title;
  Severity severity = Severity::kMedium;
  Likelihood alone = Likelihood::kLikely;   ///< resting on one family
  Likelihood joined = Likelihood::kLikely;  ///< resting on two independent ones
  std::string technique, question, step;
  std::vector<std::string> references;
  std::vector<EventPattern> patterns;
  std::vector<RuleCondition> conditions;  ///< any of them
  std::vector<Field> group;               ///< one finding for each value; empty: one for the case
  Bilingual claim, alternatives, limits;  ///< with {pattern.field}, {pattern.count}
};

/// Durations of rules: "90s", "10m", "24h", "7d". nullopt for anything else.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// Words of a text and the place behind them. {a|b.field} names patterns and what is to be shown of their events.
/// What stands in [] is one group, which is left out where none of its places has a value.
struct TextPart {
  std::string words;  ///< before the place
  std::vector<std::size_t> patterns;
  std::string what;             ///< field, or "count"; "" where no place follows
  std::optional<int> in_group;  ///< number of its [], from 0
};
/// The parts of `text`; a fault as text where a brace or a name is wrong.
std::vector<TextPart> text_parts(const std::string& text, const std::vector<EventPattern>& patterns,
                                 std::string* fault);

}  // namespace triage
