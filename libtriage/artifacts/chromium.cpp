// SPDX-License-Identifier: Apache-2.0
// Chromium `History` (Chrome, Edge, Brave, Opera …): visits, downloads and search words, with the write-ahead log.
// Times are microseconds since 1601 UTC; databases before 2013 keep downloads in seconds since 1970.
//   visits(id url visit_time from_visit transition …) → urls(id url title …)
//   downloads(id target_path start_time …) → downloads_url_chains(id chain_index url)
//   keyword_search_terms(url_id term) → urls
// Reference: chromium/src components/history/core/browser/{history_database,visit_database,download_database}.cc.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>

#include "artifacts/sqlite_artifact.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {

using namespace std::string_view_literals;

constexpr auto kTransitions =
    std::to_array<std::string_view>({"link", "typed", "auto_bookmark", "auto_subframe", "manual_subframe", "generated",
                                     "auto_toplevel", "form_submit", "reload", "keyword", "keyword_generated"});
constexpr auto kQualifiers = std::to_array<std::pair<std::uint32_t, std::string_view>>({
    {0x00800000, "blocked"},
    {0x01000000, "forward_back"},
    {0x02000000, "from_address_bar"},
    {0x04000000, "home_page"},
    {0x08000000, "from_api"},
    {0x10000000, "chain_start"},
    {0x20000000, "chain_end"},
    {0x40000000, "client_redirect"},
    {0x80000000, "server_redirect"},
});
constexpr auto kSources = std::to_array<std::string_view>(
    {"synced", "browsed", "extension", "firefox_imported", "ie_imported", "safari_imported", "actor"});
constexpr auto kStates =
    std::to_array<std::string_view>({"in_progress", "complete", "cancelled", "interrupted", "interrupted"});
constexpr auto kDangers = std::to_array<std::string_view>(
    {"not_dangerous", "dangerous_file", "dangerous_url", "dangerous_content", "maybe_dangerous_content",
     "uncommon_content", "user_validated", "dangerous_host", "potentially_unwanted", "allowlisted_by_policy"});

struct Url {
  std::string url;
  std::optional<std::string> title;
  std::optional<std::int64_t> visit_count;
  std::optional<std::int64_t> typed_count;
  std::optional<std::int64_t> last_visit;
};

struct History {
  const Artifact& in;
  EventSink& out;
  SqliteArtifact& db;
  BrowserProfile profile;
  std::unordered_map<std::int64_t, Url> urls;
  std::unordered_map<std::int64_t, std::int64_t> sources;  ///< visit → how it came into this database
  std::unordered_map<std::int64_t, std::vector<std::string>> chains;

  void query(const std::string& sql, const std::function<void(const SqliteRow&)>& on_row) { db.query(sql, on_row); }
  std::string column(std::string_view table, std::string_view name) const { return db.column(table, name); }
  Event make(std::string_view what, std::optional<std::int64_t> row_id) const {
    Event event;
    event.what = what;
    event.who = profile.user;
    event.program = profile.program;
    event.locator = in.base;
    if (row_id && *row_id >= 0) event.record = static_cast<std::uint64_t>(*row_id);
    return event;
  }
};

template <std::size_t N>
std::string named(const std::array<std::string_view, N>& names, std::int64_t value) {
  return value >= 0 && value < static_cast<std::int64_t>(N) ? std::string(names[static_cast<std::size_t>(value)])
                                                            : fmt::format("{}", value);
}

void set_url(Event& event, const std::string& url) {
  event.object_kind = "url";
  event.object = url;
  event.remote = url_host(url);
  if (is_web_url(url)) event.channel = "web";
}

std::string qualifiers_of(std::uint32_t transition) {
  std::string out;
  for (const auto& [bit, name] : kQualifiers)
    if ((transition & bit) != 0) out += (out.empty() ? "" : ",") + std::string(name);
  return out;
}

void read_urls(History& h) {
  h.query("SELECT id, url, title, visit_count, typed_count, last_visit_time FROM urls", [&h](const SqliteRow& row) {
    const auto id = row.integer(0);
    const auto url = row.text(1);
    if (id && url) h.urls[*id] = {*url, row.text(2), row.integer(3), row.integer(4), row.integer(5)};
  });
  if (h.db.view().has_table("visit_source"))
    h.query("SELECT id, source FROM visit_source", [&h](const SqliteRow& row) {
      if (row.integer(0) && row.integer(1)) h.sources[*row.integer(0)] = *row.integer(1);
    });
  if (h.db.view().has_table("downloads_url_chains"))
    h.query("SELECT id, url FROM downloads_url_chains ORDER BY id, chain_index", [&h](const SqliteRow& row) {
      if (row.integer(0) && row.text(1)) h.chains[*row.integer(0)].push_back(*row.text(1));
    });
}

