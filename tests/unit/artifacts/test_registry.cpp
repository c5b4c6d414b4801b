// SPDX-License-Identifier: Apache-2.0
// Registry hives of the corpus: counts that plaso's own tests assert (expected/plaso.csv), each with what differs.
#include <doctest/doctest.h>

#include <time.h>
#include <algorithm>
#include <chrono>
#include <set>

#include "corpus.h"

namespace triage {
extern const ArtifactParser registry;
}

using namespace triage;

namespace {

std::size_t count(const corpus::Said& said, std::string_view artifact) {
  return static_cast<std::size_t>(std::count_if(said.events.begin(), said.events.end(), [artifact](const Event& e) {
    return e.artifact == artifact && !e.recovered;
  }));
}

std::vector<Event> of_key(const corpus::Said& said, std::string_view artifact, std::string_view key_end) {
  std::vector<Event> out;
  for (const Event& event : said.events)
    if (event.artifact == artifact && !event.recovered && corpus::attribute(event, "key").ends_with(key_end))
      out.push_back(event);
  return out;
}

}  // namespace

TEST_CASE("registry: records of the corpus that plaso counts too") {
  if (!corpus::present(6)) return;
  const auto plaso = corpus::root() / "plaso";
  const auto office = corpus::parse(registry, corpus::read(plaso / "NTUSER-WIN7.DAT"), "/Users/nfury/NTUSER.DAT");
  // plaso: 6 = five items and one event for the key itself, which is windows.registry's here.
  CHECK(of_key(office, "windows.registry.officemru", "Office\\14.0\\Word\\File MRU").size() == 5);
  CHECK(of_key(office, "windows.registry.typed", "Explorer\\TypedPaths").size() == 1);
  const auto run = corpus::parse(registry, corpus::read(plaso / "NTUSER-RunTests.DAT"), "/Users/x/NTUSER.DAT");
  CHECK(of_key(run, "windows.registry.run", "CurrentVersion\\Run").size() == 1);
  CHECK(of_key(run, "windows.registry.run", "CurrentVersion\\RunOnce").size() == 1);
  const auto sam = corpus::parse(registry, corpus::read(plaso / "regf" / "SAM"), "/Windows/System32/config/SAM");
  std::set<std::string> accounts;
  for (const Event& event : sam.events)
    if (event.artifact == "windows.registry.sam") accounts.insert(corpus::attribute(event, "rid"));
  CHECK(accounts.size() == 3);
  const auto corrupt = corpus::parse(registry, corpus::read(plaso / "regf" / "corrupt_sub_key_list.hiv"), "/x.hiv");
  // plaso reaches 100 keys; the cells behind the broken list come back as recovered ones.
  CHECK(count(corrupt, "") >= 100);
  CHECK(corrupt.outcome == Outcome::kPartial);
  CHECK(corpus::parse(registry, corpus::read(plaso / "ntuser.dat.LOG"), "/ntuser.dat.LOG").outcome ==
        Outcome::kNotMine);
  const auto amcache = corpus::parse(registry, corpus::read(plaso / "winreg" / "Amcache.hve"), "/Amcache.hve");
  // plaso: 3497 = 1393 entries of the sets it reads and 2104 keys; drivers, devices and programs of the newer sets are
  // read here too.
  std::set<std::string> entries;
  for (const Event& event : amcache.events) {
    const std::string key = corpus::attribute(event, "key");
    const bool plaso_reads = key.find("\\Root\\File\\") != std::string::npos ||
                             key.find("\\Root\\Programs\\") != std::string::npos ||
                             key.find("\\Root\\InventoryApplicationFile\\") != std::string::npos;
    if (event.artifact == "windows.registry.amcache" && !event.recovered && plaso_reads) entries.insert(key);
  }
  CHECK(entries.size() == 1393);
  MESSAGE("amcache: " << entries.size() + count(amcache, "") << " entries and keys, plaso 3497");
}

TEST_CASE("registry: every hive of the corpus is read without an exhausted budget") {
  if (!corpus::present(1)) return;
  std::size_t hives = 0;
  std::size_t bytes = 0;
  std::size_t events = 0;
  timespec before{}, after{};
  std::chrono::nanoseconds spent{0};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus::root() / "plaso")) {
    if (!entry.is_regular_file()) continue;
    const std::string data = corpus::read(entry.path());
    if (!data.starts_with("regf")) continue;
    CAPTURE(entry.path().string());
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    const auto said = corpus::parse(registry, data, "/Users/x/NTUSER.DAT");
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    spent +=
        std::chrono::seconds(after.tv_sec - before.tv_sec) + std::chrono::nanoseconds(after.tv_nsec - before.tv_nsec);
    if (said.outcome == Outcome::kNotMine) continue;
    for (const Damage& damage : said.damages) CHECK(damage.kind != DamageKind::kLimit);
    ++hives;
    bytes += data.size();
    events += said.events.size();
  }
  MESSAGE("registry: " << hives << " hives, " << bytes << " bytes, " << events << " events, "
                       << std::chrono::duration_cast<std::chrono::milliseconds>(spent).count() << " CPU ms");
}
