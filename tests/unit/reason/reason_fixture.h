// SPDX-License-Identifier: Apache-2.0
// What the reasoner's tests share: a rule from its text, and findings of lines of events.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "reason/reason.h"

namespace triage::reason_test {

/// A folder of rule files that goes away with the test.
class Rules {
 public:
  Rules() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-reason-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;
  ~Rules() {
    std::error_code ignored;  // leftovers of a failed test do no harm
    std::filesystem::remove_all(path_, ignored);
  }
  Rules& add(const std::string& name, const std::string& text) {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
    return *this;
  }
  [[nodiscard]] RuleSet read() const {
    auto rules = read_rules({path_}, {});
    REQUIRE(rules);
    return *std::move(rules);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A whole rule with these events and this condition, claim "{a.count}" of a pattern named a.
inline std::string rule_text(const std::string& events, const std::string& condition, const std::string& more = "") {
  return "rule: t.one\ntitle: {ja: 題, en: title}\nseverity: low\nlikelihood: {alone: likely, joined: almost_certain}\n"
         "question: q\nstep: 3\nreferences: [made up]\nevents:\n" +
         events + "condition:\n" + condition + more +
         "claim: {ja: '{a.count} 件', en: '{a.count} seen'}\nalternatives: {ja: 無, en: none}\n"
         "limits: {ja: 無, en: none}\n";
}

inline std::vector<Finding> findings_of(const std::string& rule, const std::string& lines) {
  Rules folder;
  const RuleSet rules = folder.add("one.yaml", rule).read();
  REQUIRE_MESSAGE(rules.faults.empty(), fmt::format("{}", fmt::join(rules.faults, "; ")));
  auto input = case_lines_input(lines, "lines");
  REQUIRE(input);
  auto findings = draw_findings(rules.rules, **input, [](std::int64_t) { return 540; });
  REQUIRE(findings);
  return *std::move(findings);
}

inline std::string event(const std::string& artifact, const std::string& what, const std::string& when,
                         const std::string& more = "") {
  return fmt::format(R"({{"artifact":"{}","what":"{}","when":"{}"{}{}}})", artifact, what, when,
                     more.empty() ? "" : ",", more) +
         "\n";
}

}  // namespace triage::reason_test
