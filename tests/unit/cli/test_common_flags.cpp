// SPDX-License-Identifier: Apache-2.0
#include "cli/common_flags.h"

#include <doctest/doctest.h>

using namespace triage::cli;

TEST_CASE("sizes are read in powers of 1024 and refused when they do not fit") {
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("512") == 512);
  CHECK(parse_size("64K") == 65536);
  CHECK(parse_size("256MiB") == 268435456);
  CHECK(parse_size("2g") == 2147483648);
  CHECK(parse_size("1TB") == 1099511627776);
  CHECK(parse_size("16777215T") == 18446742974197923840ULL);
  CHECK_FALSE(parse_size("16777216T"));
  CHECK_FALSE(parse_size("18446744073709551616"));
  CHECK_FALSE(parse_size(""));
  CHECK_FALSE(parse_size("-1"));
  CHECK_FALSE(parse_size("1X"));
  CHECK_FALSE(parse_size("1KK"));
  CHECK_FALSE(parse_size("K"));
}

TEST_CASE("an option with a value leaves the next word to the arguments") {
  Context context;
  CLI::App app;
  add_flags(app, context, {Flag::kRules, Flag::kEvidence});
  std::vector<std::string> reversed = {"two.img", "b", "--rules", "one.img", "a", "--rules"};
  app.parse(reversed);
  CHECK(context.rule_folders == std::vector<std::string>{"a", "b"});
  CHECK(context.evidence == std::vector<std::string>{"one.img", "two.img"});
}
