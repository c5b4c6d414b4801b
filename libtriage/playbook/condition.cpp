// SPDX-License-Identifier: Apache-2.0
#include "playbook/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace triage {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ',' && c != ' ') digits.push_back(c);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || value < 0) return std::nullopt;
  return value;
}

Condition from_node(const YamlView& node, int depth);

void read_parts(const YamlView& node, std::string_view key, Condition& out, int depth) {
  for (const YamlView& part : node.list(key)) out.parts.push_back(from_node(part, depth + 1));
  if (out.parts.empty()) node.fault(fmt::format("'{}' needs a list of conditions", key));
}

void read_question(const YamlView& node, Condition& out) {
  node.only({"ask", "is", "is_not", "is_any", "more_than", "given"});
  out.name = node.text("ask");
  if (node.has("is")) {
    out.kind = Condition::Kind::kIsAny;
    out.words = {node.text("is")};
  } else if (node.has("is_any")) {
    out.kind = Condition::Kind::kIsAny;
    out.words = node.texts("is_any");
  } else if (node.has("is_not")) {
    out.kind = Condition::Kind::kIsNot;
    out.words = {node.text("is_not")};
  } else if (node.has("more_than")) {
    out.kind = Condition::Kind::kMoreThan;
    out.limit = node.number_or("more_than", 0);
  } else if (node.flag("given")) {
    out.kind = Condition::Kind::kGiven;
  } else {
    node.fault("'ask' needs one of is, is_any, is_not, more_than, given: true");
  }
}

Condition from_node(const YamlView& node, int depth) {
  constexpr int kDeepest = 16;
  Condition out;
  if (depth > kDeepest) {
    node.fault("conditions are nested too deeply");
  } else if (node.has("all")) {
    node.only({"all"});
    out.kind = Condition::Kind::kAll;
    read_parts(node, "all", out, depth);
  } else if (node.has("any")) {
    node.only({"any"});
    out.kind = Condition::Kind::kAny;
    read_parts(node, "any", out, depth);
  } else if (node.has("not") || node.has("shown")) {
    const std::string key = node.has("not") ? "not" : "shown";
    node.only({key});
    out.kind = key == "not" ? Condition::Kind::kNot : Condition::Kind::kShown;
    out.parts.push_back(from_node(node.child(key), depth + 1));
  } else if (node.has("holds")) {
    node.only({"holds"});
    out.kind = Condition::Kind::kHolds;
    out.name = node.text("holds");
  } else if (node.has("ask")) {
    read_question(node, out);
  } else {
    node.fault("a condition needs one of all, any, not, shown, holds, ask");
  }
  return out;
}

Truth of(bool value) { return value ? Truth::kYes : Truth::kNo; }

Truth evaluate_count(const Condition& condition, const std::string& answer) {
  const auto range = parse_count(answer);
  if (!range) return Truth::kOpen;
  if (range->at_least && *range->at_least > condition.limit) return Truth::kYes;
  if (range->at_most && *range->at_most <= condition.limit) return Truth::kNo;
  return Truth::kOpen;
}

Truth evaluate_question(const Condition& condition, const Answers& answers) {
  const auto found = answers.find(condition.name);
  if (found == answers.end()) return Truth::kOpen;
  const std::string& answer = found->second;
  const bool among = std::find(condition.words.begin(), condition.words.end(), answer) != condition.words.end();
  switch (condition.kind) {
    // "Unknown" to a question that treats the unknown as yes (is_not: no) is an answer; to all others it is none.
    case Condition::Kind::kIsNot: return of(!among);
    case Condition::Kind::kIsAny: return among ? Truth::kYes : is_unknown_word(answer) ? Truth::kOpen : Truth::kNo;
    case Condition::Kind::kMoreThan: return evaluate_count(condition, answer);
    default: return is_unknown_word(answer) ? Truth::kOpen : Truth::kYes;
  }
}

}  // namespace

std::string_view truth_name(Truth truth) {
  switch (truth) {
    case Truth::kNo: return "no";
    case Truth::kYes: return "yes";
    case Truth::kOpen: break;
  }
  return "open";
}

bool is_unknown_word(std::string_view word) { return word == "unknown" || word == "不明" || word == "未確認"; }

std::optional<CountRange> parse_count(std::string_view text) {
  CountRange out;
  if (text.starts_with(">=")) {
    out.at_least = whole_number(text.substr(2));
    return out.at_least ? std::optional(out) : std::nullopt;
  }
  if (text.starts_with("<=")) {
    out.at_most = whole_number(text.substr(2));
    return out.at_most ? std::optional(out) : std::nullopt;
  }
  const std::size_t dash = text.find('-');
  out.at_least = whole_number(text.substr(0, dash));
  out.at_most = dash == std::string_view::npos ? out.at_least : whole_number(text.substr(dash + 1));
  if (!out.at_least || !out.at_most || *out.at_least > *out.at_most) return std::nullopt;
  return out;
}

Condition read_condition(const YamlView& view, std::string_view key) {
  return view.has(key) ? from_node(view.child(key), 0) : Condition{};
}

Truth evaluate(const Condition& condition, const Answers& answers, const Held& held) {
  switch (condition.kind) {
    case Condition::Kind::kAlways: return Truth::kYes;
    case Condition::Kind::kAll: {
      Truth out = Truth::kYes;
      for (const Condition& part : condition.parts) out = std::min(out, evaluate(part, answers, held));
      return out;
    }
    case Condition::Kind::kAny: {
      Truth out = Truth::kNo;
      for (const Condition& part : condition.parts) out = std::max(out, evaluate(part, answers, held));
      return out;
    }
    case Condition::Kind::kNot: {
      const Truth inner = evaluate(condition.parts.front(), answers, held);
      return inner == Truth::kYes ? Truth::kNo : inner == Truth::kNo ? Truth::kYes : Truth::kOpen;
    }
    case Condition::Kind::kShown: return of(evaluate(condition.parts.front(), answers, held) == Truth::kYes);
    case Condition::Kind::kHolds: {
      const auto found = held.find(condition.name);
      return found == held.end() ? Truth::kOpen : found->second;
    }
    default: return evaluate_question(condition, answers);
  }
}

void names_of(const Condition& condition, std::set<std::string>& questions, std::set<std::string>& held) {
  if (condition.kind == Condition::Kind::kHolds) held.insert(condition.name);
  if (!condition.name.empty() && condition.kind != Condition::Kind::kHolds) questions.insert(condition.name);
  for (const Condition& part : condition.parts) names_of(part, questions, held);
}

}  // namespace triage
