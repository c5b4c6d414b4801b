// SPDX-License-Identifier: Apache-2.0
// Firefox `formhistory.sqlite`: what was typed into forms and the search bar, first and last time; forms that were
// deleted by their random ids. With the log and rows that are gone.
//   moz_formhistory(id fieldname value timesUsed firstUsed lastUsed guid): microseconds since 1970 UTC
//   moz_deleted_formhistory(timeDeleted guid): microseconds        moz_sources(id source), moz_history_to_sources
// Reference: mozilla-central toolkit/components/satchel/FormHistory.sys.mjs.
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
  BrowserProfile profile;

  Event make(const std::optional<std::string>& field, const std::optional<std::string>& value,
             std::optional<std::int64_t> times) const {
    Event event;
    event.who = profile.user;
    event.program = profile.program;
    const bool search = field == "searchbar-history";
    event.what = search ? action::kSearchPerformed : action::kOther;
    event.object_kind = search ? "search" : "text";
    event.object = value;
    event.how = search ? "typed into the search bar" : "typed into a form";
    event.channel = "web";
    add_known(event, "field", field);
    add_known(event, "count", times);
    add_known(event, "profile", profile.profile);
    return event;
  }
  void give(Event event, std::int64_t first, std::int64_t last) const {
    Event again = event;
    event.when = from_unix_micros(first);
    event.when_meaning = Meaning::kFirstSeen;
    if (first == last) event.when_meaning.add(Meaning::kTypedLast);
    out.event(std::move(event));
    if (first == last || last == 0) return;
    again.when = from_unix_micros(last);
    again.when_meaning = Meaning::kTypedLast;
    out.event(std::move(again));
  }
};

void read_deleted(SqliteArtifact& db, const Forms& forms) {
  if (!db.has("moz_deleted_formhistory", "timeDeleted")) return;
  db.query("SELECT timeDeleted, guid FROM moz_deleted_formhistory ORDER BY rowid", [&](const SqliteRow& row) {
    Event event = forms.make(std::nullopt, std::nullopt, std::nullopt);
    event.how = "form entry deleted";
    event.locator = forms.in.base;
    event.when = from_unix_micros(row.integer(0).value_or(0));
    event.when_meaning = Meaning::kDeleted;
    add_known(event, "guid", row.text(1));
    forms.out.event(std::move(event));
  });
}

Outcome parse_forms(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("moz_formhistory")) return Outcome::kPartial;
  if (!db->has("moz_formhistory", "fieldname")) return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  const Forms forms{in, out, browser_profile(in.stream.path)};
  const auto column = [&db](std::string_view name) { return db->column("moz_formhistory", name); };
  db->query(fmt::format("SELECT id, fieldname, value, {}, {}, {} FROM moz_formhistory ORDER BY id", column("timesUsed"),
                        column("firstUsed"), column("lastUsed")),
            [&](const SqliteRow& row) {
              Event event = forms.make(row.text(1), row.text(2), row.integer(3));
              event.locator = in.base;
              if (const auto id = row.integer(0); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
              forms.give(std::move(event), row.integer(4).value_or(0), row.integer(5).value_or(0));
            });
  read_deleted(*db, forms);
  const auto believable = [](const CarvedRow& row) {
    return row.text("fieldname") && row.text("value") && believable_unix_micros(row.integer("firstUsed"));
  };
  db->carve("moz_formhistory", {"fieldname", "value", "firstUsed", "lastUsed"}, believable, [&](const CarvedRow& row) {
    Event event = forms.make(row.text("fieldname"), row.text("value"), row.integer("timesUsed"));
    db->mark(event, row);
    forms.give(std::move(event), *row.integer("firstUsed"), row.integer("lastUsed").value_or(0));
  });
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/formhistory.sqlite"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"field", "", "name of the form field"},
                                FieldSpec{"count", "count", "how often it was used"},
                                FieldSpec{"guid", "", "random id of the deleted entry"},
                                FieldSpec{"profile", "", "folder of the browser profile"}, kFoundIn};
constexpr std::array kReferences = {
    "https://searchfox.org/mozilla-central/source/toolkit/components/satchel/FormHistory.sys.mjs"sv};

}  // namespace

extern const ArtifactParser firefox_forms;
constinit const ArtifactParser firefox_forms{
    .id = "browser.firefox_forms",
    .version = 1,
    .title_en = "Firefox: form data and search bar",
    .title_ja = "Firefox のフォーム入力・検索バー",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_forms,
};

}  // namespace triage
