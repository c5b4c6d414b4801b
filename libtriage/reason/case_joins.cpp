// SPDX-License-Identifier: Apache-2.0
#include "reason/case_joins.h"

#include <fmt/format.h>

#include <array>

namespace triage {
namespace {

/// Folders kept for journal records; more than any medium of the class examined has.
constexpr std::size_t kMaxFolders = 2'000'000;

constexpr std::array<std::string_view, 6> kWanted = {
    "windows.lnk",
    "windows.jumplist",
    "windows.registry.profilelist",
    "windows.registry.devicevolumes",
    "windows.registry.mounteddevices",
    "windows.registry.usbstor",
};

std::string letter_key(std::string_view evidence, char letter) { return fmt::format("{}/{}", evidence, letter); }

}  // namespace

bool CaseJoins::wants_artifact(std::string_view artifact) {
  for (const std::string_view one : kWanted) {
    if (artifact == one) return true;
  }
  return false;
}

void CaseJoins::Said::say(const std::string& key, const std::string& value) {
  const auto [place, added] = values_.emplace(key, value);
  if (!added && place->second != value) place->second.clear();
}

std::optional<std::string> CaseJoins::Said::of(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string CaseJoins::place(std::string_view evidence, std::uint64_t offset) {
  return fmt::format("{}/v{}", evidence, offset);
}

void CaseJoins::learn(const VolumeFact& volume) {
  if (const auto serial = volume_serial(volume.serial)) serials_.say(place(volume.evidence, volume.offset), *serial);
}

void CaseJoins::learn_drive(const EventFields& event) {
  const auto type = event.attribute("drive_type");
  if (!type || type->size() < 2) return;
  if (const auto serial = volume_serial(event.column(event_column("volume")).value_or("")))
    media_by_serial_.say(*serial, *type);
  const char letter = drive_letter(event.column(event_column("path")).value_or(""));
  if (letter != '\0')
    media_by_letter_.say(letter_key(event.column(event_column("evidence")).value_or(""), letter), *type);
}

void CaseJoins::learn_device(const EventFields& event, std::string_view artifact) {
  const bool usb = event.column(event_column("channel")) == "usb";
  const std::string_view evidence = event.column(event_column("evidence")).value_or("");
  const std::string_view object = event.column(event_column("object")).value_or("");
  if (artifact == "windows.registry.mounteddevices") {
    const char letter = drive_letter(object);
    if (!usb || letter == '\0') return;
    media_by_letter_.say(letter_key(evidence, letter), "removable");
    if (const auto number = device_number(event.attribute("device").value_or("")))
      device_by_letter_.say(letter_key(evidence, letter), *number);
    return;
  }
  const auto serial = volume_serial(event.column(event_column("volume")).value_or(""));
  if (!serial || !usb) return;
  media_by_serial_.say(*serial, "removable");
  if (const auto number = device_number(object)) device_by_serial_.say(*serial, *number);
}

void CaseJoins::learn(const EventFields& event) {
  const std::string_view artifact = event.column(event_column("artifact")).value_or("");
  if (artifact == "fs.times") {
    const auto inode = event.attribute("inode");
    const auto offset = event.volume_offset();
    const auto path = event.column(event_column("path"));
    if (!inode || !offset || !path || event.column(event_column("recovered")) == "1") return;
    if (folders_.size() >= kMaxFolders) return;
    std::string key = path_key(*path);
    if (!key.ends_with('/')) key += '/';
    folders_.emplace(fmt::format("{}.{}", place(event.column(event_column("evidence")).value_or(""), *offset), *inode),
                     std::move(key));
  } else if (artifact == "windows.lnk" || artifact == "windows.jumplist") {
    learn_drive(event);
  } else if (artifact == "windows.registry.profilelist") {
    const auto sid = event.column(event_column("sid"));
    const auto who = event.value(*field_named("who"));
    if (sid && who) accounts_.say(std::string(*sid), *event.value(*field_named("account")));
  } else {
    learn_device(event, artifact);
  }
}

std::optional<std::string> CaseJoins::account_of(std::string_view sid) const { return accounts_.of(std::string(sid)); }

std::optional<std::string> CaseJoins::media_of_serial(std::string_view serial) const {
  return media_by_serial_.of(std::string(serial));
}

std::optional<std::string> CaseJoins::media_of_letter(std::string_view evidence, char letter) const {
  return media_by_letter_.of(letter_key(evidence, letter));
}

std::optional<std::string> CaseJoins::device_of_serial(std::string_view serial) const {
  return device_by_serial_.of(std::string(serial));
}

std::optional<std::string> CaseJoins::device_of_letter(std::string_view evidence, char letter) const {
  return device_by_letter_.of(letter_key(evidence, letter));
}

std::optional<std::string> CaseJoins::serial_at(std::string_view evidence, std::uint64_t offset) const {
  return serials_.of(place(evidence, offset));
}

std::optional<std::string> CaseJoins::folder_at(std::string_view evidence, std::uint64_t offset,
                                                std::string_view inode) const {
  const auto found = folders_.find(fmt::format("{}.{}", place(evidence, offset), inode));
  return found == folders_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace triage
