// SPDX-License-Identifier: Apache-2.0
// Push notifications (wpndatabase.db): what programs showed this user as toasts, tiles and badges: senders and first
// words of mails and messages. ArrivalTime and ExpiryTime are FILETIME, UTC.
//   Notification(Id Order HandlerId Type Payload ArrivalTime ExpiryTime …) → NotificationHandler(RecordId PrimaryId …)
// Spec: learn.microsoft.com, toast content schema (payload); inc.thehackernews "wpndatabase"; columns as in Windows 10.
#include <fmt/format.h>

#include <array>

#include "artifacts/sqlite_artifact.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"
#include "formats/xml_scan.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxText = 4096;

/// What stands between the tags of an XML payload, joined by blanks; entities undone.
std::string text_of_xml(std::string_view xml) {
  std::string out;
  const auto add = [&out](std::string_view text) {
    for (const char c : text) {
      const bool blank = c == ' ' || c == '\n' || c == '\r';
      if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
    }
    if (!out.empty() && out.back() != ' ') out += ' ';
  };
  XmlScan scan(xml);
  for (XmlTag tag; out.size() < kMaxText && scan.next(tag);) add(tag.text);
  while (out.ends_with(' ')) out.pop_back();
  return xml_unescape(out, kMaxText);
}

void give(const SqliteRow& row, const Artifact& in, const std::optional<std::string>& who, EventSink& out) {
  Event event;
  event.what = action::kMessageReceived;
  event.when = from_filetime(static_cast<std::uint64_t>(row.integer(3).value_or(0)));
  event.when_meaning = Meaning::kReceived;
  event.who = who;
  event.locator = in.base;
  if (const auto id = row.integer(0); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
  event.object_kind = "notification";
  event.program = row.text(5);
  event.how = "notification: " + row.text(1).value_or("unknown");
  std::string payload = row.text(2).value_or("");
  if (payload.empty()) payload = row.blob(2).value_or("");
  if (std::string text = text_of_xml(payload); !text.empty()) event.object = std::move(text);
  if (const auto expiry = row.integer(4); expiry && *expiry > 0)
    if (const auto text = from_filetime(static_cast<std::uint64_t>(*expiry)).text()) event.attribute("expires", *text);
  out.event(std::move(event));
}

Outcome parse_notifications(const Artifact& in, EventSink& out) {
  auto db = SqliteArtifact::open(in, out);
  if (!db) return Outcome::kPartial;
  if (!db->view().has_table("Notification")) return db->whole() ? Outcome::kNotMine : Outcome::kPartial;
  const bool handlers = db->view().has_table("NotificationHandler");
  const auto who = browser_profile(in.stream.path).user;
  const std::string columns = "SELECT n.Id, n.Type, n.Payload, n.ArrivalTime, n.ExpiryTime, ";
  db->query(
      columns +
          (handlers ? "h.PrimaryId FROM Notification n LEFT JOIN NotificationHandler h ON h.RecordId = n.HandlerId"
                    : "NULL FROM Notification n") +
          " ORDER BY n.Id",
      [&](const SqliteRow& row) { give(row, in, who, out); });
  return db->outcome();
}

constexpr std::array kMagics = {kSqliteMagic};
constexpr std::array kPaths = {"**/wpndatabase.db"sv};
constexpr std::array kCompanions = {"-wal"sv};
constexpr std::array kFields = {FieldSpec{"expires", "", "when the notification was to vanish, UTC"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/windows/apps/design/shell/tiles-and-notifications/toast-schema"sv,
    "https://github.com/kacos2000/Win10/tree/master/Notifications"sv};

}  // namespace

extern const ArtifactParser notifications;
constinit const ArtifactParser notifications{
    .id = "windows.notifications",
    .version = 1,
    .title_en = "Push notifications (wpndatabase.db)",
    .title_ja = "プッシュ通知(wpndatabase.db)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_notifications,
};

}  // namespace triage
