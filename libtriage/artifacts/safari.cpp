// SPDX-License-Identifier: Apache-2.0
// Safari: history (History.db since version 8, History.plist before) and downloads (Downloads.plist).
//   history_visits(id history_item visit_time title redirect_source …) → history_items(id url visit_count …)
//   History.plist: WebHistoryDates[] { "": address, lastVisitedDate, title, visitCount }
//   Downloads.plist: DownloadHistory[] { DownloadEntryURL, …Path, …DateAddedKey, …DateFinishedKey, …ProgressTotalToLoad
//   }
// Times are seconds since 2001-01-01 UTC, as numbers with a fraction.
// Spec: read off databases of macOS 10.10 to 14 (kacos2000, mac4n6); Apple CFDate.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>

#include "artifacts/sqlite_artifact.h"
#include "formats/browser_profile.h"
#include "formats/home_path.h"
#include "formats/plist.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr double kEpoch = 978307200.0;  // 2001-01-01 in seconds since 1970

/// Seconds since 2001 with a fraction; microseconds are what a double holds.
Timestamp from_cocoa(double seconds) {
  Timestamp out;
  const bool possible = std::isfinite(seconds) && std::abs(seconds) < 4e9;
  if (possible) out = from_unix_micros(static_cast<std::int64_t>(std::llround((seconds + kEpoch) * 1e6)));
  if (!possible) out.status = TimeStatus::kOutOfRange;
  out.raw = fmt::format("{:.6f}", seconds);
  return out;
}

struct Safari {
  const Artifact& in;
  EventSink& out;
  BrowserProfile profile;

  Event make(std::string_view what) const {
    Event event;
    event.what = what;
    event.who = profile.user;
    event.program = "safari";
    event.locator = in.base;
    return event;
  }
  static void set_url(Event& event, const std::optional<std::string>& url) {
    event.object_kind = "url";
    event.object = url;
    if (url) event.remote = url_host(*url);
    if (url && is_web_url(*url)) event.channel = "web";
  }
};

Outcome parse_database(const Safari& s) {
  auto db = SqliteArtifact::open(s.in, s.out);
  if (!db) return Outcome::kPartial;
  if (db->computed("history_visits") || db->computed("history_items")) return Outcome::kPartial;
  if (!db->has("history_visits", "visit_time") || !db->has("history_items", "url"))
    return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  db->query(
      fmt::format("SELECT v.id, i.url, v.visit_time, {}, {}, {} FROM history_visits v LEFT JOIN history_items i ON "
                  "i.id = v.history_item ORDER BY v.id",
                  db->column("history_visits", "title"), db->column("history_items", "visit_count"),
                  db->column("history_visits", "redirect_source")),
      [&s](const SqliteRow& row) {
        Event event = s.make(action::kUrlVisited);
        if (const auto time = row.real(2)) event.when = from_cocoa(*time);
        event.when_meaning = Meaning::kVisited;
        Safari::set_url(event, row.text(1));
        event.partial = !event.object;
        event.how = row.integer(5).value_or(0) > 0 ? "redirected" : "history";
        if (const auto id = row.integer(0); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
        add_known(event, "title", row.text(3));
        add_known(event, "visit_count", row.integer(4));
        s.out.event(std::move(event));
      });
  const auto believable = [](const CarvedRow& row) { return believable_url(row.text("url")); };
  db->carve("history_items", {"url", "visit_count"}, believable, [&](const CarvedRow& row) {
    Event event = s.make(action::kUrlVisited);
    Safari::set_url(event, row.text("url"));
    event.how = "history: an address that was deleted";
    add_known(event, "visit_count", row.integer("visit_count"));
    db->mark(event, row);
    s.out.event(std::move(event));
  });
  return db->outcome();
}

void give_page(const Safari& s, const PlistValue& page) {
  Event event = s.make(action::kUrlVisited);
  Safari::set_url(event, page.text_of(""));
  event.partial = !event.object;
  event.how = "history";
  if (const auto time = page.seconds_of("lastVisitedDate")) event.when = from_cocoa(*time);
  event.when_meaning = Meaning::kVisited;
  add_known(event, "title", page.text_of("title"));
  add_known(event, "visit_count", page.integer_of("visitCount"));
  s.out.event(std::move(event));
}

void give_download(const Safari& s, const PlistValue& entry) {
  Event event = s.make(action::kFileDownloaded);
  const auto url = entry.text_of("DownloadEntryURL");
  event.object_kind = "file";
  const auto kept = entry.text_of("DownloadEntryPostPath");  // where it lay in the end
  event.object = event.path = kept ? kept : entry.text_of("DownloadEntryPath");
  if (url) event.remote = url_host(*url);
  if (url && is_web_url(*url)) event.channel = "web";
  event.how = "download";
  if (const auto total = entry.integer_of("DownloadEntryProgressTotalToLoad"); total && *total > 0)
    event.object_size = static_cast<std::uint64_t>(*total);
  add_known(event, "url", url);
  add_known(event, "received_bytes", entry.integer_of("DownloadEntryProgressBytesSoFar"));
  const auto added = entry.seconds_of("DownloadEntryDateAddedKey");
  const auto finished = entry.seconds_of("DownloadEntryDateFinishedKey");
  Event ended = event;
  if (added) event.when = from_cocoa(*added);
  event.when_meaning = added ? Meaning::kDownloadStarted : Meaning::kOther;
  s.out.event(std::move(event));
  if (!finished) return;
  ended.when = from_cocoa(*finished);
  ended.when_meaning = Meaning::kDownloadEnded;
  s.out.event(std::move(ended));
}

Outcome parse_safari(const Artifact& in, EventSink& out) {
  const Safari s{in, out, browser_profile(in.stream.path)};
  if (has_at(in.data, 0, kSqliteMagic.bytes)) return parse_database(s);
  const auto list = read_plist(in.data);
  if (!list) return Outcome::kNotMine;
  const PlistValue* pages = list->root.find("WebHistoryDates");
  const PlistValue* downloads = list->root.find("DownloadHistory");
  if (pages == nullptr && downloads == nullptr && list->fault.empty()) return Outcome::kNotMine;
  if (pages != nullptr)
    for (const PlistValue& page : pages->items) give_page(s, page);
  if (downloads != nullptr)
    for (const PlistValue& entry : downloads->items) give_download(s, entry);
  if (list->fault.empty()) return Outcome::kComplete;
  out.damage(DamageKind::kRange, list->fault_at, "plist", list->fault);
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**/Safari/History.db"sv, "**/Safari/History.plist"sv, "**/Safari/Downloads.plist"sv,
                               "**/History.plist"sv, "**/Downloads.plist"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"title", "", "title of the page"},
                                FieldSpec{"visit_count", "count", "visits of the address as the browser counts them"},
                                FieldSpec{"url", "", "address of the download"},
                                FieldSpec{"received_bytes", "bytes", "bytes received so far"}, kFoundIn};
constexpr std::array kReferences = {
    "https://developer.apple.com/documentation/corefoundation/cfdate"sv,
    "https://github.com/libyal/dtformats/blob/main/documentation/Safari%20Cookies.asciidoc"sv};

}  // namespace

extern const ArtifactParser safari;
constinit const ArtifactParser safari{
    .id = "browser.safari",
    .version = 1,
    .title_en = "Safari: history and downloads",
    .title_ja = "Safari の閲覧・ダウンロード履歴",
    .magics = {},
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_safari,
};

}  // namespace triage
