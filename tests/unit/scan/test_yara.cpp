// SPDX-License-Identifier: Apache-2.0
#include "scan/yara.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "collected_records.h"

using namespace triage;

namespace {

const std::string kMarker = R"(
private rule Inner { strings: $p = "marker" condition: $p }
rule Outer_Marker : leak demo {
  meta:
    id = "TR-0001"
    title_en = "A marker was found"
    title_ja = "目印が見つかりました"
    severity = "high"
    technique = "T1052.001"
    step = "3"
    question = "持ち出しの有無"
    reference = "https://example.org/marker"
    alternatives_en = "A test file"
    alternatives_ja = "試験用のファイル"
    limits_en = "Text only"
    limits_ja = "文字列のみ"
    licence = "Apache-2.0"
  strings:
    $a = "marker"
    $b = { 01 02 ?? 04 }
  condition:
    Inner and any of ($a, $b)
}
)";

Stream file_stream(const std::string& path, std::uint64_t size) {
  Stream stream;
  stream.key = "v0.i5.a128-0";
  stream.path = path;
  stream.size = ByteCount{size};
  return stream;
}

Locator base_of(const Stream& stream) {
  Locator base;
  base.evidence = "e0123456789abcdef";
  base.stream = stream.key;
  return base;
}

CollectedRecords scan_text(const YaraRules& rules, const std::string& data, std::uint64_t base_offset = 0,
                           std::uint64_t report_from = 0, const std::string& path = "/docs/a.txt") {
  CollectedRecords out;
  const Stream stream = file_stream(path, data.size());
  YaraScanner scanner(rules);
  scanner.scan({stream, as_byte_span(data), base_of(stream), base_offset, report_from, "text"}, out);
  return out;
}

YaraRules compiled(const RuleFolder& folder) {
  auto rules = YaraRules::compile({folder.path.string()}, {});
  REQUIRE_MESSAGE(rules.has_value(), (rules ? "" : rules.error().text()));
  return std::move(*rules);
}

}  // namespace

TEST_CASE("yara: a rule that matches becomes a finding with its claim, place and matched strings") {
  const RuleFolder folder;
  folder.write("sub/marker.yar", kMarker);
  const YaraRules rules = compiled(folder);
  REQUIRE(rules.rules().size() == 1);  // the private rule is not public
  CHECK(rules.rules()[0].name == "Outer_Marker");
  CHECK(rules.rules()[0].file == "sub/marker.yar");
  CHECK(rules.rules()[0].tags == std::vector<std::string>{"leak", "demo"});

  const CollectedRecords out = scan_text(rules, "xx marker and another marker");
  CHECK(out.damages.empty());
  REQUIRE(out.findings.size() == 1);
  const Finding& finding = out.findings[0];
  CHECK(finding.rule == "yara.Outer_Marker");
  CHECK(finding.claim.en == "A marker was found");
  CHECK(finding.claim.ja == "目印が見つかりました");
  CHECK(finding.severity == Severity::kHigh);
  CHECK(finding.quality == Quality::kHigh);
  CHECK(finding.technique == "T1052.001");
  CHECK(finding.step == "3");
  CHECK(finding.question == "持ち出しの有無");
  CHECK(finding.alternatives.ja == "試験用のファイル");
  CHECK(finding.limits.en == "Text only");
  CHECK(finding.path == "/docs/a.txt");
  CHECK_FALSE(finding.recovered);
  CHECK(finding.locator.text() == "e0123456789abcdef/v0.i5.a128-0@0x3+6");

  const auto details = nlohmann::json::parse(finding.details);
  CHECK(details["id"] == "TR-0001");
  CHECK(details["tags"] == nlohmann::json::array({"leak", "demo"}));
  CHECK(details["set_sha256"] == rules.set_sha256());
  REQUIRE(details["strings"].size() == 2);
  CHECK(details["strings"][0]["id"] == "$a");
  CHECK(details["strings"][0]["offset"] == 3);
  CHECK(details["strings"][1]["offset"] == 22);
  CHECK(details["strings"][0]["length"] == 6);
  CHECK(details["strings"][0]["text"] == "xx marker and another marker");
}

TEST_CASE("yara: data without the strings gives nothing, and neither does empty data") {
  const RuleFolder folder;
  folder.write("marker.yara", kMarker);
  const YaraRules rules = compiled(folder);
  CHECK(scan_text(rules, "xx marke r").findings.empty());
  CHECK(scan_text(rules, "").findings.empty());
  CHECK(scan_text(rules, "").damages.empty());
}

TEST_CASE("yara: a window reports only what ends after its overlap, at places of the stream") {
  const RuleFolder folder;
  folder.write("marker.yar", kMarker);
  const YaraRules rules = compiled(folder);
  const std::string window = "marker......";  // the overlap is its first 6 or 5 bytes
  CHECK(scan_text(rules, window, 1000, 6).findings.empty());
  const CollectedRecords crossing = scan_text(rules, window, 1000, 5);
  REQUIRE(crossing.findings.size() == 1);
  CHECK(crossing.findings[0].locator.begin == 1000);
  CHECK(crossing.findings[0].quality == Quality::kMedium);
}

TEST_CASE("yara: a rule without strings is told once, with the first window") {
  const RuleFolder folder;
  folder.write("any.yar", "rule Any { condition: filesize > 0 }");
  const YaraRules rules = compiled(folder);
  CHECK(scan_text(rules, "abc").findings.size() == 1);
  CHECK(scan_text(rules, "abc", 100, 1).findings.empty());
}