void emit_visit(History& h, const SqliteRow& row) {
  const auto id = row.integer(0);
  Event event = h.make(action::kUrlVisited, id);
  if (const auto time = row.integer(2)) event.when = from_webkit(*time);
  event.when_meaning = Meaning::kVisited;
  const auto found = row.integer(1) ? h.urls.find(*row.integer(1)) : h.urls.end();
  event.object_kind = "url";
  event.partial = found == h.urls.end();
  const auto transition = static_cast<std::uint32_t>(row.integer(4).value_or(0));
  if (row.integer(4)) event.how = named(kTransitions, transition & 0xff) + " transition";
  if (found != h.urls.end()) {
    set_url(event, found->second.url);
    add_known(event, "title", found->second.title);
    add_known(event, "visit_count", found->second.visit_count);
    add_known(event, "typed_count", found->second.typed_count);
  }
  if (row.integer(4)) add_known(event, "transition_qualifiers", qualifiers_of(transition));
  if (row.integer(5).value_or(0) > 0) add_known(event, "visit_duration", row.integer(5));
  if (row.integer(3).value_or(0) > 0) add_known(event, "from_visit", row.integer(3));
  if (const auto source = id ? h.sources.find(*id) : h.sources.end(); source != h.sources.end())
    event.attribute("visit_source", named(kSources, source->second));
  add_known(event, "originator", row.text(6));
  add_known(event, "profile", h.profile.profile);
  h.out.event(std::move(event));
}

void read_visits(History& h) {
  h.query(fmt::format("SELECT id, url, visit_time, from_visit, transition, {}, {} FROM visits ORDER BY id",
                      h.column("visits", "visit_duration"), h.column("visits", "originator_cache_guid")),
          [&h](const SqliteRow& row) { emit_visit(h, row); });
}

/// A download is two events: its start, and its end where that is another time.
void emit_download(History& h, const SqliteRow& row, bool unix_seconds) {
  const auto id = row.integer(0);
  Event event = h.make(action::kFileDownloaded, id);
  event.object_kind = "file";
  event.object = row.text(1);
  event.path = row.text(1);
  const auto chain = id ? h.chains.find(*id) : h.chains.end();
  std::string urls;
  if (chain != h.chains.end())
    for (const std::string& url : chain->second) urls += (urls.empty() ? "" : "\n") + url;
  if (urls.empty()) urls = row.text(10).value_or("");
  if (!urls.empty()) {
    const std::string last = urls.substr(urls.rfind('\n') + 1);
    event.remote = url_host(last);
    if (is_web_url(last)) event.channel = "web";
    event.attribute("url_chain", urls);
  }
  if (const auto total = row.integer(5); total && *total > 0) event.object_size = static_cast<std::uint64_t>(*total);
  if (const auto hash = row.blob(11); hash && hash->size() == 32) event.object_sha256 = to_hex(as_byte_span(*hash));
  event.how = "download";
  add_known(event, "received_bytes", row.integer(4));
  if (row.integer(6)) event.attribute("state", named(kStates, *row.integer(6)));
  if (row.integer(7)) event.attribute("danger", named(kDangers, *row.integer(7)));
  add_known(event, "referrer", row.text(8));
  add_known(event, "mime_type", row.text(9));
  add_known(event, "tab_url", row.text(12));
  if (row.integer(13)) event.attribute("opened", *row.integer(13) != 0 ? "yes" : "no");
  add_known(event, "profile", h.profile.profile);
  const auto time = [unix_seconds](std::int64_t value) { return unix_seconds ? from_unix(value) : from_webkit(value); };
  const std::int64_t start = row.integer(2).value_or(0);
  const std::int64_t end = row.integer(3).value_or(0);
  Event ended = event;
  event.when = time(start);
  event.when_meaning = Meaning::kDownloadStarted;
  if (end == start && end != 0) event.when_meaning.add(Meaning::kDownloadEnded);
  h.out.event(std::move(event));
  if (end == 0 || end == start) return;
  ended.when = time(end);
  ended.when_meaning = Meaning::kDownloadEnded;
  h.out.event(std::move(ended));
}

