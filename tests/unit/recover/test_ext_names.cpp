// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_names.h"

#include <doctest/doctest.h>

using namespace triage;

TEST_CASE("ext names: the newest name in use counts, a deleted entry that was left over does not") {
  const std::unordered_map<std::uint64_t, std::string> live = {{2, "/"}, {12, "/docs"}};
  ExtNames names(live);
  names.add(12, {40, 1, "old.txt", false}, -30);
  names.add(12, {40, 1, "new.txt", false}, -20);
  names.add(12, {40, 1, "left over.txt", true}, -10);
  names.add(12, {41, 1, "only left over.txt", true}, -10);
  names.add(12, {39, 2, "a folder", false}, -10);
  const ExtName* name = names.newest_in_use(40, 1);
  REQUIRE(name != nullptr);
  CHECK(names.path(*name) == "/docs/new.txt");
  CHECK(name->live_order == -20);
  CHECK(names.newest_in_use(41, 1) == nullptr);
  CHECK(names.newest_in_use(39, 1) == nullptr);
  CHECK(names.newest_in_use(99, 1) == nullptr);
  CHECK(names.inodes() == std::vector<std::uint64_t>{39, 40, 41});
}
