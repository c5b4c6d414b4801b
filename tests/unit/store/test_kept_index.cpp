// SPDX-License-Identifier: Apache-2.0
#include "store/kept_index.h"

#include <doctest/doctest.h>

#include <string>

using namespace triage;

namespace {

std::string line(const std::string& runs, const std::string& size) {
  return R"({"schema":"triage.recovered.v1","sha256":")" + std::string(64, 'a') +
         R"(","grade":"complete","method":"record","path":"/a","runs":)" + runs + R"(,"type":null,"size":)" + size +
         R"(,"file":"aa/aaaa.bin","evidence":"e1","inode":5,"stream":"v0.i5"})";
}

}  // namespace

TEST_CASE("kept index: a line gives digest, place and name") {
  const auto file = parse_kept_line(line("[[4096,100,0],[0,50,1]]", "150"));
  REQUIRE(file.has_value());
  CHECK(file->sha256 == std::string(64, 'a'));
  CHECK(file->path == "/a");
  CHECK(file->file == "aa/aaaa.bin");
  CHECK(file->evidence == "e1");
  CHECK(file->size == 150);
  REQUIRE(file->runs.size() == 2);
  CHECK(file->runs[0] == Extent{ByteOffset{4096}, ByteCount{100}, false});
  CHECK(file->runs[1].sparse);
}

TEST_CASE("kept index: torn and forged lines are none") {
  const std::string good = line("[[4096,100,0]]", "100");
  for (std::size_t cut = 0; cut < good.size(); cut += 7) CHECK_FALSE(parse_kept_line(good.substr(0, cut)).has_value());
  for (const char* runs :
       {"[[4096,100]]", "[[-1,100,0]]", "[[4096,\"100\",0]]", "[4096,100,0]", "{}", "null", "[[1.5,1,0]]"})
    CHECK_FALSE(parse_kept_line(line(runs, "100")).has_value());
  CHECK_FALSE(parse_kept_line(line("[]", "-1")).has_value());
  CHECK_FALSE(parse_kept_line("[]").has_value());
  CHECK_FALSE(parse_kept_line(R"({"schema":"triage.file.v1"})").has_value());
}
