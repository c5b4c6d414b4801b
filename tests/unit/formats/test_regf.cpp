// SPDX-License-Identifier: Apache-2.0
#include "formats/regf.h"

#include <doctest/doctest.h>
#include <stdio.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include "bytes/text.h"

using namespace triage;

namespace {

/// Content of a file of the corpus packed with xz; "" where it, or the xz program, is absent.
std::string unpacked(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return {};
  std::string out;
  FILE* pipe = ::popen(("xz -dc '" + path.string() + "' 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  char buffer[65536];
  for (std::size_t got = 0; (got = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, got);
  (void)::pclose(pipe);  // an empty result says enough
  return out;
}

std::string whole_file(const std::filesystem::path& path) {
  std::string out;
  if (FILE* file = ::fopen(path.c_str(), "rb")) {
    char buffer[65536];
    for (std::size_t got = 0; (got = ::fread(buffer, 1, sizeof buffer, file)) > 0;) out.append(buffer, got);
    ::fclose(file);
  }
  return out;
}

std::filesystem::path corpus() { return std::filesystem::path(TRIAGE_SOURCE_DIR).parent_path() / "shared/corpus"; }

std::pair<std::size_t, std::size_t> counts(const RegfHive& hive) {
  std::size_t values = 0;
  for (std::uint32_t i = 0; i < hive.live_key_count(); ++i) values += hive.key(i).values().size();
  return {hive.live_key_count(), values};
}

std::size_t number(const std::string& text) { return text.empty() ? 0 : std::stoul(text); }

/// Logs of a hive of the corpus by its file name.
const std::map<std::string, std::vector<std::string>> kLogs = {
    {"registry/SYSTEM_B.xz", {"registry/SYSTEM_B.LOG1.xz", "registry/SYSTEM_B.LOG2.xz"}},
    {"registry/UsrClass.dat.xz", {"registry/UsrClass.dat.LOG1.xz", "registry/UsrClass.dat.LOG2.xz"}},
    {"registry/transactions_NTUSER.DAT.xz",
     {"registry/transactions_ntuser.dat.log1.xz", "registry/transactions_ntuser.dat.log2.xz"}}};

}  // namespace

TEST_CASE("regf: Marvin32 equals its published vectors") {
  // dotnet/runtime, src/libraries/Common/tests/Tests/System/MarvinTests.cs: seed and the hash of "" "af" "e70f" …
  constexpr std::uint64_t kSeed = 0x4fb61a001bdbccULL;
  CHECK(marvin32({}, kSeed) == 0x30ed35c100cd3c7dULL);
  CHECK(marvin32(as_byte_span(*from_hex("af")), kSeed) == 0x48e73fc77d75ddc1ULL);
  CHECK(marvin32(as_byte_span(*from_hex("e70f")), kSeed) == 0xb5f6e1fc485dbff8ULL);
  CHECK(marvin32(as_byte_span(*from_hex("37f495")), kSeed) == 0xf0b07c789b8cf7e8ULL);
  CHECK(marvin32(as_byte_span(*from_hex("8642dc59")), kSeed) == 0x7008f2e87e9cf556ULL);
}

TEST_CASE("regf: keys and values of the corpus are those that yarp counts, before and after replay") {
  std::istringstream rows(whole_file(corpus() / "expected/registry_keys.csv"));
  std::string line;
  std::getline(rows, line);
  std::size_t done = 0;
  std::size_t skipped = 0;
  while (std::getline(rows, line)) {
    std::vector<std::string> cells;
    std::istringstream parts(line + ",");
    for (std::string cell; std::getline(parts, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() == 5);
    const std::string data = unpacked(corpus() / cells[0]);
    if (data.empty()) {
      ++skipped;
      continue;
    }
    CAPTURE(cells[0]);
    const auto before = RegfHive::open(as_byte_span(data), {});
    REQUIRE(before);
    CHECK(counts(*before).first == number(cells[1]));
    CHECK(counts(*before).second == number(cells[2]));
    CHECK_FALSE(before->exhausted());
    ++done;
    if (cells[3].empty()) continue;
    std::vector<std::string> logs;
    std::vector<RegfLogFile> files;
    for (const std::string& name : kLogs.at(cells[0])) logs.push_back(unpacked(corpus() / name));
    for (std::size_t i = 0; i < logs.size(); ++i) files.push_back({i == 0 ? ".LOG1" : ".LOG2", as_byte_span(logs[i])});
    const auto after = RegfHive::open(as_byte_span(data), files);
    REQUIRE(after);
    CHECK(after->replay().applied > 0);
    CHECK(counts(*after).first == number(cells[3]));
    CHECK(counts(*after).second == number(cells[4]));
  }
  MESSAGE("regf: " << done << " hives compared, " << skipped << " skipped");
  if (done == 0) MESSAGE("regf: the corpus is absent");
}
