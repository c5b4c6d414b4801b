// SPDX-License-Identifier: Apache-2.0
#include "playbook/law.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "bytes/digest.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "store/yaml_view.h"

namespace triage {
namespace {

namespace fs = std::filesystem;

/// `view` may leave out what the head of the file says for all its rules.
RuleSource read_source(const YamlView& view, const YamlView& head) {
  RuleSource out;
  out.law = head.both("law");
  out.article = view.has("article") ? view.text("article") : head.text_or("article", "");
  out.as_of = view.has("as_of") ? view.text("as_of") : head.text("as_of");
  out.source = view.has("source") ? view.text("source") : head.text("source");
  const std::string verified = view.has("verified") ? view.text("verified") : head.text("verified");
  if (verified != "memory" && verified != "source") view.fault("'verified' is memory or source");
  out.verified = verified == "source";
  if (!parse_date(out.as_of)) view.fault("'as_of' is no date");
  return out;
}

AnswerKind answer_kind(const YamlView& view) {
  const std::string word = view.text("type");
  if (word == "yesno") return AnswerKind::kYesNo;
  if (word == "count") return AnswerKind::kCount;
  if (word == "choice") return AnswerKind::kChoice;
  if (word == "time") return AnswerKind::kTime;
  if (word != "text") view.fault("'type' is one of yesno, count, choice, time, text");
  return AnswerKind::kText;
}

template <typename Item>
void put(std::vector<Item>& items, Item item) {
  const auto same = std::find_if(items.begin(), items.end(), [&](const Item& one) { return one.id == item.id; });
  if (same == items.end()) {
    items.push_back(std::move(item));
  } else {
    *same = std::move(item);
  }
}

void read_questions(const YamlView& head, LawRules& rules) {
  for (const YamlView& view : head.list("questions")) {
    view.only({"id", "type", "text", "hint", "choices", "group"});
    Question out;
    out.id = view.text("id");
    out.kind = answer_kind(view);
    out.text = view.both("text");
    out.hint = view.both_or_empty("hint");
    out.group = view.text("group");
    for (const auto& [word, text] : view.members("choices")) out.choices.push_back({word, text.both()});
    if ((out.kind == AnswerKind::kChoice) != !out.choices.empty()) view.fault("choices go with type: choice");
    put(rules.questions, std::move(out));
  }
}

void read_conditions(const YamlView& head, LawRules& rules) {
  for (const YamlView& view : head.list("conditions")) {
    view.only({"id", "number", "situation", "caution", "when", "article", "as_of", "source", "verified"});
    Trigger out;
    out.id = view.text("id");
    out.number = view.both_or_empty("number");
    out.situation = view.both("situation");
    out.caution = view.both_or_empty("caution");
    out.when = read_condition(view, "when");
    out.from = read_source(view, head);
    put(rules.conditions, std::move(out));
  }
}

void read_deadlines(const YamlView& head, LawRules& rules) {
  for (const YamlView& view : head.list("deadlines")) {
    view.only({"id", "title", "to", "applies", "days", "early_days", "hours", "rolls", "caution", "article", "as_of",
               "source", "verified"});
    DeadlineRule out;
    out.id = view.text("id");
    out.title = view.both("title");
    out.to = view.both("to");
    out.applies = read_condition(view, "applies");
    out.days = static_cast<int>(std::clamp<std::int64_t>(view.number_or("days", 0), 0, 3650));
    out.early_days = static_cast<int>(std::clamp<std::int64_t>(view.number_or("early_days", 0), 0, 3650));
    out.hours = static_cast<int>(std::clamp<std::int64_t>(view.number_or("hours", 0), 0, 87600));
    out.rolls = view.flag("rolls");
    out.caution = view.both_or_empty("caution");
    out.from = read_source(view, head);
    if ((out.days > 0) == (out.hours > 0)) view.fault("a deadline has either days or hours");
    put(rules.deadlines, std::move(out));
  }
}

void read_duties(const YamlView& head, LawRules& rules) {
  for (const YamlView& view : head.list("duties")) {
    view.only(
        {"id", "step", "owner", "title", "caution", "when", "deadline", "article", "as_of", "source", "verified"});
    Duty out;
    out.id = view.text("id");
    out.step = view.text_or("step", "4");
    out.owner = view.text_or("owner", "legal");
    out.title = view.both("title");
    out.caution = view.both_or_empty("caution");
    out.when = read_condition(view, "when");
    out.deadline = view.text_or("deadline", "");
    out.from = read_source(view, head);
    put(rules.duties, std::move(out));
  }
}

void read_items(const YamlView& head, std::string_view key, std::vector<RequiredItem>& into) {
  for (const YamlView& view : head.list(key)) {
    view.only({"id", "text", "article", "as_of", "source", "verified"});
    put(into, RequiredItem{view.text("id"), view.both("text"), read_source(view, head)});
  }
}

std::chrono::sys_days read_day(const YamlView& view, std::string_view key) {
  const auto day = parse_date(view.text(key));
  if (!day) view.fault(fmt::format("'{}' is no date like 2026-11-22", key));
  return day.value_or(std::chrono::sys_days{});
}

void read_closed_days(const YamlView& head, LawRules& rules) {
  if (!head.has("closed_days")) return;
  const YamlView view = head.child("closed_days");
  view.only({"valid_from", "valid_until", "days", "yearly"});
  ClosedDays out;
  out.valid_from = read_day(view, "valid_from");
  out.valid_until = read_day(view, "valid_until");
  out.from = read_source(head, head);
  for (const auto& [date, name] : view.members("days")) {
    const auto day = parse_date(date);
    if (!day) name.fault("not a date: " + date);
    if (day && (*day < out.valid_from || *day > out.valid_until)) name.fault("outside valid_from … valid_until");
    if (day) out.days.insert(*day);
  }
  for (const YamlView& item : view.list("yearly")) {
    const auto day = parse_date("2024-" + item.scalar());
    if (!day) {
      item.fault("not a month and day like 12-29");
      continue;
    }
    const std::chrono::year_month_day parts(*day);
    out.yearly.emplace_back(unsigned{parts.month()}, unsigned{parts.day()});
  }
  rules.closed = std::move(out);
}

void read_vectors(const YamlView& head, LawRules& rules) {
  for (const YamlView& view : head.list("vectors")) {
    view.only({"knew", "rule", "due", "latest"});
    rules.vectors.push_back(
        {view.text("knew"), view.text("rule"), view.text("due"), view.text_or("latest", ""), view.place()});
  }
}

void read_law_file(const YamlView& head, LawRules& rules) {
  head.only({"schema", "id", "law", "article", "as_of", "source", "verified", "questions", "conditions", "deadlines",
             "duties", "notice_items", "exemption_proof", "closed_days", "vectors", "note"});
  if (head.text("schema") != "triage.law.v1") head.fault("schema is not triage.law.v1");
  read_source(head, head);
  read_questions(head, rules);
  read_conditions(head, rules);
  read_deadlines(head, rules);
  read_duties(head, rules);
  read_items(head, "notice_items", rules.notice_items);
  read_items(head, "exemption_proof", rules.exemption_proof);
  read_closed_days(head, rules);
  read_vectors(head, rules);
}

/// Names that a rule asks but no file defines.
Status check_names(const LawRules& rules) {
  std::set<std::string> questions, held;
  for (const Trigger& one : rules.conditions) names_of(one.when, questions, held);
  for (const DeadlineRule& one : rules.deadlines) names_of(one.applies, questions, held);
  for (const Duty& one : rules.duties) names_of(one.when, questions, held);
  for (const std::string& name : questions) {
    if (rules.question(name) == nullptr) return fail(ErrorCode::kUsage, "a law rule asks an unknown question", name);
  }
  for (const std::string& name : held) {
    if (rules.condition(name) == nullptr) return fail(ErrorCode::kUsage, "a law rule names an unknown condition", name);
  }
  for (const Duty& one : rules.duties) {
    if (!one.deadline.empty() && rules.deadline(one.deadline) == nullptr)
      return fail(ErrorCode::kUsage, "a duty names an unknown deadline", one.id + ": " + one.deadline);
  }
  return {};
}

template <typename Item>
const Item* find_id(const std::vector<Item>& items, std::string_view id) {
  for (const Item& item : items) {
    if (item.id == id) return &item;
  }
  return nullptr;
}

}  // namespace

const Question* LawRules::question(std::string_view id) const { return find_id(questions, id); }
const DeadlineRule* LawRules::deadline(std::string_view id) const { return find_id(deadlines, id); }
const Trigger* LawRules::condition(std::string_view id) const { return find_id(conditions, id); }

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto nanos = parse_time_text(text);
  if (!nanos) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(*nanos)));
}

