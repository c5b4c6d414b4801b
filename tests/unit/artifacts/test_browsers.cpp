// SPDX-License-Identifier: Apache-2.0
// Chromium and Firefox databases of the corpus: record counts that plaso's own tests assert.
#include <set>

#include "corpus.h"

namespace triage {
extern const ArtifactParser chromium;
extern const ArtifactParser firefox;
}  // namespace triage
using namespace triage;

TEST_CASE("chromium: plaso's histories give the records its tests assert") {
  const char* const files[] = {"History-57.0.2987.133", "History-58.0.3029.96", "History-59.0.3071.86",
                               "History-59_added-fake-column"};
  if (!corpus::present(4)) return;
  for (const char* name : files) {
    const std::string data = corpus::read(corpus::root() / "plaso" / "chrome" / name);
    const auto said = corpus::parse(chromium, data, "/home/nfury/.config/google-chrome/Default/History");
    CHECK(said.outcome == Outcome::kComplete);
    CHECK(said.damages.empty());
    std::set<std::pair<std::string, std::uint64_t>> records;  // a download is one record and two events
    for (const Event& event : said.events) {
      CHECK(event.who == "nfury");
      CHECK(event.program == "chrome");
      CHECK(is_action(event.what));
      REQUIRE(event.record.has_value());
      records.insert({event.what, *event.record});
    }
    CHECK_MESSAGE(records.size() == 2, name);  // expected/plaso.csv: event_data 2 for each
  }
}

TEST_CASE("chromium: a Firefox database of the right name is not taken") {
  if (!corpus::present(1)) return;
  const std::string data = corpus::read(corpus::root() / "plaso" / "firefox" / "firefox_10_cookies.sqlite");
  CHECK(corpus::parse(chromium, data, "/x/History").outcome == Outcome::kNotMine);
  CHECK(corpus::parse(firefox, data, "/x/places.sqlite").outcome == Outcome::kNotMine);
}
