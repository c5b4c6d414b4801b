// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

TEST_CASE("recognise: containers by their bytes, whatever their names") {
  const TempFolder folder;
  const std::string rest(4096, 'x');
  const std::vector<std::pair<std::string, EvidenceFormat>> cases = {
      {std::string("EVF\x09\x0d\x0a\xff\x00", 8) + rest, EvidenceFormat::kEwf},
      {std::string("EVF2\x0d\x0a\x81\x00", 8) + rest, EvidenceFormat::kEwf},
      {std::string("AFF10\r\n\x00", 8) + rest, EvidenceFormat::kAff},
      {"KDMV" + rest, EvidenceFormat::kVmdk},
      {"# Disk DescriptorFile\n" + rest, EvidenceFormat::kVmdk},
      {rest + "conectix" + std::string(504, '\0'), EvidenceFormat::kVhd},
      {rest, EvidenceFormat::kRaw},
      {"EVF", EvidenceFormat::kRaw},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string path = folder / ("image" + std::to_string(i));
    write_file(path, cases[i].first);
    const auto spec = recognise_evidence(path);
    REQUIRE(spec);
    CHECK_MESSAGE(spec->format == cases[i].second, i);
    CHECK(spec->paths == std::vector{path});
  }
}

TEST_CASE("recognise: pieces of a split image in order up to the first gap") {
  const TempFolder folder;
  for (const char* name : {"a.001", "a.002", "a.003", "a.005", "b.aa", "b.ab", "c.001", "d.E01", "d.E02"}) {
    write_file(folder / name, name[0] == 'd' ? std::string("EVF\x09\x0d\x0a\xff\x00zzzz", 12) : "data");
  }
  CHECK(recognise_evidence(folder / "a.001")->paths ==
        std::vector{folder / "a.001", folder / "a.002", folder / "a.003"});
  CHECK(recognise_evidence(folder / "b.aa")->format == EvidenceFormat::kSplitRaw);
  CHECK(recognise_evidence(folder / "b.aa")->paths.size() == 2);
  CHECK(recognise_evidence(folder / "c.001")->format == EvidenceFormat::kRaw);
  CHECK(recognise_evidence(folder / "d.E01")->paths.size() == 2);
}

TEST_CASE("recognise: empty, missing and special files are named as unreadable") {
  const TempFolder folder;
  write_file(folder / "empty", "");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const char* name : {"empty", "missing", "pipe"}) {
    const auto spec = recognise_evidence(folder / name);
    REQUIRE_FALSE(spec);
    CHECK(spec.error().code == ErrorCode::kUnreadable);
  }
  CHECK(recognise_evidence(folder / "empty").error().message == "the evidence is empty");
  CHECK(recognise_evidence(folder.path())->format == EvidenceFormat::kFolder);
}

TEST_CASE("open: a torn container is an error that says so") {
  const TempFolder folder;
  write_file(folder / "torn.E01", std::string("EVF\x09\x0d\x0a\xff\x00", 8) + std::string(5000, '\1'));
  const auto spec = recognise_evidence(folder / "torn.E01");
  REQUIRE(spec);
  const auto reader = open_evidence(*spec);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().code == ErrorCode::kUnreadable);
  CHECK(reader.error().message.find("ewf") != std::string::npos);
}
