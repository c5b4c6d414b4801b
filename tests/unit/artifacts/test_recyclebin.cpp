// SPDX-License-Identifier: Apache-2.0
#include "corpus.h"

namespace triage {
extern const ArtifactParser recyclebin;
}
using namespace triage;

TEST_CASE("recycle bin: plaso's $I gives the values its test asserts") {
  if (!corpus::present(1)) return;
  const std::string data = corpus::read(corpus::root() / "plaso" / "recycler" / "$II3DF3L.zip");
  const auto said = corpus::parse(recyclebin, data, "/$Recycle.Bin/S-1-5-21-1-2-3-1000/$II3DF3L.zip");
  CHECK(said.outcome == Outcome::kComplete);
  CHECK(said.damages.empty());
  REQUIRE(said.events.size() == 1);
  const Event& event = said.events[0];
  CHECK(event.object == "C:\\Users\\nfury\\Documents\\Alloy Research\\StarFury.zip");
  CHECK(event.object_size == 724919);
  CHECK(event.when.text() == "2012-03-12T20:49:58.6330000Z");
  CHECK(event.sid == "S-1-5-21-1-2-3-1000");
  CHECK(corpus::attribute(event, "content_name") == "$RI3DF3L.zip");
}

TEST_CASE("recycle bin: a folder of the user's own that looks like a SID is not taken for one outside the bin") {
  std::string data("\x02\0\0\0\0\0\0\0", 8);
  data.resize(24);
  data += std::string("\x02\0\0\0C\0\0\0", 8);
  const auto said = corpus::parse(recyclebin, data, "/S-1-5-21-1-2-3-1000/$IAAAAAA.txt");
  REQUIRE(said.events.size() == 1);
  CHECK_FALSE(said.events[0].sid.has_value());
  CHECK(said.events[0].when.status == TimeStatus::kNotSet);
}