void read_downloads(History& h) {
  if (!h.db.view().has_table("downloads")) return;
  const auto column = [&h](std::string_view name) { return h.column("downloads", name); };
  const bool old = h.db.has("downloads", "full_path");  // schema before version 24
  h.query(fmt::format(
              "SELECT id, {}, start_time, {}, received_bytes, total_bytes, state, {}, {}, {}, {}, {}, {}, {} FROM "
              "downloads ORDER BY id",
              old ? "full_path" : column("target_path"), column("end_time"), column("danger_type"), column("referrer"),
              column("mime_type"), old ? column("url") : "NULL", column("hash"), column("tab_url"), column("opened")),
          [&h, old](const SqliteRow& row) { emit_download(h, row, old); });
}

void read_searches(History& h) {
  if (!h.db.view().has_table("keyword_search_terms")) return;
  h.query(fmt::format("SELECT rowid, url_id, {} FROM keyword_search_terms ORDER BY rowid",
                      h.column("keyword_search_terms", "term")),
          [&h](const SqliteRow& row) {
            const auto term = row.text(2);
            if (!term) return;
            Event event = h.make(action::kSearchPerformed, row.integer(0));
            event.object_kind = "search";
            event.object = *term;
            event.how = "search words in the address";
            event.when_meaning = Meaning::kSearched;
            if (const auto url = row.integer(1) ? h.urls.find(*row.integer(1)) : h.urls.end(); url != h.urls.end()) {
              if (url->second.last_visit) event.when = from_webkit(*url->second.last_visit);
              event.remote = url_host(url->second.url);
              if (is_web_url(url->second.url)) event.channel = "web";
              event.attribute("url", url->second.url);
            } else {
              event.partial = true;
            }
            add_known(event, "profile", h.profile.profile);
            h.out.event(std::move(event));
          });
}

/// Rows that are gone: addresses first, so that visits and search words find theirs.
void recover_urls(History& h) {
  const auto believable = [](const CarvedRow& row) {
    const auto last = row.integer("last_visit_time");
    return believable_url(row.text("url")) && (last == 0 || believable_webkit(last));
  };
  h.db.carve("urls", {"url", "title", "last_visit_time"}, believable, [&h](const CarvedRow& row) {
    const Url url = {*row.text("url"), row.text("title"), row.integer("visit_count"), row.integer("typed_count"),
                     row.integer("last_visit_time")};
    if (row.id) h.urls.try_emplace(*row.id, url);
    Event event = h.make(action::kUrlVisited, row.id);
    if (url.last_visit.value_or(0) != 0) event.when = from_webkit(*url.last_visit);
    event.when_meaning = Meaning::kVisited;
    set_url(event, url.url);
    event.how = "last visit of an address";
    add_known(event, "title", url.title);
    add_known(event, "visit_count", url.visit_count);
    add_known(event, "typed_count", url.typed_count);
    add_known(event, "profile", h.profile.profile);
    h.db.mark(event, row);
    h.out.event(std::move(event));
  });
}

void recover_visits(History& h) {
  const auto believable = [&h](const CarvedRow& row) {
    const auto url = row.integer("url");
    return url && *url > 0 && believable_webkit(row.integer("visit_time")) && (row.id || h.urls.contains(*url));
  };
  h.db.carve("visits", {"url", "visit_time", "transition"}, believable, [&h](const CarvedRow& row) {
    Event event = h.make(action::kUrlVisited, row.id);
    event.when = from_webkit(*row.integer("visit_time"));
    event.when_meaning = Meaning::kVisited;
    event.object_kind = "url";
    event.partial = true;
    if (const auto transition = row.integer("transition")) {
      event.how = named(kTransitions, *transition & 0xff) + " transition";
      add_known(event, "transition_qualifiers", qualifiers_of(static_cast<std::uint32_t>(*transition)));
    }
    if (const auto url = h.urls.find(*row.integer("url")); url != h.urls.end()) {
      event.partial = false;
      set_url(event, url->second.url);
      add_known(event, "title", url->second.title);
    }
    add_known(event, "profile", h.profile.profile);
    h.db.mark(event, row);
    h.out.event(std::move(event));
  });
}

