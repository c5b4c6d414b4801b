// SPDX-License-Identifier: Apache-2.0
// Chromium's `Cookies`: when which site set a cookie and when it was last sent. Values are not looked at.
//   cookies(creation_utc host_key name path expires_utc last_access_utc …): microseconds since 1601 UTC
// Reference: chromium/src net/extras/sqlite/sqlite_persistent_cookie_store.cc.
#include <array>
#include <string>

#include "artifacts/browser_cookie.h"
#include "artifacts/sqlite_artifact.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

Outcome parse_cookies(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("cookies")) return Outcome::kPartial;
  if (!db->has("cookies", "creation_utc") || !db->has("cookies", "host_key"))
    return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  const BrowserProfile profile = browser_profile(in.stream.path);
  std::uint64_t number = 0;
  db->query("SELECT host_key, name, path, creation_utc, last_access_utc, expires_utc FROM cookies ORDER BY rowid",
            [&](const SqliteRow& row) {
              Event event;
              event.locator = in.base;
              event.record = ++number;
              give_cookie({row.text(0), row.text(1), row.text(2), from_webkit(row.integer(3).value_or(0)),
                           from_webkit(row.integer(4).value_or(0)), from_webkit(row.integer(5).value_or(0))},
                          std::move(event), profile, out);
            });
  const auto believable = [](const CarvedRow& row) {
    const auto made = row.integer("creation_utc");  // where it is the key, the row id stands for it
    return row.text("host_key") && row.text("name") && believable_webkit(row.integer("last_access_utc")) &&
           believable_webkit(made ? made : row.id);
  };
  db->carve("cookies", {"host_key", "name", "path", "last_access_utc"}, believable, [&](const CarvedRow& row) {
    const auto made = row.integer("creation_utc");
    Event event;
    db->mark(event, row);
    event.record.reset();
    give_cookie(
        {row.text("host_key"), row.text("name"), row.text("path"), from_webkit((made ? made : row.id).value_or(0)),
         from_webkit(row.integer("last_access_utc").value_or(0)), from_webkit(row.integer("expires_utc").value_or(0))},
        std::move(event), profile, out);
  });
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/Cookies"sv, "**/Extension Cookies"sv, "**/Safe Browsing Cookies"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"cookie_path", "", "path of the site it is for"},
                                FieldSpec{"expires", "", "when it was to vanish, UTC"},
                                FieldSpec{"profile", "", "folder of the browser profile"}, kFoundIn};
constexpr std::array kReferences = {
    "https://chromium.googlesource.com/chromium/src/+/main/net/extras/sqlite/sqlite_persistent_cookie_store.cc"sv};

}  // namespace

extern const ArtifactParser chromium_cookies;
constinit const ArtifactParser chromium_cookies{
    .id = "browser.chromium_cookies",
    .version = 1,
    .title_en = "Chrome, Edge and others: times of cookies",
    .title_ja = "Chrome・Edge などの Cookie の時刻",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_cookies,
};

}  // namespace triage
