// SPDX-License-Identifier: Apache-2.0
// Firefox `places.sqlite`: visits, downloads kept as annotations (since version 26) and search words; and the older
// `downloads.sqlite`. Times are microseconds since 1970 UTC, the end of a download milliseconds.
//   moz_historyvisits(id place_id visit_date visit_type …) → moz_places(id url title …)
//   moz_annos(place_id anno_attribute_id content dateAdded) → moz_anno_attributes(id name)
// Reference: mozilla-central toolkit/components/places/nsPlacesTables.h and Database.cpp.
#include <fmt/format.h>

#include <array>
#include <map>
#include <string>
#include <unordered_map>

#include "artifacts/sqlite_artifact.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {

using namespace std::string_view_literals;

constexpr auto kVisitTypes =
    std::to_array<std::string_view>({"", "link", "typed", "bookmark", "embed", "redirect_permanent",
                                     "redirect_temporary", "download", "framed_link", "reload"});

struct Place {
  std::string url;
  std::optional<std::string> title;
  std::optional<std::int64_t> visit_count;
  std::optional<std::int64_t> typed;
};

struct Download {
  std::optional<std::int64_t> row_id;
  std::optional<std::string> target;
  std::optional<std::string> meta;
  std::int64_t added = 0;
};

struct Places {
  const Artifact& in;
  EventSink& out;
  SqliteArtifact& db;
  BrowserProfile profile;
  std::unordered_map<std::int64_t, Place> places;

  void query(const std::string& sql, const std::function<void(const SqliteRow&)>& on_row) { db.query(sql, on_row); }
  std::string column(std::string_view table, std::string_view name) const { return db.column(table, name); }
  const Place* place(std::optional<std::int64_t> id) const {
    const auto found = id ? places.find(*id) : places.end();
    return found == places.end() ? nullptr : &found->second;
  }
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

/// The number after "key": in a flat JSON object that Firefox itself wrote.
std::optional<std::int64_t> json_number(const std::string& json, std::string_view key) {
  const std::string wanted = fmt::format("\"{}\":", key);
  std::size_t at = json.find(wanted);
  if (at == std::string::npos) return std::nullopt;
  at += wanted.size();
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; at < json.size() && json[at] >= '0' && json[at] <= '9' && digits < 18; ++at, ++digits)
    value = value * 10 + (json[at] - '0');
  return digits == 0 ? std::nullopt : std::optional(value);
}

void set_remote(Event& event, const std::string& url) {
  event.remote = url_host(url);
  if (is_web_url(url)) event.channel = "web";
}

void emit_visit(Places& p, const SqliteRow& row) {
  Event event = p.make(action::kUrlVisited, row.integer(0));
  if (const auto time = row.integer(2)) event.when = from_unix_micros(*time);
  event.when_meaning = Meaning::kVisited;
  event.object_kind = "url";
  const std::int64_t type = row.integer(3).value_or(0);
  if (type > 0 && type < static_cast<std::int64_t>(kVisitTypes.size()))
    event.how = std::string(kVisitTypes[static_cast<std::size_t>(type)]) + " transition";
  else if (row.integer(3))
    event.how = fmt::format("transition {}", type);
  const Place* place = p.place(row.integer(1));
  event.partial = place == nullptr;
  if (place != nullptr) {
    event.object = place->url;
    set_remote(event, place->url);
    add_known(event, "title", place->title);
    add_known(event, "visit_count", place->visit_count);
    if (place->typed) event.attribute("typed", *place->typed != 0 ? "yes" : "no");
  }
  if (row.integer(4).value_or(0) > 0) add_known(event, "from_visit", row.integer(4));
  add_known(event, "profile", p.profile.profile);
  p.out.event(std::move(event));
}

void read_visits(Places& p) {
  p.query(fmt::format("SELECT id, url, title, {}, {} FROM moz_places", p.column("moz_places", "visit_count"),
                      p.column("moz_places", "typed")),
          [&p](const SqliteRow& row) {
            if (row.integer(0) && row.text(1))
              p.places[*row.integer(0)] = {*row.text(1), row.text(2), row.integer(3), row.integer(4)};
          });
  p.query("SELECT id, place_id, visit_date, visit_type, from_visit FROM moz_historyvisits ORDER BY id",
          [&p](const SqliteRow& row) { emit_visit(p, row); });
}

/// Start and end of one download: one event where they are the same time.
void emit_times(Places& p, Event event, std::int64_t start_micros, std::int64_t end_micros) {
  Event ended = event;
  event.when = from_unix_micros(start_micros);
  event.when_meaning = Meaning::kDownloadStarted;
  if (end_micros == start_micros && end_micros != 0) event.when_meaning.add(Meaning::kDownloadEnded);
  p.out.event(std::move(event));
  if (end_micros == 0 || end_micros == start_micros) return;
  ended.when = from_unix_micros(end_micros);
  ended.when_meaning = Meaning::kDownloadEnded;
  p.out.event(std::move(ended));
}

