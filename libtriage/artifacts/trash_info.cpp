// SPDX-License-Identifier: Apache-2.0
// Trash of Linux desktops: what was thrown away, from where and when (info/NAME.trashinfo beside files/NAME).
//   "[Trash Info]" LF "Path=" percent-encoded LF "DeletionDate=" YYYY-MM-DDThh:mm:ss LF
// Local time without a zone; a relative path begins at the folder that holds the trash.
// Spec: freedesktop.org, "The FreeDesktop.org Trash specification", version 1.0.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// "/media/usb/.Trash-1000/info/a.trashinfo" → "/media/usb" and the uid of the folder's name.
struct TrashPlace {
  std::string top;
  std::optional<std::uint32_t> uid;
  std::string content;  ///< where the thrown away file lies
};

TrashPlace place_of(std::string_view path) {
  TrashPlace out;
  const std::size_t info = path.rfind("/info/");
  if (info == std::string_view::npos) return out;
  std::string_view name = path.substr(info + 6);
  if (name.ends_with(".trashinfo")) name.remove_suffix(10);
  out.content = std::string(path.substr(0, info)) + "/files/" + std::string(name);
  const std::size_t trash = path.rfind("/.Trash", info);
  if (trash == std::string_view::npos) return out;
  out.top = std::string(path.substr(0, trash));
  std::string_view rest = path.substr(trash + 7, info - trash - 7);  // "-1000" or "/1000"
  if (!rest.empty()) rest.remove_prefix(1);
  if (const auto uid = decimal(rest); uid && *uid < 0xffffffffU) out.uid = static_cast<std::uint32_t>(*uid);
  return out;
}

Outcome parse_trash(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  bool headed = false;
  std::string path, date;
  LogLine line;
  for (LineReader reader(in.data); reader.next(line);) {
    LineScan scan(line.text);
    if (line.text == "[Trash Info]") headed = true;
    if (path.empty() && scan.skip("Path=")) path = percent_decoded(scan.rest());
    if (date.empty() && scan.skip("DeletionDate=")) date = trimmed(scan.rest());
  }
  if (!headed) return Outcome::kNotMine;
  const TrashPlace place = place_of(in.stream.path);
  Event event;
  event.what = action::kFileRecycled;
  event.how = "moved to the trash";
  event.object_kind = "file";
  event.who = home_owner(in.stream.path);
  event.uid = place.uid;
  if (!path.empty() && path.front() != '/') path = place.top + "/" + path;
  if (!path.empty()) event.object = event.path = path;
  event.partial = path.empty() || date.empty();
  LineScan scan(date);
  const auto time = scan_iso_time(scan);
  if (time) {
    LogClock clock(in.stream);
    clock.observe(*time);
    clock.infer();
    event.when = clock.stamp(*time, date);
    note_inference(*time, clock, event);
  } else {
    event.when.status = date.empty() ? TimeStatus::kNotSet : TimeStatus::kOutOfRange;
    event.when.raw = log_text(date);
  }
  event.when_meaning = Meaning::kDeleted;
  add_text(event, "content", place.content);
  event.locator = in.at(0, in.data.size());
  const bool whole = !event.partial && event.when.status == TimeStatus::kOk;
  if (path.empty()) out.damage(DamageKind::kTruncated, in.data.size(), "Path", "the path is missing");
  if (date.empty()) out.damage(DamageKind::kTruncated, in.data.size(), "DeletionDate", "the date is missing");
  if (!date.empty() && event.when.status != TimeStatus::kOk)
    out.damage(DamageKind::kRange, 0, "DeletionDate", "a date or time that cannot be");
  out.event(std::move(event));
  return whole ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/*.trashinfo"sv};
constexpr std::array kFields = {FieldSpec{"content", "", "where the file lies in the trash"}, kYearFrom, kZoneFrom};
constexpr std::array kReferences = {"https://specifications.freedesktop.org/trash-spec/latest/"sv};

}  // namespace

extern const ArtifactParser trash_info;
constinit const ArtifactParser trash_info{
    .id = "linux.trash",
    .version = 1,
    .title_en = "Trash of Linux desktops (.trashinfo)",
    .title_ja = "Linux デスクトップのゴミ箱（.trashinfo）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1 << 20},
    .parse = parse_trash,
};

}  // namespace triage
