// SPDX-License-Identifier: Apache-2.0
// Bytes that two streams show are told once: short NTFS content, which lies in the master file table.
#include <doctest/doctest.h>

#include <algorithm>

#include "scan/yara.h"
#include "sweep_case.h"

using namespace triage;
using namespace triage_test;

namespace {

constexpr std::string_view kRule = "rule marker { strings: $a = \"leaked-\" ascii condition: $a }";

/// An NTFS image with /note.txt of `content`; empty path where mkntfs or ntfscp is missing.
fs::path make_ntfs(const TemporaryFolder& folder, const std::string& content) {
  std::ofstream(folder.path() / "note.txt") << content;
  const std::string image = (folder.path() / "ntfs.img").string();
  const std::string command = fmt::format(
      "truncate -s 8M '{0}' && mkntfs -q -F -Q '{0}' >/dev/null 2>&1 && ntfscp -q -f '{0}' '{1}' note.txt >/dev/null 2>&1",
      image, (folder.path() / "note.txt").string());
  return std::system(command.c_str()) == 0 ? fs::path(image) : fs::path();
}

std::vector<Finding> findings_of(const TemporaryFolder& folder, const fs::path& image) {
  const fs::path rule = folder.path() / "rule.yar";
  std::ofstream(rule) << kRule;
  const auto rules = YaraRules::compile({}, {rule.string()});
  REQUIRE(rules.has_value());
  const auto spec = recognise_evidence(image.string());
  REQUIRE(spec.has_value());
  SweepOptions options;
  options.jobs = 1;
  options.consumers = [&rules] {
    ConsumerChoice choice;
    choice.yara = &*rules;
    return make_consumers(choice);
  };
  KeepingSink sink;
  REQUIRE(sweep(*spec, options, sink));
  return sink.findings;
}

}  // namespace

TEST_CASE("a match in short NTFS content is told once, as the file's") {
  const TemporaryFolder folder;
  const fs::path image = make_ntfs(folder, "the leaked-list of names");
  if (image.empty()) {
    MESSAGE("skipped 1 case: mkntfs or ntfscp is missing");
    return;
  }
  const std::vector<Finding> findings = findings_of(folder, image);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].path == "/note.txt");
}

TEST_CASE("a match in the master file table outside every file's content stays the table's") {
  const TemporaryFolder folder;
  const fs::path image = make_ntfs(folder, "the leaked-list of names");
  if (image.empty()) {
    MESSAGE("skipped 1 case: mkntfs or ntfscp is missing");
    return;
  }
  // The slack of the same record: content of a file that was longer once.
  std::fstream file(image, std::ios::in | std::ios::out | std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const std::size_t content = bytes.find("the leaked-list");
  REQUIRE(content != std::string::npos);
  const std::size_t slack = content / 1024 * 1024 + 900;
  file.clear();
  file.seekp(static_cast<std::streamoff>(slack));
  file << "leaked-before";
  file.close();
  std::vector<std::string> paths;
  for (const Finding& finding : findings_of(folder, image)) paths.push_back(finding.path);
  std::sort(paths.begin(), paths.end());
  CHECK(paths == std::vector<std::string>{"/$MFT", "/note.txt"});
}