void recover_downloads(History& h) {
  const auto believable = [](const CarvedRow& row) {
    return row.text("target_path") && believable_webkit(row.integer("start_time"));
  };
  h.db.carve("downloads", {"target_path", "start_time", "total_bytes"}, believable, [&h](const CarvedRow& row) {
    Event event = h.make(action::kFileDownloaded, row.id);
    event.when = from_webkit(*row.integer("start_time"));
    event.when_meaning = Meaning::kDownloadStarted;
    event.object_kind = "file";
    event.object = event.path = row.text("target_path");
    event.how = "download";
    if (const auto total = row.integer("total_bytes"); total && *total > 0)
      event.object_size = static_cast<std::uint64_t>(*total);
    add_known(event, "received_bytes", row.integer("received_bytes"));
    add_known(event, "referrer", row.text("referrer"));
    add_known(event, "mime_type", row.text("mime_type"));
    add_known(event, "tab_url", row.text("tab_url"));
    if (const auto url = row.text("tab_url"); url && !url->empty()) event.remote = url_host(*url);
    add_known(event, "profile", h.profile.profile);
    h.db.mark(event, row);
    h.out.event(std::move(event));
  });
}

void recover_searches(History& h) {
  const auto believable = [&h](const CarvedRow& row) {
    const auto url = row.integer("url_id");
    return row.text("term") && url && h.urls.contains(*url);
  };
  h.db.carve("keyword_search_terms", {"url_id", "term"}, believable, [&h](const CarvedRow& row) {
    const Url& url = h.urls.at(*row.integer("url_id"));
    Event event = h.make(action::kSearchPerformed, row.id);
    if (url.last_visit.value_or(0) != 0) event.when = from_webkit(*url.last_visit);
    event.when_meaning = Meaning::kSearched;
    event.object_kind = "search";
    event.object = row.text("term");
    event.how = "search words in the address";
    event.remote = url_host(url.url);
    if (is_web_url(url.url)) event.channel = "web";
    event.attribute("url", url.url);
    add_known(event, "profile", h.profile.profile);
    h.db.mark(event, row);
    h.out.event(std::move(event));
  });
}

Outcome parse_chromium(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("urls") || db->computed("visits")) return Outcome::kPartial;
  if (!db->has("visits", "visit_time") || !db->has("urls", "last_visit_time"))
    return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  History history{in, out, *db, browser_profile(in.stream.path), {}, {}, {}};
  if (has_at(companion_data(in, "-journal"), 0, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"))
    db->damage(DamageKind::kSkipped, 0, "journal",
               "a rollback journal lies beside; it is not applied, so that the rows may "
               "be those of a transaction that did not end");
  read_urls(history);
  read_visits(history);
  read_downloads(history);
  read_searches(history);
  recover_urls(history);
  recover_visits(history);
  recover_downloads(history);
  recover_searches(history);
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/History"sv, "**/Archived History"sv};
constexpr std::array kCompanions = {"-wal"sv, "-journal"sv};
constexpr std::array kFields = {
    FieldSpec{"title", "", "title of the page"},
    FieldSpec{"visit_count", "count", "visits of the address as the browser counts them"},
    FieldSpec{"typed_count", "count", "how often the address was typed"},
    FieldSpec{"transition_qualifiers", "", "further marks of the transition, comma-separated"},
    FieldSpec{"visit_duration", "microseconds", "how long the page was in front"},
    FieldSpec{"from_visit", "", "id of the visit that led here"},
    FieldSpec{"visit_source", "", "synced, browsed, extension or imported; absent means browsed here"},
    FieldSpec{"originator", "", "id of the other device whose visit was synced to this database"},
    FieldSpec{"profile", "", "folder of the browser profile"},
    FieldSpec{"url_chain", "", "addresses of the download from first to last, one a line"},
    FieldSpec{"received_bytes", "bytes", "bytes received so far"},
    FieldSpec{"state", "", "in_progress, complete, cancelled or interrupted"},
    FieldSpec{"danger", "", "the browser's own judgement of the file"},
    FieldSpec{"referrer", "", "address that led to the download"},
    FieldSpec{"mime_type", "", "type the server named"},
    FieldSpec{"tab_url", "", "address of the tab the download was started from"},
    FieldSpec{"opened", "", "yes where the file was opened from the browser"},
    FieldSpec{"url", "", "address of the search page"},
    kFoundIn};
constexpr std::array kReferences = {
    "https://chromium.googlesource.com/chromium/src/+/main/components/history/core/browser/visit_database.cc"sv,
    "https://chromium.googlesource.com/chromium/src/+/main/components/history/core/browser/download_database.cc"sv,
    "https://chromium.googlesource.com/chromium/src/+/main/ui/base/page_transition_types.h"sv};

}  // namespace

extern const ArtifactParser chromium;
constinit const ArtifactParser chromium{
    .id = "browser.chromium",
    .version = 2,
    .title_en = "Chrome, Edge and other Chromium browsers: history",
    .title_ja = "Chrome・Edge などの閲覧履歴",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_chromium,
};

}  // namespace triage