std::int64_t micros_of_millis(std::optional<std::int64_t> millis) {
  constexpr std::int64_t kMost = 9'000'000'000'000'000;  // keeps the product in 64 bits
  return millis && *millis > 0 && *millis < kMost ? *millis * 1000 : 0;
}

void emit_annotated(Places& p, std::int64_t place_id, const Download& download) {
  Event event = p.make(action::kFileDownloaded, download.row_id);
  event.object_kind = "file";
  event.object = download.target;
  event.path = download.target;
  event.how = "download";
  if (const Place* place = p.place(place_id)) {
    set_remote(event, place->url);
    event.attribute("url", place->url);
  } else {
    event.partial = true;
  }
  std::int64_t end = 0;
  if (download.meta) {
    end = micros_of_millis(json_number(*download.meta, "endTime"));
    if (const auto size = json_number(*download.meta, "fileSize"); size)
      event.object_size = static_cast<std::uint64_t>(*size);
    add_known(event, "state", json_number(*download.meta, "state"));
  }
  add_known(event, "profile", p.profile.profile);
  emit_times(p, std::move(event), download.added, end);
}

void read_annotations(Places& p) {
  if (!p.db.view().has_table("moz_annos") || !p.db.view().has_table("moz_anno_attributes")) return;
  std::map<std::int64_t, std::string> names;
  p.query("SELECT id, name FROM moz_anno_attributes", [&names](const SqliteRow& row) {
    if (row.integer(0) && row.text(1)) names[*row.integer(0)] = *row.text(1);
  });
  std::map<std::int64_t, Download> downloads;
  p.query("SELECT id, place_id, anno_attribute_id, content, dateAdded FROM moz_annos ORDER BY id",
          [&](const SqliteRow& row) {
            const auto name = row.integer(2) ? names.find(*row.integer(2)) : names.end();
            if (name == names.end() || !row.integer(1)) return;
            const bool target = name->second == "downloads/destinationFileURI";
            if (!target && name->second != "downloads/metaData") return;
            Download& download = downloads[*row.integer(1)];
            if (target) {
              download.row_id = row.integer(0);
              download.target = row.text(3);
              download.added = row.integer(4).value_or(0);
            } else {
              download.meta = row.text(3);
            }
          });
  for (const auto& [place_id, download] : downloads)
    if (download.target) emit_annotated(p, place_id, download);
}

void read_searches(Places& p) {
  if (!p.db.view().has_table("moz_places_metadata_search_queries") || !p.db.view().has_table("moz_places_metadata"))
    return;
  std::map<std::int64_t, std::string> terms;
  p.query("SELECT id, terms FROM moz_places_metadata_search_queries", [&terms](const SqliteRow& row) {
    if (row.integer(0) && row.text(1)) terms[*row.integer(0)] = *row.text(1);
  });
  p.query(
      "SELECT id, place_id, search_query_id, created_at FROM moz_places_metadata WHERE search_query_id > 0 ORDER BY id",
      [&](const SqliteRow& row) {
        const auto term = row.integer(2) ? terms.find(*row.integer(2)) : terms.end();
        if (term == terms.end()) return;
        Event event = p.make(action::kSearchPerformed, row.integer(0));
        event.when = from_unix_micros(micros_of_millis(row.integer(3)));
        event.when.precision = Precision::kMillisecond;
        event.when_meaning = Meaning::kSearched;
        event.object_kind = "search";
        event.object = term->second;
        event.how = "search words of a visited page";
        if (const Place* place = p.place(row.integer(1))) {
          set_remote(event, place->url);
          event.attribute("url", place->url);
        }
        add_known(event, "profile", p.profile.profile);
        p.out.event(std::move(event));
      });
}

/// downloads.sqlite of Firefox before version 26.
void read_old_downloads(Places& p) {
  p.query(
      "SELECT id, source, target, startTime, endTime, state, referrer, maxBytes, mimeType FROM moz_downloads ORDER BY id",
      [&p](const SqliteRow& row) {
        Event event = p.make(action::kFileDownloaded, row.integer(0));
        event.object_kind = "file";
        event.object = row.text(2);
        event.path = row.text(2);
        event.how = "download";
        if (const auto url = row.text(1)) {
          set_remote(event, *url);
          event.attribute("url", *url);
        }
        if (row.integer(7).value_or(0) > 0) event.object_size = static_cast<std::uint64_t>(*row.integer(7));
        add_known(event, "state", row.integer(5));
        add_known(event, "referrer", row.text(6));
        add_known(event, "mime_type", row.text(8));
        add_known(event, "profile", p.profile.profile);
        emit_times(p, std::move(event), row.integer(3).value_or(0), row.integer(4).value_or(0));
      });
}

