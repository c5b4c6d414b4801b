// SPDX-License-Identifier: Apache-2.0
// Chromium's `Web Data` (what was typed into forms) and `Login Data` (at which site which account name is kept; the
// password itself is not looked at). With the write-ahead log and rows that are gone.
//   autofill(name value date_created date_last_used count): seconds since 1970 UTC
//   autofill_dates(pair_id date_created) → autofill(pair_id …) before 2013        credit_cards(name_on_card
//   date_modified …) logins(origin_url username_value date_created date_last_used times_used …): microseconds since
//   1601 UTC
// Reference: chromium/src components/autofill/core/browser/webdata, components/password_manager (login_database.cc).
#include <fmt/format.h>

#include <array>
#include <string>

#include "artifacts/sqlite_artifact.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Forms {
  const Artifact& in;
  EventSink& out;
  SqliteArtifact& db;
  BrowserProfile profile;

  Event make(std::optional<std::int64_t> row_id) const {
    Event event;
    event.what = action::kOther;
    event.who = profile.user;
    event.program = profile.program;
    event.locator = in.base;
    if (row_id && *row_id >= 0) event.record = static_cast<std::uint64_t>(*row_id);
    add_known(event, "profile", profile.profile);
    return event;
  }
  /// First and last use: one event where they are the same.
  void give(Event event, const Timestamp& first, const Timestamp& last) const {
    Event again = event;
    const bool same = first.raw == last.raw;
    event.when = first;
    event.when_meaning = Meaning::kFirstSeen;
    if (same) event.when_meaning.add(Meaning::kTypedLast);
    out.event(std::move(event));
    if (same || last.status == TimeStatus::kNotSet) return;
    again.when = last;
    again.when_meaning = Meaning::kTypedLast;
    out.event(std::move(again));
  }
};

Event typed(const Forms& f, std::optional<std::int64_t> id, const std::optional<std::string>& name,
            const std::optional<std::string>& value, std::optional<std::int64_t> count) {
  Event event = f.make(id);
  event.object_kind = "text";
  event.object = value;
  event.how = "typed into a form";
  event.channel = "web";
  add_known(event, "field", name);
  add_known(event, "count", count);
  return event;
}

void read_autofill(Forms& f) {
  if (f.db.has("autofill", "date_created")) {
    f.db.query("SELECT rowid, name, value, date_created, date_last_used, count FROM autofill ORDER BY rowid",
               [&f](const SqliteRow& row) {
                 f.give(typed(f, row.integer(0), row.text(1), row.text(2), row.integer(5)),
                        from_unix(row.integer(3).value_or(0)), from_unix(row.integer(4).value_or(0)));
               });
    return;
  }
  if (!f.db.has("autofill_dates", "pair_id") || !f.db.has("autofill", "pair_id")) return;
  f.db.query(
      "SELECT a.pair_id, a.name, a.value, d.date_created, a.count FROM autofill_dates d JOIN autofill a ON a.pair_id = "
      "d.pair_id ORDER BY d.rowid",
      [&f](const SqliteRow& row) {
        Event event = typed(f, row.integer(0), row.text(1), row.text(2), row.integer(4));
        event.when = from_unix(row.integer(3).value_or(0));
        event.when_meaning = Meaning::kTypedLast;
        f.out.event(std::move(event));
      });
}

void recover_autofill(Forms& f) {
  constexpr std::int64_t k1995 = 788918400, k2100 = 4102444800;
  const auto believable = [](const CarvedRow& row) {
    const auto made = row.integer("date_created");
    return row.text("name") && row.text("value") && made && *made > k1995 && *made < k2100;
  };
  f.db.carve("autofill", {"name", "value", "date_created", "date_last_used"}, believable, [&f](const CarvedRow& row) {
    Event event = typed(f, row.id, row.text("name"), row.text("value"), row.integer("count"));
    f.db.mark(event, row);
    f.give(std::move(event), from_unix(*row.integer("date_created")),
           from_unix(row.integer("date_last_used").value_or(0)));
  });
}

void read_cards(Forms& f) {
  if (!f.db.has("credit_cards", "date_modified")) return;
  f.db.query(fmt::format("SELECT rowid, {}, date_modified FROM credit_cards ORDER BY rowid",
                         f.db.column("credit_cards", "name_on_card")),
             [&f](const SqliteRow& row) {
               Event event = f.make(row.integer(0));
               event.object_kind = "payment card";
               event.object = row.text(1);
               event.how = "payment card kept by the browser";
               event.when = from_unix(row.integer(2).value_or(0));
               event.when_meaning = Meaning::kModified;
               f.out.event(std::move(event));
             });
}

Event login(const Forms& f, std::optional<std::int64_t> id, const std::optional<std::string>& url,
            const std::optional<std::string>& name) {
  Event event = f.make(id);
  event.object_kind = "account";
  event.object = name;
  event.how = "login kept by the browser";
  add_known(event, "url", url);
  if (url) event.remote = url_host(*url);
  if (url && is_web_url(*url)) event.channel = "web";
  return event;
}

void read_logins(Forms& f) {
  if (!f.db.has("logins", "origin_url")) return;
  f.db.query(fmt::format("SELECT rowid, origin_url, username_value, {}, {}, {} FROM logins ORDER BY rowid",
                         f.db.column("logins", "date_created"), f.db.column("logins", "date_last_used"),
                         f.db.column("logins", "times_used")),
             [&f](const SqliteRow& row) {
               Event event = login(f, row.integer(0), row.text(1), row.text(2));
               add_known(event, "count", row.integer(5));
               f.give(std::move(event), from_webkit(row.integer(3).value_or(0)),
                      from_webkit(row.integer(4).value_or(0)));
             });
  const auto believable = [](const CarvedRow& row) {
    return believable_url(row.text("origin_url")) && believable_webkit(row.integer("date_created"));
  };
  f.db.carve("logins", {"origin_url", "username_value", "date_created"}, believable, [&f](const CarvedRow& row) {
    Event event = login(f, row.id, row.text("origin_url"), row.text("username_value"));
    f.db.mark(event, row);
    f.give(std::move(event), from_webkit(*row.integer("date_created")),
           from_webkit(row.integer("date_last_used").value_or(0)));
  });
}

Outcome parse_forms(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("autofill") || db->computed("logins")) return Outcome::kPartial;
  if (!db->view().has_table("autofill") && !db->view().has_table("logins"))
    return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  Forms forms{in, out, *db, browser_profile(in.stream.path)};
  read_autofill(forms);
  recover_autofill(forms);
  read_cards(forms);
  read_logins(forms);
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/Web Data"sv, "**/Login Data"sv, "**/Login Data For Account"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"field", "", "name of the form field"},
                                FieldSpec{"count", "count", "how often it was used"},
                                FieldSpec{"url", "", "address of the login page"},
                                FieldSpec{"profile", "", "folder of the browser profile"}, kFoundIn};
constexpr std::array kReferences = {
    "https://chromium.googlesource.com/chromium/src/+/main/components/autofill/core/browser/webdata/"sv,
    "https://chromium.googlesource.com/chromium/src/+/main/components/password_manager/core/browser/password_store/login_database.cc"sv};

}  // namespace

extern const ArtifactParser chromium_forms;
constinit const ArtifactParser chromium_forms{
    .id = "browser.chromium_forms",
    .version = 1,
    .title_en = "Chrome, Edge and others: form data and kept logins",
    .title_ja = "Chrome・Edge などのフォーム入力・保存ログイン",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_forms,
};

}  // namespace triage
