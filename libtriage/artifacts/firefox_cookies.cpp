// SPDX-License-Identifier: Apache-2.0
// Firefox `cookies.sqlite`: when which site set a cookie and when it was last sent. Values are not looked at.
//   moz_cookies(id name host path expiry lastAccessed creationTime …): microseconds since 1970 UTC, expiry in seconds
//   (milliseconds since 2025)        Reference: mozilla-central netwerk/cookie/CookiePersistentStorage.cpp.
#include <fmt/format.h>

#include <array>
#include <string>

#include "artifacts/browser_cookie.h"
#include "artifacts/sqlite_artifact.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// Seconds, since 2025 milliseconds.
Timestamp expiry(std::int64_t value) {
  constexpr std::int64_t kMillis = 100'000'000'000;  // as seconds the year 5138
  return from_unix(value > kMillis ? value / 1000 : value);
}

Outcome parse_cookies(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("moz_cookies")) return Outcome::kPartial;
  if (!db->has("moz_cookies", "lastAccessed") || !db->has("moz_cookies", "host"))
    return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  const BrowserProfile profile = browser_profile(in.stream.path);
  db->query(fmt::format("SELECT host, name, path, {}, lastAccessed, expiry, id FROM moz_cookies ORDER BY id",
                        db->column("moz_cookies", "creationTime")),
            [&](const SqliteRow& row) {
              Event event;
              event.locator = in.base;
              if (const auto id = row.integer(6); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
              give_cookie({row.text(0), row.text(1), row.text(2), from_unix_micros(row.integer(3).value_or(0)),
                           from_unix_micros(row.integer(4).value_or(0)), expiry(row.integer(5).value_or(0))},
                          std::move(event), profile, out);
            });
  const auto believable = [](const CarvedRow& row) {
    return row.text("host") && row.text("name") && believable_unix_micros(row.integer("lastAccessed"));
  };
  db->carve("moz_cookies", {"host", "name", "path", "lastAccessed"}, believable, [&](const CarvedRow& row) {
    Event event;
    db->mark(event, row);
    give_cookie({row.text("host"), row.text("name"), row.text("path"),
                 from_unix_micros(row.integer("creationTime").value_or(0)),
                 from_unix_micros(row.integer("lastAccessed").value_or(0)), expiry(row.integer("expiry").value_or(0))},
                std::move(event), profile, out);
  });
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/cookies.sqlite"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"cookie_path", "", "path of the site it is for"},
                                FieldSpec{"expires", "", "when it was to vanish, UTC"},
                                FieldSpec{"profile", "", "folder of the browser profile"}, kFoundIn};
constexpr std::array kReferences = {
    "https://searchfox.org/mozilla-central/source/netwerk/cookie/CookiePersistentStorage.cpp"sv};

}  // namespace

extern const ArtifactParser firefox_cookies;
constinit const ArtifactParser firefox_cookies{
    .id = "browser.firefox_cookies",
    .version = 1,
    .title_en = "Firefox: times of cookies",
    .title_ja = "Firefox の Cookie の時刻",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_cookies,
};

}  // namespace triage
