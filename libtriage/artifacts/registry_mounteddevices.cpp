// SPDX-License-Identifier: Apache-2.0
// MountedDevices: drive letters and volume names, and the disk or device behind each.
//   12 bytes: MBR disk signature, u64 byte offset of the partition · "DMIO:ID:" and a GPT partition's GUID · else the
//   device's path in UTF-16LE ("_??_USBSTOR#Disk&Ven_…")
// The key's last write is the time of its newest change only: values carry no stamp of their own, so they have none.
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMbrBytes = 12;

void read(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    Event event = out.about(action::kConfigChanged, key, value);
    event.object_kind = "volume";
    event.object = value.name;
    const Bytes data = value.data();
    ByteCursor c(data);
    if (data.size() == kMbrBytes) {
      event.volume = fmt::format("{:08x}", c.le<std::uint32_t>("signature"));
      event.attribute("disk_signature", *event.volume);
      event.attribute("partition_offset", c.le<std::uint64_t>("offset"));
    } else if (has_at(data, 0, "DMIO:ID:") && data.size() >= 24) {
      event.attribute("partition_guid", guid_text(data.subspan(8, 16)));
    } else if (data.size() >= 8 && data.size() % 2 == 0) {
      const std::string device = utf16le_to_utf8(data);
      event.attribute("device", device);
      if (ascii_lower(device).find("usbstor") != std::string::npos) event.channel = "usb";
    } else {
      out.fault(DamageKind::kRange, value, fmt::format("{} bytes name no device", data.size()));
      event.partial = true;
    }
    event.how = "mounted devices";
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"SYSTEM\\MountedDevices"sv};
constexpr std::array kFields = {FieldSpec{"disk_signature", "hex", "signature of the disk in its MBR"},
                                FieldSpec{"partition_offset", "bytes", "where the partition begins on the disk"},
                                FieldSpec{"partition_guid", "", "GUID of a GPT partition"},
                                FieldSpec{"device", "", "path of the device"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/Mounted-devices.html"sv};

}  // namespace

extern const RegistryPlugin registry_mounteddevices;
constinit const RegistryPlugin registry_mounteddevices{
    .id = "windows.registry.mounteddevices",
    .version = 1,
    .title_en = "Mounted devices: drive letters and their disks",
    .title_ja = "マウントされた機器(ドライブ文字とディスク)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
