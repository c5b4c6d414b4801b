// SPDX-License-Identifier: Apache-2.0
#include "reason/rule_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "bytes/digest.h"
#include "model/event.h"
#include "reason/rule_parts.h"
#include "store/yaml_view.h"

namespace triage {
namespace {
namespace fs = std::filesystem;

bool is_identifier(std::string_view text, std::string_view more) {
  if (text.empty() || text.size() > 80) return false;
  return std::all_of(text.begin(), text.end(), [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || more.find(c) != std::string_view::npos;
  });
}

bool is_technique(std::string_view text) {
  if (text.empty()) return true;
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (text.size() != 5 && text.size() != 9) return false;
  return text[0] == 'T' && digits(text.substr(1, 4)) &&
         (text.size() == 5 || (text[5] == '.' && digits(text.substr(6))));
}

void read_likelihood(const YamlView& view, Rule& rule) {
  const auto one = [](const YamlView& at, std::string_view key) {
    const auto word = likelihood_from_name(at.text(key));
    if (word && *word != Likelihood::kNotStated) return *word;
    at.child(key).fault(fmt::format("'{}' is none of the seven words of likelihood", key));
    return Likelihood::kEvenChance;
  };
  const YamlView words = view.child("likelihood");
  words.only({"alone", "joined"});
  rule.alone = one(words, "alone");
  rule.joined = words.has("joined") ? one(words, "joined") : rule.alone;
  if (rule.alone == Likelihood::kAlmostCertain)
    words.child("alone").fault("one family of artifacts never makes a claim almost certain");
  if (rule.joined < rule.alone) words.child("joined").fault("'joined' is less likely than 'alone'");
}

void read_head(const YamlView& view, Rule& rule) {
  rule.id = view.text("rule");
  rule.place = view.place();
  if (!is_identifier(rule.id, ".") || rule.id.find('.') == std::string::npos)
    view.child("rule").fault("a rule's name is GROUP.NAME in small letters, digits and _");
  rule.version = view.number_or("version", 1);
  rule.title = view.both("title");
  const auto severity = severity_from_name(view.text("severity"));
  if (!severity) view.child("severity").fault("'severity' is none of info, low, medium, high, critical");
  rule.severity = severity.value_or(Severity::kInfo);
  if (view.has("likelihood")) {
    read_likelihood(view, rule);
  } else {
    view.fault("'likelihood' is missing");
  }
  rule.technique = view.text_or("technique", "");
  if (!is_technique(rule.technique)) view.child("technique").fault("'technique' is no ATT&CK id (T1234 or T1234.001)");
  rule.question = view.text("question");
  if (!is_identifier(rule.question, "")) view.child("question").fault("'question' is a key of small letters and _");
  rule.step = view.text("step");
  if (rule.step.size() != 1 || rule.step[0] < '1' || rule.step[0] > '6')
    view.child("step").fault("'step' is none of 1 to 6");
  rule.references = view.texts("references");
  if (rule.references.empty()) view.fault("'references' is missing");
}

void check_text(const YamlView& view, std::string_view key, const Bilingual& text, const Rule& rule) {
  std::set<std::string> places[2];
  int side = 0;
  for (const std::string* words : {&text.en, &text.ja}) {
    std::string fault;
    for (const TextPart& part : text_parts(*words, rule.patterns, &fault)) {
      if (!part.what.empty()) places[side].insert(fmt::format("{}.{}", fmt::join(part.patterns, "|"), part.what));
    }
    if (!fault.empty()) view.child(key).fault(fmt::format("'{}': {}", key, fault));
    ++side;
  }
  if (places[0] != places[1]) view.child(key).fault(fmt::format("'{}' names other places in ja than in en", key));
}

/// A pattern that no condition names is a slip of the pen.
void check_use(const YamlView& view, const Rule& rule) {
  std::set<std::size_t> used;
  for (const RuleCondition& condition : rule.conditions) {
    used.insert(condition.first.begin(), condition.first.end());
    for (const Leg& leg : condition.legs) used.insert(leg.patterns.begin(), leg.patterns.end());
  }
  for (std::size_t i = 0; i < rule.patterns.size(); ++i) {
    if (!used.contains(i)) view.fault(fmt::format("no condition names '{}'", rule.patterns[i].name));
  }
}

Rule read_rule(const YamlView& view, const WordLists& lists) {
  Rule rule;
  view.only({"rule", "version", "title", "severity", "likelihood", "technique", "question", "step", "references",
             "events", "condition", "group", "claim", "alternatives", "limits"});
  read_head(view, rule);
  for (const auto& [name, pattern] : view.members("events")) {
    if (!is_identifier(name, "")) pattern.fault("an event's name is small letters, digits and _");
    rule.patterns.push_back(read_pattern(name, pattern, lists));
  }
  if (rule.patterns.empty()) view.fault("'events' is missing or empty");
  if (view.has("condition")) {
    for (const YamlView& one : view.child("condition").items())
      rule.conditions.push_back(read_condition(one, rule.patterns));
  } else {
    view.fault("'condition' is missing");
  }
  rule.group = read_fields(view, "group");
  check_use(view, rule);
  rule.claim = view.both("claim");
  rule.alternatives = view.both("alternatives");
  rule.limits = view.both("limits");
  check_text(view, "claim", rule.claim, rule);
  check_text(view, "alternatives", rule.alternatives, rule);
  check_text(view, "limits", rule.limits, rule);
  return rule;
}

Result<std::vector<std::string>> rule_files(const std::vector<std::string>& folders,
                                            const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& folder : folders) {
    std::error_code failed;
    std::vector<std::string> here;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
      if (it->path().extension() == ".yaml") here.push_back(it->path().string());
    }
    if (failed) return fail(ErrorCode::kUsage, "the rule folder cannot be read", folder, failed.value());
    std::sort(here.begin(), here.end());
    out.insert(out.end(), here.begin(), here.end());
  }
  out.insert(out.end(), files.begin(), files.end());
  return out;
}

}  // namespace

