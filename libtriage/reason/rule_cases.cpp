// SPDX-License-Identifier: Apache-2.0
#include "reason/rule_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "reason/case_input.h"
#include "reason/reason.h"
#include "store/yaml_view.h"

namespace triage {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

std::string short_id(const std::string& id) { return id.substr(id.find('.') + 1); }

/// The names below `folder`, sorted.
Result<std::vector<std::string>> names_in(const std::string& folder, bool folders) {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    const bool right = folders ? it->is_directory(failed) : it->path().extension() == ".jsonl";
    if (right) out.push_back(it->path().filename().string());
  }
  if (failed) return fail(ErrorCode::kUsage, "the folder of test cases cannot be read", folder, failed.value());
  std::sort(out.begin(), out.end());
  return out;
}

/// The object behind "expect"; an empty one where no line has it.
json expectation(const std::string& text) {
  std::size_t from = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    const json line = json::parse(text.begin() + static_cast<std::ptrdiff_t>(from),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (line.is_object() && line.contains("expect") && line["expect"].is_object()) return line["expect"];
    from = end + 1;
  }
  return json::object();
}

bool has_text(const json& wanted, const std::string& text) {
  return wanted.is_string() && text.find(wanted.get<std::string>()) != std::string::npos;
}

/// What one finding lacks of one expectation; "" where it has it.
std::string lacks(const Finding& finding, const std::string& key, const json& wanted) {
  if (key == "likelihood" && wanted != std::string(likelihood_name(finding.likelihood)))
    return fmt::format("likelihood is {}", likelihood_name(finding.likelihood));
  if (key == "quality" && wanted != std::string(quality_name(finding.quality)))
    return fmt::format("quality is {}", quality_name(finding.quality));
  if (key == "events" && wanted != finding.events.size())
    return fmt::format("it rests on {} events", finding.events.size());
  if (key == "claim" || key == "claim_ja") {
    const std::string& claim = key == "claim" ? finding.claim.en : finding.claim.ja;
    const json list = wanted.is_array() ? wanted : json::array({wanted});
    for (const json& one : list) {
      if (!has_text(one, claim)) return fmt::format("its claim lacks {}: {}", one.dump(), claim);
    }
  }
  return {};
}

std::string judge(const std::vector<Finding>& findings, bool fires, const json& expect) {
  static const std::set<std::string> kKeys = {"findings", "likelihood", "quality", "events", "claim", "claim_ja"};
  if (!fires) {
    if (findings.empty()) return {};
    return fmt::format("it must not fire, but says: {}", findings.front().claim.en);
  }
  const std::size_t wanted = expect.value("findings", std::size_t{1});
  if (findings.empty()) return "it does not fire";
  if (findings.size() != wanted) return fmt::format("it gives {} findings, not {}", findings.size(), wanted);
  for (const auto& [key, value] : expect.items()) {
    if (!kKeys.contains(key)) return fmt::format("'{}' cannot be expected", key);
    if (std::string fault = lacks(findings.front(), key, value); !fault.empty()) return fault;
  }
  for (const Finding& finding : findings) {
    if (finding.likelihood == Likelihood::kAlmostCertain && finding.quality != Quality::kHigh)
      return "almost certain without two independent families";
  }
  return {};
}

Result<RuleCase> run_case(const Rule& rule, const std::string& path, bool fires) {
  RuleCase out{rule.id, path, {}};
  TRIAGE_TRY(const std::string text, read_yaml_text(path));
  const auto input = case_lines_input(text, path);
  if (!input) {
    out.fault = fmt::format("{}: {}", input.error().where, input.error().message);
    return out;
  }
  // The hour of day is the one of Tokyo, so that a case says the same everywhere.
  TRIAGE_TRY(const std::vector<Finding> findings, draw_findings({rule}, **input, [](std::int64_t) { return 540; }));
  out.fault = judge(findings, fires, expectation(text));
  return out;
}

}  // namespace

Result<RuleCaseReport> run_rule_cases(const std::vector<Rule>& rules, const std::vector<std::string>& folders) {
  RuleCaseReport out;
  std::map<std::string, std::pair<bool, bool>> tried;  // by rule: has a firing case, a quiet one
  for (const std::string& folder : folders) {
    TRIAGE_TRY(const std::vector<std::string> names, names_in(folder, true));
    for (const std::string& name : names) {
      const auto rule =
          std::find_if(rules.begin(), rules.end(), [&name](const Rule& one) { return short_id(one.id) == name; });
      const std::string below = folder + "/" + name;
      if (rule == rules.end()) {
        out.cases.push_back({name, below, "there is no rule of this name"});
        continue;
      }
      TRIAGE_TRY(const std::vector<std::string> files, names_in(below, false));
      for (const std::string& file : files) {
        const bool fires = file.starts_with("fires-");
        if (!fires && !file.starts_with("quiet-")) {
          out.cases.push_back({rule->id, below + "/" + file, "a case's name begins with fires- or quiet-"});
          continue;
        }
        (fires ? tried[rule->id].first : tried[rule->id].second) = true;
        TRIAGE_TRY(RuleCase one, run_case(*rule, below + "/" + file, fires));
        out.cases.push_back(std::move(one));
      }
    }
  }
  for (const Rule& rule : rules) {
    const auto [fires, quiet] = tried[rule.id];
    if (!fires || !quiet) out.untested.push_back(rule.id);
  }
  return out;
}

}  // namespace triage