std::string date_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day parts(day);
  return fmt::format("{:04}-{:02}-{:02}", int{parts.year()}, unsigned{parts.month()}, unsigned{parts.day()});
}

std::vector<std::string> yaml_files(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<LawRules> load_law(const std::vector<std::string>& folders) {
  LawRules rules;
  Sha256 digest;
  std::string newest;
  for (const std::string& folder : folders) {
    for (const std::string& path : yaml_files(folder)) {
      TRIAGE_TRY(const YamlView head, YamlView::read(path));
      read_law_file(head, rules);
      TRIAGE_TRY_STATUS(head.status());
      newest = std::max(newest, head.text("as_of"));
      std::ifstream in(path, std::ios::binary);
      digest.update(std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
    }
  }
  TRIAGE_TRY_STATUS(check_names(rules));
  rules.version = fmt::format("{}-{}", newest, digest.finish_hex().substr(0, 12));
  return rules;
}

std::optional<std::string> normal_answer(const Question& question, std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (is_unknown_word(value)) return "unknown";
  switch (question.kind) {
    case AnswerKind::kYesNo: {
      const std::string word = ascii_lower(value);
      if (word == "yes" || word == "y" || word == "はい" || word == "有" || word == "あり") return "yes";
      if (word == "no" || word == "n" || word == "いいえ" || word == "無" || word == "なし") return "no";
      return std::nullopt;
    }
    case AnswerKind::kCount: return parse_count(value) ? std::optional<std::string>(value) : std::nullopt;
    case AnswerKind::kChoice:
      for (const Question::Choice& choice : question.choices) {
        if (value == choice.word || value == choice.text.ja || value == choice.text.en) return choice.word;
      }
      return std::nullopt;
    case AnswerKind::kTime: return parse_time_text(value) ? std::optional<std::string>(value) : std::nullopt;
    case AnswerKind::kText: break;
  }
  return std::string(value);
}

}  // namespace triage
