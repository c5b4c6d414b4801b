// SPDX-License-Identifier: Apache-2.0
// Windows files of the corpus against what plaso's own tests assert (expected/plaso.csv) and what esedbexport writes.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "corpus.h"

namespace triage {
extern const ArtifactParser activities;
extern const ArtifactParser bits;
extern const ArtifactParser defender;
extern const ArtifactParser pca;
extern const ArtifactParser recyclebin_info2;
extern const ArtifactParser srum;
extern const ArtifactParser ual;
extern const ArtifactParser winjob;
}  // namespace triage

using namespace triage;

namespace {

corpus::Said said_of(const ArtifactParser& parser, const std::filesystem::path& file, const std::string& path) {
  return corpus::parse(parser, corpus::read(corpus::root() / file), path);
}

std::size_t different(const corpus::Said& said, std::string_view attribute) {
  std::set<std::string> values;
  for (const Event& event : said.events) values.insert(corpus::attribute(event, attribute));
  return values.size();
}

}  // namespace

TEST_CASE("windows files: as many records as plaso counts") {
  if (!corpus::present(7)) return;
  CHECK(said_of(winjob, "plaso/wintask.job", "/WINDOWS/Tasks/wintask.job").events.size() == 2);
  CHECK(said_of(recyclebin_info2, "plaso/recycler/INFO2", "/RECYCLER/INFO2").events.size() == 4);
  CHECK(said_of(pca, "plaso/PcaGeneralDb0.txt", "/x/PcaGeneralDb0.txt").events.size() == 3);
  CHECK(said_of(pca, "plaso/PcaAppLaunchDic.txt", "/x/PcaAppLaunchDic.txt").events.size() == 4);
  const auto timeline = said_of(activities, "plaso/windows/ActivitiesCache.db", "/Users/x/ActivitiesCache.db");
  CHECK(different(timeline, "activity_id") == 112);
  CHECK(timeline.outcome == Outcome::kComplete);
  for (const std::string name : {"FC380697-A68D-4C94-B67F-9B6449039463", "6AFE33A0-19BA-4FFF-892F-B700539D7D63"}) {
    const auto found = said_of(defender, "plaso/windefender_history/" + name, "/x/DetectionHistory/01/" + name);
    CAPTURE(name);
    CHECK(found.outcome == Outcome::kComplete);
    REQUIRE(!found.events.empty());  // plaso makes one record of a detection, here each of its resources is one
    CHECK(found.events[0].who == "FRYPTOP\\testuser");
    CHECK(corpus::attribute(found.events[0], "threat").find("EICAR") != std::string::npos);
  }
}

TEST_CASE("windows files: a BITS queue that libesedb does not open") {
  if (!corpus::present(1)) return;
  // One job of one file, read by hand from a hex dump.
  const auto said = said_of(bits, "ese/qmgr.db", "/ProgramData/Microsoft/Network/Downloader/qmgr.db");
  CHECK(said.outcome == Outcome::kComplete);
  const auto live = std::count_if(said.events.begin(), said.events.end(), [](const Event& e) { return !e.recovered; });
  CHECK(live == 2);
  REQUIRE(!said.events.empty());
  CHECK(corpus::attribute(said.events[0], "job") == "Edge Component Updater");
  CHECK(said.events[0].when.text() == "2024-07-29T04:34:53.1374516Z");
  CHECK(said.events[0].remote == "msedge.b.tlu.dl.delivery.mp.microsoft.com");
  CHECK(said.events[0].object_size == 975576);
}

TEST_CASE("windows files: ESE databases of the corpus give every row") {
  if (!corpus::present(2)) return;
  const auto usage = said_of(srum, "ese/SRUM/SRUDB.dat", "/Windows/System32/sru/SRUDB.dat");
  CHECK(usage.outcome == Outcome::kComplete);
  const auto rows = std::count_if(usage.events.begin(), usage.events.end(),
                                  [](const Event& e) { return !e.recovered && e.how == "SRUM: network usage"; });
  CHECK(rows == 255);
  // First row of esedbexport: Oct 07, 2021 08:54:00, 4063 bytes sent, 12213 received.
  const auto first = std::find_if(usage.events.begin(), usage.events.end(),
                                  [](const Event& e) { return e.how == "SRUM: network usage"; });
  REQUIRE(first != usage.events.end());
  CHECK(first->when.text() == "2021-10-07T08:54:00.000Z");
  CHECK(corpus::attribute(*first, "bytes_sent") == "4063");
  CHECK(corpus::attribute(*first, "bytes_received") == "12213");
  const auto access = said_of(ual, "ese/UAL/Current.mdb", "/x/Current.mdb");
  CHECK(access.outcome == Outcome::kComplete);
  const auto client =
      std::find_if(access.events.begin(), access.events.end(), [](const Event& e) { return e.who.has_value(); });
  REQUIRE(client != access.events.end());
  CHECK(client->who == "lab\\dc-1$");
  CHECK(client->when.text() == "2021-06-12T23:47:21.2323235Z");
  CHECK(corpus::attribute(*client, "accesses") == "310");
}
