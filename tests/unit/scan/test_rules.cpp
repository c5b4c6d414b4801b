// SPDX-License-Identifier: Apache-2.0
// The rules we ship: each compiles, says what it claims, hits its samples and leaves the twins alone. The samples are
// base64 in tests/rules/yara_cases.json so that no scanner of the building machine is alarmed.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "collected_records.h"
#include "scan/yara.h"

using namespace triage;

namespace {

std::string from_base64(const std::string& text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string::npos) continue;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>((bits >> count) & 0xff));
    }
  }
  return out;
}

std::set<std::string> rules_hit(YaraScanner& scanner, const nlohmann::json& sample) {
  const std::string data = from_base64(sample.at("base64").get<std::string>());
  Stream stream;
  stream.key = "f0123456789abcdef";
  stream.path = "/samples/" + sample.value("name", "sample");
  stream.size = ByteCount{data.size()};
  Locator base;
  base.evidence = "e0123456789abcdef";
  base.stream = stream.key;
  CollectedRecords out;
  scanner.scan({stream, as_byte_span(data), base, 0, 0, ""}, out);
  CHECK(out.damages.empty());
  std::set<std::string> names;
  for (const Finding& finding : out.findings) names.insert(finding.rule.substr(5));
  return names;
}

}  // namespace

TEST_CASE("rules: every shipped YARA rule hits its samples and not their twins") {
  const std::filesystem::path root = TRIAGE_SOURCE_DIR;
  const auto cases_path = root / "tests/rules/yara_cases.json";
  if (!std::filesystem::exists(cases_path) || !std::filesystem::exists(root / "rules/yara")) {
    MESSAGE("skipped: no shipped rules yet");
    return;
  }
  auto rules = YaraRules::compile({(root / "rules/yara").string()}, {});
  REQUIRE_MESSAGE(rules.has_value(), (rules ? "" : rules.error().text()));
  YaraScanner scanner(*rules);
  std::ifstream in(cases_path);
  const auto cases = nlohmann::json::parse(in);
  std::set<std::string> covered;
  for (const auto& one : cases.at("cases")) {
    const auto rule = one.at("rule").get<std::string>();
    covered.insert(rule);
    for (const auto& sample : one.at("hit"))
      CHECK_MESSAGE(rules_hit(scanner, sample).contains(rule), rule << " misses " << sample.value("name", ""));
    for (const auto& sample : one.at("miss"))
      CHECK_MESSAGE(!rules_hit(scanner, sample).contains(rule), rule << " hits " << sample.value("name", ""));
  }
  for (const YaraRuleInfo& rule : rules->rules()) {
    CHECK_MESSAGE(covered.contains(rule.name), rule.name << " has no case");
    std::set<std::string> keys;
    for (const auto& [key, value] : rule.meta)
      if (!value.empty()) keys.insert(key);
    for (const char* key : {"id", "title_en", "title_ja", "severity", "reference"})
      CHECK_MESSAGE(keys.contains(key), rule.name << " has no " << key);
  }
}
