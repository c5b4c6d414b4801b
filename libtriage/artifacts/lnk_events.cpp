// SPDX-License-Identifier: Apache-2.0
#include "artifacts/lnk_events.h"

#include <string>

namespace triage {
namespace {

constexpr std::uint32_t kRemovable = 2;
constexpr std::uint32_t kDirectory = 0x10;  // FILE_ATTRIBUTE_DIRECTORY

struct Stamp {
  const Timestamp& when;
  Meaning meaning;
  std::uint64_t at;  // MS-SHLLINK §2.1, bytes from the start of the link
};

void add_text(Event& event, std::string_view name, const std::string& value) {
  if (!value.empty()) event.attribute(name, value);
}

void add_place(const LnkPlace& place, Event& event) {
  if (!place.serial.empty()) event.volume = place.serial;
  if (!place.share.empty()) {
    event.remote = place.share;
    event.channel = "share";
  }
  if (place.drive_type) {
    event.attribute("drive_type", drive_type_name(*place.drive_type));
    if (*place.drive_type == kRemovable) event.channel = "usb";
  }
  add_text(event, "volume_serial", place.serial);
  add_text(event, "volume_label", place.label);
  add_text(event, "share_device", place.device);
}

void add_tracker(const LnkTracker& tracker, Event& event) {
  add_text(event, "machine", tracker.machine);
  add_text(event, "mac", tracker.mac);
  add_text(event, "volume_droid", tracker.volume_droid);
  add_text(event, "file_droid", tracker.file_droid);
  if (tracker.birth_file_droid != tracker.file_droid) add_text(event, "birth_file_droid", tracker.birth_file_droid);
}

std::string_view action_of(MeaningSet meaning) {
  if (meaning.has(Meaning::kCreated)) return action::kFileCreated;
  if (meaning.has(Meaning::kModified)) return action::kFileModified;
  return action::kFileAccessed;
}

}  // namespace

Event describe_lnk(const LnkView& link) {
  Event event;
  event.how = "shortcut: stamps of the target";
  event.partial = link.fault.has_value();
  const bool known = link.created.utc_nanos || link.modified.utc_nanos || link.accessed.utc_nanos;
  if (link.attributes != 0) event.object_kind = (link.attributes & kDirectory) != 0 ? "directory" : "file";
  if (known && (link.attributes & kDirectory) == 0) event.object_size = link.size;
  if (std::string target = link.target(); !target.empty()) {
    event.object = target;
    event.path = std::move(target);
  }
  if (!link.sid.empty()) event.sid = link.sid;
  if (link.place) add_place(*link.place, event);
  if (link.tracker) add_tracker(*link.tracker, event);
  add_text(event, "description", link.description);
  add_text(event, "relative_path", link.relative_path);
  add_text(event, "working_dir", link.working_dir);
  add_text(event, "arguments", link.arguments);
  if (!link.items.items.empty() && link.items.items.back().inode) {
    event.attribute("target_inode", *link.items.items.back().inode);
    event.attribute("target_sequence", std::uint64_t{link.items.items.back().sequence.value_or(0)});
  }
  return event;
}

void give_lnk_stamps(const LnkView& link, const Event& plain,
                     const std::function<Locator(std::uint64_t at, std::uint64_t length)>& place, EventSink& out) {
  const std::array stamps = {Stamp{link.created, Meaning::kCreated, 28}, Stamp{link.accessed, Meaning::kAccessed, 36},
                             Stamp{link.modified, Meaning::kModified, 44}};
  std::size_t given = 0;
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    if (stamps[i].when.status == TimeStatus::kNotSet) continue;
    bool seen = false;
    MeaningSet meaning;
    for (std::size_t j = 0; j < stamps.size(); ++j) {
      if (stamps[j].when.raw != stamps[i].when.raw) continue;
      seen = seen || j < i;
      meaning.add(stamps[j].meaning);
    }
    if (seen) continue;
    Event event = plain;
    event.when = stamps[i].when;
    event.when_meaning = meaning;
    event.what = action_of(meaning);
    event.locator = place(stamps[i].at, 8);
    out.event(std::move(event));
    ++given;
  }
  if (given != 0) return;
  Event event = plain;  // a link whose target was never there, or no file
  event.when_meaning = Meaning::kOther;
  event.what = action::kFileSeen;
  event.locator = place(0, 76);
  out.event(std::move(event));
}

}  // namespace triage
