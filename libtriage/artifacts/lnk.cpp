// SPDX-License-Identifier: Apache-2.0
// Windows shortcuts (.lnk): which file or folder was opened through the shell, on which volume, share and machine, and
// the target's own stamps at that moment. The layout is in formats/lnk_view.cpp; here its facts become events: one per
// distinct stamp of the target.
// Spec: MS-SHLLINK.
#include <fmt/format.h>

#include <array>
#include <string>

#include "artifacts/parser.h"
#include "formats/lnk_view.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

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

/// The event without its time.
Event describe(const LnkView& link) {
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

std::string_view action_of(MeaningSet meaning) {
  if (meaning.has(Meaning::kCreated)) return action::kFileCreated;
  if (meaning.has(Meaning::kModified)) return action::kFileModified;
  return action::kFileAccessed;
}

Outcome parse_lnk_file(const Artifact& in, EventSink& out) {
  if (!is_lnk(in.data)) return Outcome::kNotMine;
  const LnkView link = parse_lnk(in.data);
  if (link.has_header) {
    const Event plain = describe(link);
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
      event.locator = in.at(stamps[i].at, 8);
      out.event(std::move(event));
      ++given;
    }
    if (given == 0) {  // a link whose target was never there, or no file
      Event event = plain;
      event.when_meaning = Meaning::kOther;
      event.what = action::kFileSeen;
      event.locator = in.at(0, 76);
      out.event(std::move(event));
    }
  }
  if (!link.fault) return Outcome::kComplete;
  const bool ran_out = link.fault->wanted != 0;
  out.damage(ran_out ? DamageKind::kTruncated : DamageKind::kRange, link.fault->at, link.fault->field,
             ran_out ? fmt::format("{} needs {} bytes that are not there", link.fault->field, link.fault->wanted)
                     : fmt::format("{} has a value that cannot be", link.fault->field));
  return Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{0, "\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv}};
constexpr std::array kFields = {
    FieldSpec{"drive_type", "", "kind of drive the target lay on: fixed, removable, remote, cd-rom, ram disk"},
    FieldSpec{"volume_serial", "hex", "serial number of the target's volume"},
    FieldSpec{"volume_label", "", "label of the target's volume"},
    FieldSpec{"share_device", "", "drive letter the share was mounted as"},
    FieldSpec{"machine", "", "NetBIOS name of the machine the target was last known on"},
    FieldSpec{"mac", "hex", "network card address in the file droid, where it holds one"},
    FieldSpec{"volume_droid", "hex", "object id of the target's volume"},
    FieldSpec{"file_droid", "hex", "object id of the target"},
    FieldSpec{"birth_file_droid", "hex", "object id the target was born with, where it is another"},
    FieldSpec{"description", "", "comment of the shortcut"},
    FieldSpec{"relative_path", "", "path of the target from the shortcut"},
    FieldSpec{"working_dir", "", "working directory for the target"},
    FieldSpec{"arguments", "", "command line arguments"},
    FieldSpec{"target_inode", "count", "MFT entry of the target"},
    FieldSpec{"target_sequence", "count", "sequence number of that MFT entry"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-shllink/16cb4ca1-9339-4d0c-a68d-bf1d6cc0f943"sv,
    "https://github.com/libyal/libfwsi/blob/main/documentation/Windows%20Shell%20Item%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser lnk;
constinit const ArtifactParser lnk{
    .id = "windows.lnk",
    .version = 1,
    .title_en = "Windows shortcuts",
    .title_ja = "Windowsショートカット",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_lnk_file,
};

}  // namespace triage
