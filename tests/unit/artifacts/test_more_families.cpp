// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "corpus.h"

using namespace triage;

namespace {

// Rows of expected/plaso.csv of these families: how many of our events answer one of plaso's records.
struct Claim {
  const char* file;
  const char* parser;
  const char* seen_as;                 ///< path the parser sees; its own where null
  bool (*counts)(const Event& event);  ///< which events are counted
  std::size_t ours = 0;                ///< our number where it is another, 0: plaso's
};

bool every(const Event&) { return true; }
bool sections(const Event& event) { return event.record && event.when_meaning.has(Meaning::kStarted); }
bool timed_entries(const Event& event) { return event.how != "Vim: last change or look"; }
bool begins(const Event& event) { return event.when_meaning.has(Meaning::kConnected); }
bool live_first_uses(const Event& event) { return !event.recovered && event.when_meaning.has(Meaning::kFirstSeen); }
bool live_cookies(const Event& event) { return !event.recovered && event.when_meaning.has(Meaning::kCreated); }

/// The first event of a record of index.dat: a cache entry has a second one for its modification.
bool entries(const Event& event) {
  return !event.recovered && !event.when_meaning.has(Meaning::kModified) && !event.when_meaning.has(Meaning::kCreated);
}
bool folders(const Event& event) { return event.object_kind == "directory" && event.when.utc_nanos; }
bool started(const Event& event) { return event.when_meaning.has(Meaning::kDownloadStarted); }
bool printed(const Event& event) { return event.when_meaning.has(Meaning::kCreated); }
bool fetches(const Event& event) { return event.when_meaning.has(Meaning::kAccessed); }

constexpr Claim kClaims[] = {
    {"setupapi.setup.log", "windows.setupapi", nullptr, sections},
    {"vsftpd.log", "linux.ftp", nullptr, every},
    {".viminfo", "linux.viminfo", "/root/.viminfo", timed_entries},
    {"AccessProtectionLog.txt", "windows.antivirus_log", nullptr, every},
    {"pccnt35.log", "windows.antivirus_log", nullptr, every},
    {"teamviewer/TeamViewer15_Logfile.log", "windows.teamviewer", nullptr, every},
    {"teamviewer/connections_incoming.txt", "windows.teamviewer", nullptr, begins},
    {"chrome/Web Data", "browser.chromium_forms", nullptr, live_first_uses},
    // plaso's own number counts what it reads out of the values of Google's cookies, too; the table has so many rows
    {"chrome/cookies.db", "browser.chromium_cookies", "/Default/Cookies", live_cookies, 560},
    {"chrome/Cookies-68.0.3440.106", "browser.chromium_cookies", "/Default/Cookies", live_cookies, 5},
    {"msiecf/Content.IE5/index.dat", "browser.internet_explorer", nullptr, entries},
    {"firefox_cache/firefox3/_CACHE_002_", "browser.firefox_cache", nullptr, fetches},
    {"firefox_cache/firefox3/_CACHE_003_", "browser.firefox_cache", nullptr, fetches},
    {"SysEvent.Evt", "windows.event_log_old", nullptr, every},
    {"plist/History.plist", "browser.safari", nullptr, every},
    {"plist/Downloads.plist", "browser.safari", nullptr, started},
    {"mac_cups_ipp", "linux.print_job", "/var/spool/cups/c00001", printed},
    {"mlocate.db", "linux.locate", nullptr, folders},
    {"cri.log", "linux.container_log", nullptr, every},
    {"docker/containers/e7d0b7ea5ccf08366e2b0c8afa2318674e8aefe802315378125d2bb83fe3110c/container-json.log",
     "linux.container_log", nullptr, every},
    {"typed_history.xml", "browser.opera_typed", nullptr, every},
    {"chrome/Extension Activity", "browser.chromium_extensions", nullptr, every},
    {"rp.log", "windows.restore_point", nullptr, every},
    {"postgresql.log", "linux.postgresql", nullptr, every},
    {"firefox/firefox_10_cookies.sqlite", "browser.firefox_cookies", "/x/cookies.sqlite", live_cookies},
};

}  // namespace

TEST_CASE("more families: plaso's files give the records its own tests assert") {
  if (!corpus::present(static_cast<int>(std::size(kClaims)))) return;
  const std::string table = corpus::read(corpus::root() / "expected" / "plaso.csv");
  for (const Claim& claim : kClaims) {
    const std::string data = corpus::read(corpus::root() / "plaso" / claim.file);
    const std::string path = claim.seen_as != nullptr ? claim.seen_as : std::string("/") + claim.file;
    const auto said = corpus::parse(corpus::parser(claim.parser), data, path);
    const auto count = static_cast<std::size_t>(std::count_if(said.events.begin(), said.events.end(), claim.counts));
    CHECK_MESSAGE(count == (claim.ours != 0 ? claim.ours : corpus::expected_of(table, claim.file)), claim.file);
  }
}

TEST_CASE("more families: a file at the top of a folder is wanted as one below it") {
  const ArtifactParser& packages = corpus::parser("linux.packages");
  Stream stream;
  for (const char* path : {"dpkg.log", "/dpkg.log", "var/log/dpkg.log", "/var/log/dpkg.log.1"}) {
    stream.path = path;
    CHECK_MESSAGE(parser_wants(packages, stream, {}), path);
  }
  stream.path = "notdpkg.log";
  CHECK_FALSE(parser_wants(packages, stream, {}));
}
