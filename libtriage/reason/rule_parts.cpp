// SPDX-License-Identifier: Apache-2.0
#include "reason/rule_parts.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "bytes/text.h"
#include "model/event.h"

namespace triage {
namespace {

using Kind = FieldTest::Kind;

struct Operator {
  std::string_view word;
  Kind kind;
};
constexpr std::array kOperators = {Operator{"is", Kind::kAnyOf},         Operator{"prefix", Kind::kPrefix},
                                   Operator{"suffix", Kind::kSuffix},    Operator{"contains", Kind::kContains},
                                   Operator{"glob", Kind::kGlob},        Operator{"regex", Kind::kRegex},
                                   Operator{"at_least", Kind::kAtLeast}, Operator{"at_most", Kind::kAtMost}};

/// Memory one pattern may take, compiled and while it runs.
constexpr std::int64_t kRegexMemory = std::int64_t{1} << 20;

std::vector<std::string> expand(const YamlView& view, const WordLists& lists) {
  std::vector<std::string> out;
  for (const std::string& word : view.texts()) {
    if (!word.starts_with('$') || word.starts_with("$$")) {
      // "$$Recycle.Bin" is a word that begins with one "$".
      out.push_back(ascii_lower(word.starts_with("$$") ? word.substr(1) : word));
      continue;
    }
    const auto list = lists.find(word.substr(1));
    if (list == lists.end()) {
      view.fault(fmt::format("there is no list '{}'", word));
    } else {
      out.insert(out.end(), list->second.begin(), list->second.end());
    }
  }
  if (out.empty()) view.fault("at least one word is wanted here");
  return out;
}

void compile_regex(const YamlView& view, FieldTest& test) {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  std::string all;
  for (const std::string& one : view.texts()) all += fmt::format("{}(?:{})", all.empty() ? "" : "|", one);
  auto compiled = std::make_shared<re2::RE2>(all, options);
  if (!compiled->ok()) view.fault(fmt::format("the regular expression is wrong: {}", compiled->error()));
  test.regex = std::move(compiled);
}

void check_words(const YamlView& view, const FieldTest& test) {
  if (test.kind != Kind::kAnyOf || test.field.kind != Field::Kind::kColumn || test.field.name != "what") return;
  for (const std::string& word : test.words) {
    if (!is_action(word) && !is_fact(word)) view.fault(fmt::format("'{}' is no word of `what`", word));
  }
}

void read_tests(const std::string& name, const YamlView& view, const WordLists& lists, TestSet& out) {
  const auto field = field_named(name);
  if (!field) return view.fault(fmt::format("there is no field '{}'", name));
  if (view.is_scalar() && (view.scalar() == "known" || view.scalar() == "unknown")) {
    out.push_back({*field, view.scalar() == "known" ? Kind::kPresent : Kind::kAbsent, {}, 0, nullptr});
    return;
  }
  if (!view.is_map()) {
    out.push_back({*field, Kind::kAnyOf, expand(view, lists), 0, nullptr});
    return check_words(view, out.back());
  }
  for (const auto& [word, value] : view.members()) {
    const auto found = std::find_if(kOperators.begin(), kOperators.end(),
                                    [&word = word](const Operator& one) { return one.word == word; });
    if (found == kOperators.end()) {
      value.fault(fmt::format("'{}' is no way to compare", word));
      continue;
    }
    FieldTest test{*field, found->kind, {}, 0, nullptr};
    if (test.kind == Kind::kRegex) {
      compile_regex(value, test);
    } else if (test.kind == Kind::kAtLeast || test.kind == Kind::kAtMost) {
      test.number = view.number_or(word, 0);
    } else {
      test.words = expand(value, lists);
    }
    check_words(value, test);
    out.push_back(std::move(test));
  }
}

/// Rough price of looking at a field: what lies ready, what is cut out of it, what must be parsed or joined.
int price_of(const FieldTest& test) {
  using Of = Field::Kind;
  const int regex = test.kind == Kind::kRegex ? 1 : 0;
  switch (test.field.kind) {
    case Of::kColumn: return regex;
    case Of::kName:
    case Of::kExtension:
    case Of::kFraction:
    case Of::kProgramName:
    case Of::kRemoteScope: return 1 + regex;
    default: return 3 + regex;
  }
}

/// Most events fail at the first cheap test. What holds does not depend on the order.
void sort_by_price(TestSet& tests) {
  std::stable_sort(tests.begin(), tests.end(),
                   [](const FieldTest& a, const FieldTest& b) { return price_of(a) < price_of(b); });
}

TestSet read_test_set(const YamlView& view, const WordLists& lists) {
  TestSet out;
  for (const auto& [name, value] : view.members()) read_tests(name, value, lists, out);
  sort_by_price(out);
  if (out.empty()) view.fault("at least one field is wanted here");
  return out;
}

std::vector<std::size_t> read_names(const YamlView& view, std::string_view key,
                                    const std::vector<EventPattern>& patterns) {
  std::vector<std::size_t> out;
  for (const std::string& name : view.texts(key)) {
    const auto found =
        std::find_if(patterns.begin(), patterns.end(), [&name](const EventPattern& one) { return one.name == name; });
    if (found == patterns.end()) {
      view.child(key).fault(fmt::format("there is no event '{}'", name));
    } else {
      out.push_back(static_cast<std::size_t>(found - patterns.begin()));
    }
  }
  if (out.empty()) view.fault(fmt::format("'{}' names no event", key));
  return out;
}

std::int64_t read_duration(const YamlView& view, std::string_view key) {
  const auto span = parse_duration(view.text(key));
  if (!span) view.child(key).fault(fmt::format("'{}' is no duration (90s, 10m, 24h, 7d)", key));
  return span.value_or(0);
}

std::uint32_t read_count(const YamlView& view, std::string_view key) {
  const std::int64_t count = view.number_or(key, 1);
  if (count >= 1 && count <= 100000) return static_cast<std::uint32_t>(count);
  view.child(key).fault(fmt::format("'{}' is not between 1 and 100000", key));
  return 1;
}

Leg read_leg(const YamlView& view, Leg::Role role, const RuleCondition& before,
             const std::vector<EventPattern>& patterns) {
  view.only({"is", "within", "order", "same", "apart", "of", "at_least"});
  Leg out;
  out.role = role;
  out.patterns = read_names(view, "is", patterns);
  if (view.has("within")) out.within_ns = read_duration(view, "within");
  if (view.has("apart")) out.apart_ns = read_duration(view, "apart");
  const std::string order = view.text_or("order", "around");
  if (order != "around" && order != "after" && order != "before")
    view.child("order").fault("'order' is none of around, after, before");
  out.order = order == "after" ? Leg::Order::kAfter : order == "before" ? Leg::Order::kBefore : Leg::Order::kAround;
  out.same = read_fields(view, "same");
  out.at_least = read_count(view, "at_least");
  if (!view.has("of")) return out;
  const std::vector<std::size_t> of = read_names(view, "of", patterns);
  for (std::size_t i = 0; i < before.legs.size(); ++i) {
    if (before.legs[i].patterns == of) out.of = i;
  }
  const bool allowed = out.of != kFirst && before.legs[out.of].role == Leg::Role::kRequired;
  if (!allowed && of != before.first) view.child("of").fault("'of' names no earlier event of 'with'");
  return out;
}

/// sequence: [a, b, c] is a, with b after it, with c after b.
void read_sequence(const YamlView& view, const std::vector<EventPattern>& patterns, RuleCondition& out) {
  const std::vector<std::size_t> names = read_names(view, "sequence", patterns);
  if (names.size() < 2) return view.child("sequence").fault("a sequence has at least two events");
  out.first = {names[0]};
  for (std::size_t i = 1; i < names.size(); ++i) {
    Leg leg;
    leg.patterns = {names[i]};
    leg.order = Leg::Order::kAfter;
    if (view.has("within")) leg.within_ns = read_duration(view, "within");
    leg.same = read_fields(view, "same");
    leg.of = i == 1 ? kFirst : i - 2;
    out.legs.push_back(std::move(leg));
  }
}

void read_threshold(const YamlView& view, RuleCondition& out) {
  out.at_least = read_count(view, "at_least");
  out.same = read_fields(view, "same");
  if (view.has("distinct")) {
    out.distinct = field_named(view.text("distinct"));
    if (!out.distinct) view.child("distinct").fault("there is no such field");
  }
  if (view.has("in")) out.in_ns = read_duration(view, "in");
  if (out.at_least > 1 && out.in_ns <= 0) view.fault("'at_least' needs 'in', the time in which so many are counted");
  if (out.at_least == 1 && (view.has("in") || view.has("distinct") || view.has("same")))
    view.fault("'in', 'distinct' and 'same' belong to 'at_least'");
}

}  // namespace

void read_lists(const YamlView& view, WordLists& lists) {
  view.only({"lists", "references"});
  for (const auto& [name, words] : view.members("lists")) {
    std::vector<std::string>& list = lists[name];
    for (const std::string& word : words.texts()) list.push_back(ascii_lower(word));
  }
}

std::vector<Field> read_fields(const YamlView& view, std::string_view key) {
  std::vector<Field> out;
  for (const std::string& name : view.texts(key)) {
    if (auto field = field_named(name)) {
      out.push_back(*std::move(field));
    } else {
      view.child(key).fault(fmt::format("there is no field '{}'", name));
    }
  }
  return out;
}

EventPattern read_pattern(const std::string& name, const YamlView& view, const WordLists& lists) {
  EventPattern out;
  out.name = name;
  for (const auto& [key, value] : view.members()) {
    if (key == "not") {
      for (const YamlView& one : value.items()) out.except.push_back(read_test_set(one, lists));
    } else if (key == "any_of") {
      for (const YamlView& one : value.items()) out.any_of.push_back(read_test_set(one, lists));
    } else {
      read_tests(key, value, lists, out.tests);
    }
  }
  sort_by_price(out.tests);
  // Without these a rule would look at every event of a case.
  const auto names_it = [](const FieldTest& test) {
    return test.field.name == "what" || test.field.name == "artifact";
  };
  if (std::none_of(out.tests.begin(), out.tests.end(), names_it)) view.fault("'what' or 'artifact' is missing");
  return out;
}

RuleCondition read_condition(const YamlView& view, const std::vector<EventPattern>& patterns) {
  RuleCondition out;
  if (view.has("sequence")) {
    view.only({"sequence", "within", "same", "supports", "context", "without"});
    read_sequence(view, patterns, out);
  } else {
    view.only({"any", "at_least", "in", "distinct", "same", "with", "supports", "context", "without"});
    out.first = read_names(view, "any", patterns);
    read_threshold(view, out);
  }
  struct RoleOf {
    std::string_view key;
    Leg::Role role;
  };
  for (const RoleOf& one : {RoleOf{"with", Leg::Role::kRequired}, RoleOf{"supports", Leg::Role::kSupports},
                            RoleOf{"context", Leg::Role::kContext}, RoleOf{"without", Leg::Role::kAbsent}}) {
    for (const YamlView& leg : view.list(one.key)) out.legs.push_back(read_leg(leg, one.role, out, patterns));
  }
  return out;
}

}  // namespace triage
