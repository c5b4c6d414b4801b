// SPDX-License-Identifier: Apache-2.0
#include "cli/leak_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/command.h"
#include "cli/display_zone.h"
#include "cli/rule_sources.h"
#include "reason/reason.h"
#include "reason/rule_cases.h"

namespace triage::cli {
namespace {
namespace fs = std::filesystem;

constexpr Message kRulesGood{"{} rules over events are sound; the set's SHA-256 is {}",
                             "イベントのルール {} 個に誤りはない。組の SHA-256 は {}"};
constexpr Message kRulesFaulty{"{} faults in the rules over events", "イベントのルールに誤りが {} 件ある"};
constexpr Message kPassed{"{} cases passed, {} failed, {} rules lack a case",
                          "試験 {} 件が合格、{} 件が不合格、試験の足りないルール {} 個"};
constexpr Message kNoCase{"{}: a firing case (fires-*.jsonl) and a quiet one (quiet-*.jsonl) are wanted",
                          "{}: 当たる例 (fires-*.jsonl) と当たらない例 (quiet-*.jsonl) が必要"};

std::string rule_json(const Rule& rule, const std::string& set) {
  JsonLine meta;
  meta.add("title_en", rule.title.en).add("title_ja", rule.title.ja);
  meta.add("severity", severity_name(rule.severity)).add("likelihood_alone", likelihood_name(rule.alone));
  meta.add("likelihood_joined", likelihood_name(rule.joined)).add("technique", rule.technique);
  meta.add("question", rule.question).add("step", rule.step).add("version", rule.version);
  std::string references = "[";
  for (const std::string& one : rule.references) {
    if (references.size() > 1) references += ',';
    append_json_string(references, one);
  }
  meta.add_raw("references", references + "]");
  JsonLine line;
  line.add("schema", "triage.rule.v1").add("kind", "leak").add("id", rule.id);
  line.add("file", fs::path(rule.place.substr(0, rule.place.rfind(':'))).filename().string());
  return line.add_raw("meta", meta.finish()).add_raw("tags", "[]").add("set_sha256", set).finish();
}

}  // namespace

Result<RuleSet> load_leak_rules(const Context& context) {
  TRIAGE_TRY(const RuleSources sources, rule_sources(context, "leak"));
  return load_rules(sources.folders, sources.files);
}

Result<std::optional<Severity>> draw_case_findings(const RuleSet& rules, CaseDb& database, const std::string& zone) {
  TRIAGE_TRY(const DisplayZone shown, zone_named(zone));
  TRIAGE_TRY(const std::vector<Finding> findings, reason_case(database, rules, shown.offset_minutes));
  TRIAGE_TRY_STATUS(database.set_meta("reason.rules_sha256", rules.sha256));
  std::optional<Severity> worst;
  for (const Finding& one : findings) worst = std::max(worst.value_or(Severity::kInfo), one.severity);
  return worst;
}

void list_leak_rules(const Context& context, const RuleSet& rules, Table& table, Output& out) {
  for (const Rule& rule : rules.rules) {
    if (context.json) {
      out.line(rule_json(rule, rules.sha256));
      continue;
    }
    const std::string& title = context.lang == Lang::kJapanese ? rule.title.ja : rule.title.en;
    table.row({rule.id, fs::path(rule.place.substr(0, rule.place.rfind(':'))).filename().string(),
               std::string(severity_name(rule.severity)), title});
  }
}

Result<RuleSet> print_rule_faults(const Context& context, Output& out) {
  TRIAGE_TRY(const RuleSources sources, rule_sources(context, "leak"));
  TRIAGE_TRY(RuleSet rules, read_rules(sources.folders, sources.files));
  for (const std::string& fault : rules.faults) {
    if (context.json) {
      out.line(JsonLine().add("schema", "triage.rule.fault.v1").add("fault", fault).finish());
    } else {
      out.line(escape_terminal(fault));
    }
  }
  return rules;
}

ExitCode tell_rules(const Context& context, const RuleSet& rules) {
  if (rules.faults.empty()) {
    say(context, text(context.lang, kRulesGood, rules.rules.size(), rules.sha256));
    return ExitCode::kComplete;
  }
  say(context, text(context.lang, kRulesFaulty, rules.faults.size()));
  return ExitCode::kUsage;
}

Result<ExitCode> test_leak_rules(const Context& context, const std::vector<std::string>& folders) {
  TRIAGE_TRY(const RuleSources sources, rule_sources(context, "leak"));
  TRIAGE_TRY(RuleSet rules, load_rules(sources.folders, sources.files));
  const std::vector<std::string>& asked = folders.empty() ? sources.folders : folders;
  const auto is_asked = [&asked](const Rule& rule) {
    return std::any_of(asked.begin(), asked.end(), [&rule](const std::string& folder) {
      std::error_code failed;
      return fs::equivalent(fs::path(rule.place.substr(0, rule.place.rfind(':'))).parent_path(), folder, failed);
    });
  };
  std::erase_if(rules.rules, [&is_asked](const Rule& rule) { return !is_asked(rule); });
  std::vector<std::string> tests;
  for (const std::string& folder : asked) {
    std::error_code failed;
    if (fs::is_directory(folder + "/tests", failed)) tests.push_back(folder + "/tests");
  }
  TRIAGE_TRY(const RuleCaseReport report, run_rule_cases(rules.rules, tests));
  Output out;
  std::size_t failures = 0;
  for (const RuleCase& one : report.cases) {
    if (!one.fault.empty()) ++failures;
    if (context.json) {
      JsonLine line;
      line.add("schema", "triage.rule.test.v1").add("rule", one.rule).add("case", one.path);
      line.add("passed", one.fault.empty());
      out.line(line.add("fault", one.fault.empty() ? std::nullopt : std::optional(one.fault)).finish());
    } else if (!one.fault.empty()) {
      out.line(escape_terminal(fmt::format("{}: {}", one.path, one.fault)));
    }
  }
  for (const std::string& rule : report.untested) {
    if (!context.json) out.line(text(context.lang, kNoCase, rule));
  }
  TRIAGE_TRY_STATUS(out.finish());
  say(context, text(context.lang, kPassed, report.cases.size() - failures, failures, report.untested.size()));
  return failures == 0 && report.untested.empty() ? ExitCode::kComplete : ExitCode::kVerification;
}

}  // namespace triage::cli