/// Rows that are gone: addresses first, so that visits find theirs.
void recover_places(Places& p) {
  const auto believable = [](const CarvedRow& row) {
    const auto last = row.integer("last_visit_date");
    return believable_url(row.text("url")) && (!last || *last == 0 || believable_unix_micros(last));
  };
  p.db.carve("moz_places", {"url", "title", "last_visit_date"}, believable, [&p](const CarvedRow& row) {
    const Place place = {*row.text("url"), row.text("title"), row.integer("visit_count"), row.integer("typed")};
    if (row.id) p.places.try_emplace(*row.id, place);
    Event event = p.make(action::kUrlVisited, row.id);
    if (const auto last = row.integer("last_visit_date"); last.value_or(0) != 0) event.when = from_unix_micros(*last);
    event.when_meaning = Meaning::kVisited;
    event.object_kind = "url";
    event.object = place.url;
    event.how = "last visit of an address";
    set_remote(event, place.url);
    add_known(event, "title", place.title);
    add_known(event, "visit_count", place.visit_count);
    add_known(event, "profile", p.profile.profile);
    p.db.mark(event, row);
    p.out.event(std::move(event));
  });
}

void recover_visits(Places& p) {
  const auto believable = [&p](const CarvedRow& row) {
    const auto place = row.integer("place_id");
    return place && *place > 0 && believable_unix_micros(row.integer("visit_date")) &&
           (row.id || p.place(place) != nullptr);
  };
  p.db.carve("moz_historyvisits", {"place_id", "visit_date", "visit_type"}, believable, [&p](const CarvedRow& row) {
    Event event = p.make(action::kUrlVisited, row.id);
    event.when = from_unix_micros(*row.integer("visit_date"));
    event.when_meaning = Meaning::kVisited;
    event.object_kind = "url";
    const std::int64_t type = row.integer("visit_type").value_or(0);
    if (type > 0 && type < static_cast<std::int64_t>(kVisitTypes.size()))
      event.how = std::string(kVisitTypes[static_cast<std::size_t>(type)]) + " transition";
    const Place* place = p.place(row.integer("place_id"));
    event.partial = place == nullptr;
    if (place != nullptr) {
      event.object = place->url;
      set_remote(event, place->url);
      add_known(event, "title", place->title);
    }
    add_known(event, "profile", p.profile.profile);
    p.db.mark(event, row);
    p.out.event(std::move(event));
  });
}

Outcome parse_firefox(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("moz_places") || db->computed("moz_historyvisits")) return Outcome::kPartial;
  const bool visits = db->has("moz_historyvisits", "visit_date") && db->has("moz_places", "url");
  const bool downloads = db->has("moz_downloads", "startTime");
  if (!visits && !downloads) return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  Places places{in, out, *db, browser_profile(in.stream.path), {}};
  if (visits) {
    read_visits(places);
    read_annotations(places);
    read_searches(places);
    recover_places(places);
    recover_visits(places);
  }
  if (downloads) read_old_downloads(places);
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/places.sqlite"sv, "**/downloads.sqlite"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {
    FieldSpec{"title", "", "title of the page"},
    FieldSpec{"visit_count", "count", "visits of the address as the browser counts them"},
    FieldSpec{"typed", "", "yes where the address was typed at least once"},
    FieldSpec{"from_visit", "", "id of the visit that led here"},
    FieldSpec{"profile", "", "folder of the browser profile"},
    FieldSpec{"url", "", "address of the download or search page"},
    FieldSpec{"state", "", "the browser's own number: 0 running, 1 finished, 2 failed, 3 cancelled, 4 paused"},
    FieldSpec{"referrer", "", "address that led to the download"},
    FieldSpec{"mime_type", "", "type the server named"},
    kFoundIn};
constexpr std::array kReferences = {
    "https://searchfox.org/mozilla-central/source/toolkit/components/places/nsPlacesTables.h"sv,
    "https://searchfox.org/mozilla-central/source/toolkit/components/places/nsINavHistoryService.idl"sv};

}  // namespace

extern const ArtifactParser firefox;
constinit const ArtifactParser firefox{
    .id = "browser.firefox",
    .version = 2,
    .title_en = "Firefox: history and downloads",
    .title_ja = "Firefox の閲覧・ダウンロード履歴",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_firefox,
};

}  // namespace triage