Result<RuleSet> read_rules(const std::vector<std::string>& folders, const std::vector<std::string>& files) {
  TRIAGE_TRY(const std::vector<std::string> paths, rule_files(folders, files));
  RuleSet out;
  Sha256 digest;
  WordLists lists;
  std::vector<YamlView> views;
  for (const std::string& path : paths) {
    TRIAGE_TRY(std::string text, read_yaml_text(path));
    digest.update(fmt::format("{}\n{}\n", fs::path(path).filename().string(), text.size()));
    digest.update(text);
    views.push_back(YamlView::parse(text, path));
    if (views.back().has("lists")) read_lists(views.back(), lists);
  }
  out.sha256 = digest.finish_hex();
  std::map<std::string, std::string> places;
  for (const YamlView& view : views) {
    if (!view.has("lists") && view.faults().empty()) {
      Rule rule = read_rule(view, lists);
      const auto [first, added] = places.emplace(rule.id, rule.place);
      if (!added) view.fault(fmt::format("the rule '{}' is at {} already", rule.id, first->second));
      if (view.faults().empty()) out.rules.push_back(std::move(rule));
    }
    out.faults.insert(out.faults.end(), view.faults().begin(), view.faults().end());
  }
  std::sort(out.rules.begin(), out.rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  return out;
}

Result<RuleSet> load_rules(const std::vector<std::string>& folders, const std::vector<std::string>& files) {
  TRIAGE_TRY(RuleSet rules, read_rules(folders, files));
  if (rules.faults.empty()) return rules;
  constexpr std::size_t kShown = 3;
  std::string words = fmt::format(
      "{}", fmt::join(rules.faults.begin(),
                      rules.faults.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, rules.faults.size())), "; "));
  if (rules.faults.size() > kShown) words += fmt::format("; and {} more", rules.faults.size() - kShown);
  return fail(ErrorCode::kUsage, words, {}, 0, "triage rules check names all of them");
}

}  // namespace triage
