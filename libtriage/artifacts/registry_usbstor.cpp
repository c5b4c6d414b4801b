// SPDX-License-Identifier: Apache-2.0
// Devices under Enum: USBSTOR (storage), USB, SCSI of UAS disks and SWD\WPDBUSENUM (portable devices): the device, its
// serial number, and the property stamps of {83da6326-97a6-4088-9453-a1923f573b29}: 0064 installed, 0065 first
// installed, 0066 last arrival, 0067 last removal (FILETIME, UTC).
//   Windows 8 and later: Properties\{guid}\0064 holds the stamp as its default value; 7: …\00000064\00000000 as "Data".
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::string_view kStamps = "{83da6326-97a6-4088-9453-a1923f573b29}";

struct Property {
  std::string_view id;
  std::string_view what;
  std::string_view how;
  Meaning meaning;
};
constexpr std::array kProperties = {
    Property{"0064", action::kConfigChanged, "device property 0064: installed", Meaning::kInstalled},
    Property{"0065", action::kDeviceConnected, "device property 0065: first installed", Meaning::kFirstSeen},
    Property{"0066", action::kDeviceConnected, "device property 0066: last arrival", Meaning::kConnected},
    Property{"0067", action::kDeviceDisconnected, "device property 0067: last removal", Meaning::kDisconnected}};

/// "Disk&Ven_X&Prod_Y&Rev_Z" in its parts.
void add_model(Event& event, const std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('&', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::string lower = ascii_lower(part);
    for (const auto& [prefix, name] :
         {std::pair{"ven_"sv, "vendor"sv}, std::pair{"prod_"sv, "product"sv}, std::pair{"rev_"sv, "revision"sv},
          std::pair{"vid_"sv, "vendor_id"sv}, std::pair{"pid_"sv, "product_id"sv}})
      if (lower.starts_with(prefix) && part.size() > prefix.size()) event.attribute(name, part.substr(prefix.size()));
    begin = end + 1;
  }
}

/// The key that holds the stamp of a property, and its value.
std::optional<std::pair<RegfKey, RegfValue>> find_property(const RegfKey& device, std::string_view id) {
  const auto set = device.at_path("Properties\\" + std::string(kStamps));
  if (!set) return std::nullopt;
  if (const auto key = set->subkey(id))
    if (auto value = key->value("")) return std::pair{*key, std::move(*value)};
  if (const auto key = set->at_path("0000" + std::string(id) + "\\00000000"))
    if (auto value = key->value("Data")) return std::pair{*key, std::move(*value)};
  return std::nullopt;
}

std::string after_semicolon(const std::optional<std::string>& text) {
  return text ? text->substr(std::min(text->size(), text->rfind(';') + 1)) : std::string{};
}

Event describe(Event event, const RegfKey& device, const std::string& bus) {
  const std::string model = device.parent() ? device.parent()->name() : "";
  const bool portable = bus == "WPDBUSENUM";
  event.object_kind = "device";
  event.object = portable ? device.name() : bus + "\\" + model + "\\" + device.name();
  if (bus != "SCSI") event.channel = "usb";
  if (!portable) {
    add_model(event, model);
    // Windows makes up "&" numbers for devices without a serial number of their own: the second character is "&".
    const std::string serial = device.name();
    const bool made_up = serial.size() > 1 && serial[1] == '&';
    event.attribute(made_up ? "instance" : "serial", made_up ? serial : serial.substr(0, serial.rfind('&')));
  }
  add_text(event, "friendly_name", device.text("FriendlyName"));
  add_text(event, "description", after_semicolon(device.text("DeviceDesc")));
  add_text(event, "service", device.text("Service"));
  add_text(event, "container_id", device.text("ContainerID"));
  add_text(event, "parent_prefix", device.text("ParentIdPrefix"));
  return event;
}

void read(const RegfKey& device, RegistryFacts& out) {
  const auto parent = device.parent();
  if (!parent) return;
  std::string bus = parent->name();
  if (ascii_lower(bus) != "wpdbusenum") {
    const auto above = parent->parent();
    bus = above ? above->name() : "";
  }
  if (bus == "SCSI" && !ascii_lower(parent->name()).starts_with("disk&")) return;
  Event event = describe(out.at_write(action::kConfigChanged, device), device, bus);
  event.how = "last write of the device's key";
  out.give(std::move(event));
  for (const Property& property : kProperties) {
    const auto found = find_property(device, property.id);
    if (!found) continue;
    const auto when = found->second.filetime();
    ByteCursor c(found->second.data());
    if (!when && c.size() < 8) {
      out.fault(DamageKind::kTruncated, found->second, "a device stamp is cut off");
      continue;
    }
    Event one = describe(out.about(property.what, found->first, found->second), device, bus);
    one.when = when ? *when : from_filetime(c.le<std::uint64_t>("stamp"));
    one.when_meaning = property.meaning;
    one.how = property.how;
    if (one.when.status != TimeStatus::kNotSet) out.give(std::move(one));
  }
}

constexpr std::array kKeys = {"SYSTEM\\ControlSet*\\Enum\\USBSTOR\\*\\*"sv, "SYSTEM\\ControlSet*\\Enum\\USB\\*\\*"sv,
                              "SYSTEM\\ControlSet*\\Enum\\SCSI\\*\\*"sv,
                              "SYSTEM\\ControlSet*\\Enum\\SWD\\WPDBUSENUM\\*"sv};
constexpr std::array kFields = {FieldSpec{"vendor", "", "vendor as the device gives it"},
                                FieldSpec{"product", "", "product as the device gives it"},
                                FieldSpec{"revision", "", "revision as the device gives it"},
                                FieldSpec{"vendor_id", "hex", "USB vendor id"},
                                FieldSpec{"product_id", "hex", "USB product id"},
                                FieldSpec{"serial", "", "serial number of the device"},
                                FieldSpec{"instance", "", "instance id that Windows made up: the device has no serial"},
                                FieldSpec{"friendly_name", "", "name shown to people"},
                                FieldSpec{"description", "", "description of the device"},
                                FieldSpec{"service", "", "driver service"},
                                FieldSpec{"container_id", "", "id that all functions of one device share"},
                                FieldSpec{"parent_prefix", "", "prefix by which MountedDevices names it (XP)"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/USB-storage.html"sv,
    "https://learn.microsoft.com/en-us/windows-hardware/drivers/install/devpkey-device-lastarrivaldate"sv};

}  // namespace

extern const RegistryPlugin registry_usbstor;
constinit const RegistryPlugin registry_usbstor{
    .id = "windows.registry.usbstor",
    .version = 1,
    .title_en = "USB and portable devices (USBSTOR, USB, WPDBUSENUM)",
    .title_ja = "USB・携帯機器(USBSTOR、USB、WPDBUSENUM)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
