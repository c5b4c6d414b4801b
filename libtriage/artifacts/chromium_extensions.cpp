// SPDX-License-Identifier: Apache-2.0
// Chromium's `Extension Activity`: what extensions did, by the hour. Strings and addresses lie in tables of their own.
//   activitylog_compressed(count extension_id_x time action_type api_name_x args_x page_url_x page_title_x arg_url_x …)
//   string_ids(id value), url_ids(id value)        times are microseconds since 1601 UTC
// Reference: chromium/src chrome/browser/extensions/activity_log/{activity_database,counting_policy}.cc.
#include <fmt/format.h>

#include <array>
#include <string>
#include <unordered_map>

#include "artifacts/sqlite_artifact.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::array kActions = {"API call"sv,   "API event"sv, "API blocked"sv, "content script"sv,
                                 "DOM access"sv, "DOM event"sv, "web request"sv};

using Names = std::unordered_map<std::int64_t, std::string>;

Names read_names(SqliteArtifact& db, const std::string& table) {
  Names out;
  if (db.has(table, "value"))
    db.query("SELECT id, value FROM " + table, [&out](const SqliteRow& row) {
      if (row.integer(0) && row.text(1)) out[*row.integer(0)] = *row.text(1);
    });
  return out;
}

std::optional<std::string> name_of(const Names& names, std::optional<std::int64_t> id) {
  const auto found = id ? names.find(*id) : names.end();
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

Outcome parse_extensions(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (db->computed("activitylog_compressed")) return Outcome::kPartial;
  if (!db->has("activitylog_compressed", "extension_id_x")) return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  const Names strings = read_names(*db, "string_ids"), urls = read_names(*db, "url_ids");
  const BrowserProfile profile = browser_profile(in.stream.path);
  db->query(
      "SELECT rowid, count, extension_id_x, time, action_type, api_name_x, page_url_x, arg_url_x FROM "
      "activitylog_compressed ORDER BY rowid",
      [&](const SqliteRow& row) {
        Event event;
        event.what = action::kOther;
        event.who = profile.user;
        event.program = profile.program;
        event.locator = in.base;
        if (const auto id = row.integer(0); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
        if (const auto time = row.integer(3)) event.when = from_webkit(*time);
        event.when_meaning = Meaning::kRun;
        event.object_kind = "extension";
        event.object = name_of(strings, row.integer(2));
        event.partial = !event.object;
        const auto kind = row.integer(4).value_or(-1);
        event.how = kind >= 0 && kind < static_cast<std::int64_t>(kActions.size())
                        ? "extension: " + std::string(kActions[static_cast<std::size_t>(kind)])
                        : fmt::format("extension: action {}", kind);
        const auto asked = name_of(urls, row.integer(7));
        const auto page = name_of(urls, row.integer(6));
        if (asked || page) event.remote = url_host(asked ? *asked : *page);
        add_known(event, "api", name_of(strings, row.integer(5)));
        add_known(event, "page", page);
        add_known(event, "url", asked);
        add_known(event, "count", row.integer(1));
        add_known(event, "profile", profile.profile);
        out.event(std::move(event));
      });
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/Extension Activity"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"api", "", "what it called"}, FieldSpec{"page", "", "page it ran in"},
                                FieldSpec{"url", "", "address it was about"}, FieldSpec{"count", "count", "how often"},
                                FieldSpec{"profile", "", "folder of the browser profile"}};
constexpr std::array kReferences = {
    "https://chromium.googlesource.com/chromium/src/+/main/chrome/browser/extensions/activity_log/counting_policy.cc"sv};

}  // namespace

extern const ArtifactParser chromium_extensions;
constinit const ArtifactParser chromium_extensions{
    .id = "browser.chromium_extensions",
    .version = 1,
    .title_en = "Chrome, Edge and others: activity of extensions",
    .title_ja = "Chrome・Edge などの拡張機能の動作",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_extensions,
};

}  // namespace triage
