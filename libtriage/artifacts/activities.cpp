// SPDX-License-Identifier: Apache-2.0
// Windows Timeline (ActivitiesCache.db): what was opened with which program, and for how long it had the focus. Times
// are seconds since 1970, UTC. Type 5 opens something, 6 has the focus, 10 is the clipboard, 16 copy or paste.
//   Activity(Id AppId ActivityType StartTime EndTime LastModifiedTime ExpirationTime Payload PlatformDeviceId …)
// Spec: kacos2000/WindowsTimeline, "ActivitiesCache.db"; columns as in the databases of Windows 10 1803 to 22H2.
#include <fmt/format.h>

#include <array>

#include "artifacts/sqlite_artifact.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// The text of the first member `name` of a JSON text, with its simple escapes undone; "" when there is none.
std::string json_text(const std::string& json, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  std::size_t at = json.find(key);
  if (at == std::string::npos) return {};
  std::string out;
  for (at += key.size(); at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\' && at + 1 < json.size()) {
      ++at;
      out += json[at] == 'n' ? '\n' : json[at] == 't' ? '\t' : json[at];
    } else {
      out += json[at];
    }
  }
  return to_valid_utf8(out);
}

/// Digits of the first number member `name`.
std::optional<std::uint64_t> json_number(const std::string& json, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":";
  const std::size_t at = json.find(key);
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t out = 0;
  std::size_t digits = 0;
  for (std::size_t i = at + key.size(); i < json.size() && json[i] >= '0' && json[i] <= '9' && digits < 18;
       ++i, ++digits)
    out = out * 10 + static_cast<std::uint64_t>(json[i] - '0');
  return digits == 0 ? std::nullopt : std::optional(out);
}

std::string type_name(std::int64_t type) {
  switch (type) {
    case 5: return "opened";
    case 6: return "in focus";
    case 10: return "clipboard";
    case 11: return "settings";
    case 16: return "copy or paste";
    default: return fmt::format("type {}", type);
  }
}

struct Reader {
  const Artifact& in;
  EventSink& out;
  std::optional<std::string> who;

  void give(const SqliteRow& row) const {
    const auto type = row.integer(2).value_or(0);
    const std::string payload = row.blob(5).value_or("");
    Event event;
    event.locator = in.base;
    event.who = who;
    event.how = "timeline: " + type_name(type);
    const std::string app = json_text(row.text(1).value_or(""), "application");
    const std::string shown = json_text(payload, "displayText");
    const std::string content = json_text(payload, "contentUri");
    const std::string described = json_text(payload, "description");
    const bool opened = type == 5 && !(content.empty() && described.empty());
    event.what = opened ? action::kFileOpened : action::kProgramRun;
    event.object_kind = opened ? "file" : "program";
    if (!app.empty()) event.program = app;
    event.object = opened ? (described.empty() ? content : described) : app;
    if (event.object->empty()) event.object.reset();
    if (opened) event.path = event.object;
    const auto put = [&event](std::string_view name, const std::string& value) {
      if (!value.empty()) event.attribute(name, value);
    };
    put("display_text", shown);
    put("app_name", json_text(payload, "appDisplayName"));
    put("content_uri", content);
    put("user_time_zone", json_text(payload, "userTimezone"));
    if (const auto seconds = json_number(payload, "activeDurationSeconds")) event.attribute("active_seconds", *seconds);
    if (const auto id = row.blob(0); id && id->size() == 16) put("activity_id", guid_text(as_byte_span(*id)));
    put("device_id", row.text(6).value_or(""));
    stamp(event, row.integer(3), Meaning::kStarted);
    if (row.integer(4) != row.integer(3)) stamp(event, row.integer(4), Meaning::kEnded);
  }

  void stamp(Event event, std::optional<std::int64_t> seconds, Meaning meaning) const {
    if (!seconds || *seconds == 0) return;
    event.when = from_unix(*seconds);
    event.when_meaning = meaning;
    out.event(std::move(event));
  }
};

Outcome parse_activities(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (!db->view().has_table("Activity")) return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  const Reader reader{in, out, browser_profile(in.stream.path).user};
  db->query("SELECT Id, AppId, ActivityType, StartTime, EndTime, Payload, " +
                db->column("Activity", "PlatformDeviceId") + " FROM Activity ORDER BY rowid",
            [&reader](const SqliteRow& row) { reader.give(row); });
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/activitiescache.db"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"display_text", "", "what the timeline showed"},
                                FieldSpec{"app_name", "", "name of the program"},
                                FieldSpec{"content_uri", "", "address of the content"},
                                FieldSpec{"user_time_zone", "", "zone of the user at that time"},
                                FieldSpec{"active_seconds", "seconds", "how long it had the focus"},
                                FieldSpec{"activity_id", "", "id of the activity"},
                                FieldSpec{"device_id", "", "device the activity was on"}};
constexpr std::array kReferences = {
    "https://github.com/kacos2000/WindowsTimeline"sv,
    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/sqlite_plugins/windows_timeline.py"sv};

}  // namespace

extern const ArtifactParser activities;
constinit const ArtifactParser activities{
    .id = "windows.timeline",
    .version = 1,
    .title_en = "Windows Timeline (ActivitiesCache.db)",
    .title_ja = "Windowsタイムライン(ActivitiesCache.db)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_activities,
};

}  // namespace triage
