// SPDX-License-Identifier: Apache-2.0
#include "corpus.h"

namespace triage {
extern const ArtifactParser utmp;
}
using namespace triage;

TEST_CASE("utmp: plaso's files give the records its tests assert, in every layout") {
  if (!corpus::present(3)) return;
  const auto parse = [](const char* name) {
    return corpus::parse(utmp, corpus::read(corpus::root() / "plaso" / "utmp" / name), std::string("/var/log/") + name);
  };
  const auto small = parse("utmp_x86_64");
  CHECK(small.outcome == Outcome::kComplete);
  REQUIRE(small.events.size() == 6);
  CHECK(small.events[1].what == action::kLogonEnded);
  CHECK(small.events[2].what == action::kSystemStarted);
  CHECK(small.events[3].what == action::kSystemStopped);
  CHECK(small.events[4].what == action::kClockChanged);
  CHECK(small.events[1].session == "tty2");
  const auto big = parse("utmp_s390");
  CHECK(big.outcome == Outcome::kComplete);
  REQUIRE(big.events.size() == 6);
  CHECK(big.events[2].what == action::kSystemStarted);
  CHECK(corpus::attribute(big.events[1], "address") == "1.2.3.4");
  const auto rotated = parse("wtmp.1");
  CHECK(rotated.outcome == Outcome::kPartial);  // a byte follows its four records
  REQUIRE(rotated.events.size() == 4);
  CHECK(rotated.events[0].what == action::kLogonSucceeded);
  CHECK(rotated.events[0].session == "pts/32");
  CHECK(rotated.events[0].locator.begin == 0);
  CHECK(rotated.events[3].locator.begin == 1152);
}