TEST_CASE("yara: external variables are those of the scanned stream") {
  const RuleFolder folder;
  folder.write("names.yar",
               "rule ByName { condition: filename == \"a.txt\" and extension == \".txt\" and filetype == \"text\" "
               "and filepath == \"/docs/a.txt\" and owner == \"\" }");
  const YaraRules rules = compiled(folder);
  CHECK(scan_text(rules, "x").findings.size() == 1);
  CHECK(scan_text(rules, "x", 0, 0, "/docs/b.txt").findings.empty());
}

TEST_CASE("yara: a rule that does not compile is an error with file and line") {
  const RuleFolder folder;
  folder.write("broken.yar", "rule A {\n condition: $missing }\n");
  const auto rules = YaraRules::compile({folder.path.string()}, {});
  REQUIRE_FALSE(rules.has_value());
  CHECK(rules.error().code == ErrorCode::kUsage);
  CHECK(rules.error().where == (folder.path / "broken.yar").string() + ":2");
}

TEST_CASE("yara: a rule file cannot include another file") {
  const RuleFolder folder;
  folder.write("include.yar", "include \"/etc/hostname\"\nrule A { condition: true }\n");
  CHECK_FALSE(YaraRules::compile({folder.path.string()}, {}).has_value());
}

TEST_CASE("yara: two files may use one rule name, and the set has one identity") {
  const RuleFolder folder;
  folder.write("a.yar", "rule Same { strings: $a = \"one\" condition: $a }");
  folder.write("b.yar", "rule Same { strings: $a = \"two\" condition: $a }");
  const YaraRules rules = compiled(folder);
  CHECK(rules.rules().size() == 2);
  CHECK(rules.set_sha256().size() == 64);
  CHECK(rules.set_sha256() == compiled(folder).set_sha256());
  CHECK(scan_text(rules, "one two").findings.size() == 2);
  folder.write("b.yar", "rule Same { strings: $a = \"tw0\" condition: $a }");
  CHECK(rules.set_sha256() != compiled(folder).set_sha256());
}

TEST_CASE("yara: a string that matches without end is damage, and the scan goes on") {
  const RuleFolder folder;
  folder.write("flood.yar", "rule Flood { strings: $a = \"AA\" $b = \"tail\" condition: $b or #a > 3000000 }");
  const YaraRules rules = compiled(folder);
  const CollectedRecords out = scan_text(rules, std::string(2'000'000, 'A') + "tail");
  REQUIRE(out.damages.size() == 1);
  CHECK(out.damages[0].first == DamageKind::kLimit);
  REQUIRE(out.findings.size() == 1);
  CHECK(nlohmann::json::parse(out.findings[0].details)["strings"].size() == 9);
}

TEST_CASE("yara: details never hold more than 32 strings") {
  const RuleFolder folder;
  std::string rule = "rule Many { strings: ";
  std::string data;
  for (int i = 10; i < 60; ++i) {
    rule += "$s" + std::to_string(i) + " = \"str" + std::to_string(i) + "\" ";
    data += "str" + std::to_string(i) + " ";
  }
  folder.write("many.yar", rule + " condition: any of them }");
  const CollectedRecords out = scan_text(compiled(folder), data);
  REQUIRE(out.findings.size() == 1);
  const auto details = nlohmann::json::parse(out.findings[0].details);
  CHECK(details["strings"].size() == 32);
  CHECK(details["match_count"] == 50);
}

TEST_CASE("yara: content of a deleted file is marked recovered and of medium quality") {
  const RuleFolder folder;
  folder.write("marker.yar", kMarker);
  const YaraRules rules = compiled(folder);
  Stream stream = file_stream("/docs/old.txt", 6);
  stream.meta = EntryMeta{};
  stream.meta->allocated = false;
  CollectedRecords out;
  YaraScanner scanner(rules);
  const std::string data = "marker";
  scanner.scan({stream, as_byte_span(data), base_of(stream), 0, 0, ""}, out);
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].recovered);
  CHECK(out.findings[0].quality == Quality::kMedium);
}

TEST_CASE("yara: the same files hit the same rules as with the yara program") {
  if (std::system("command -v yara >/dev/null 2>&1") != 0) {
    MESSAGE("skipped 1 case: no yara program");
    return;
  }
  const RuleFolder folder;
  folder.write("rules/all.yar",
               "import \"math\"\nimport \"hash\"\n"
               "rule Text { strings: $a = /colou?r/ nocase wide ascii condition: $a }\n"
               "rule Jump { strings: $a = { 41 42 [2-6] 43 } condition: $a }\n"
               "rule Entropy { condition: math.entropy(0, filesize) < 1.0 }\n"
               "rule Head { condition: uint16(0) == 0x5a4d }\n");
  const std::map<std::string, std::string> files = {{"a", "the COLOR"},
                                                    {"b", "ABxxxC"},
                                                    {"c", "AAAAAAAA"},
                                                    {"d", "MZ and colour"},
                                                    {"e", std::string("c\0o\0l\0o\0r\0", 10)},
                                                    {"f", "ABC"}};
  for (const auto& [name, content] : files) folder.write("data/" + name, content);
  const std::string command = "cd '" + folder.path.string() + "' && yara -r rules/all.yar data 2>/dev/null";
  std::set<std::string> expected;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 512> line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr) {
    std::string text(line.data());
    text.pop_back();
    expected.insert(text);
  }
  ::pclose(pipe);
  CHECK(expected.size() >= 6);

  auto rules = YaraRules::compile({(folder.path / "rules").string()}, {});
  REQUIRE(rules.has_value());
  std::set<std::string> found;
  for (const auto& [name, content] : files)
    for (const Finding& finding : scan_text(*rules, content).findings)
      found.insert(finding.rule.substr(5) + " data/" + name);
  CHECK(found == expected);
}
