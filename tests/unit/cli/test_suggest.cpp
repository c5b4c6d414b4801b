// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.h"

#include <doctest/doctest.h>

using namespace triage::cli;

TEST_CASE("edit distance counts insert, delete, replace and swap as one") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("case", "caes") == 1);
  CHECK(edit_distance("--json", "--jsn") == 1);
}

TEST_CASE("near misses come nearest first and far words are not offered") {
  const std::vector<std::string> names = {"scan", "case", "carve", "recover", "report"};
  CHECK(near_misses("caes", names) == std::vector<std::string>{"case"});
  CHECK(near_misses("re", names) == std::vector<std::string>{"recover", "report"});
  CHECK(near_misses("zzzz", names).empty());
  CHECK(near_misses("", names).empty());
  CHECK(near_misses(std::string(100'000, 'a'), names).empty());
}
