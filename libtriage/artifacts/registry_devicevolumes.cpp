// SPDX-License-Identifier: Apache-2.0
// Names of volumes of removable devices: VolumeInfoCache (Windows Search: drive letter and label), Windows Portable
// Devices (device and name), EMDMgmt (ReadyBoost: device, label, volume serial number in decimal, last test).
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read_readyboost(const RegfKey& key, RegistryFacts& out) {
  // "_??_USBSTOR#Disk&…#serial#{guid}LABEL_1234567890"
  const std::string name = key.name();
  const std::size_t line = name.rfind('_');
  const std::size_t brace = name.rfind('}');
  if (line == std::string::npos || brace == std::string::npos || line < brace) return;
  const std::string digits = name.substr(line + 1);
  Event event = out.at_write(action::kDeviceConnected, key);
  event.object_kind = "volume";
  event.object = name.substr(0, brace + 1);
  event.how = "ReadyBoost";
  const std::string label = name.substr(brace + 1, line - brace - 1);
  if (name.find("USBSTOR") != std::string::npos) event.channel = "usb";
  if (!digits.empty() && digits.size() <= 10 && digits.find_first_not_of("0123456789") == std::string::npos) {
    event.volume = fmt::format("{:08x}", static_cast<std::uint32_t>(std::stoull(digits)));
    event.attribute("volume_serial", *event.volume);
  }
  add_text(event, "label", label);
  if (const auto tested = key.integer("LastTestedTime"); tested && *tested != 0)
    add_text(event, "last_tested", from_filetime(*tested).text());
  out.give(std::move(event));
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string set = key.parent() ? ascii_lower(key.parent()->name()) : "";
  if (set == "emdmgmt") return read_readyboost(key, out);
  const bool portable = set == "devices";
  const auto label = key.text(portable ? "FriendlyName" : "VolumeLabel");
  Event event = out.at_write(action::kDeviceConnected, key);
  event.object_kind = "volume";
  event.object = key.name();
  if (portable && event.object->find("USBSTOR") != std::string::npos) event.channel = "usb";
  event.how = portable ? "portable devices" : "volume information of Windows Search";
  if (label && !portable) event.volume = label;
  add_text(event, "label", label);
  add_number(event, "drive_type", key.integer("DriveType"));
  out.give(std::move(event));
}

constexpr std::array kKeys = {"SOFTWARE\\Microsoft\\Windows Search\\VolumeInfoCache\\*"sv,
                              "SOFTWARE\\Microsoft\\Windows Portable Devices\\Devices\\*"sv,
                              "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\EMDMgmt\\*"sv};
constexpr std::array kFields = {FieldSpec{"label", "", "label of the volume or name of the device"},
                                FieldSpec{"drive_type", "count", "2 removable, 3 fixed, 4 share, 5 optical"},
                                FieldSpec{"volume_serial", "hex", "serial number of the volume"},
                                FieldSpec{"last_tested", "", "time of the last ReadyBoost test, UTC"}};
constexpr std::array kReferences = {
    "https://www.sans.org/blog/computer-forensic-artifacts-windows-7-shellbags/"sv,
    "https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-getdrivetypew"sv};

}  // namespace

extern const RegistryPlugin registry_devicevolumes;
constinit const RegistryPlugin registry_devicevolumes{
    .id = "windows.registry.devicevolumes",
    .version = 1,
    .title_en = "Volumes of removable devices (VolumeInfoCache, portable devices, ReadyBoost)",
    .title_ja = "リムーバブル機器のボリューム情報",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
