// SPDX-License-Identifier: Apache-2.0
// Bluetooth devices paired with the machine: address, name, when last seen and last connected (FILETIME).
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  std::string name;
  if (const auto value = key.value("Name")) {
    const std::string_view raw = as_chars(value->data());
    name = decode_name(raw.substr(0, raw.find('\0')));
  }
  for (const auto& [stamp, meaning] :
       {std::pair{"LastSeen"sv, Meaning::kLastSeen}, std::pair{"LastConnected"sv, Meaning::kConnected}}) {
    const auto value = key.value(stamp);
    if (!value) continue;
    if (value->data().size() < 8) {
      out.fault(DamageKind::kTruncated, *value, "a stamp is cut off");
      continue;
    }
    ByteCursor c(value->data());
    Event event = out.about(action::kDeviceConnected, key, *value);
    event.when = from_filetime(c.le<std::uint64_t>("stamp"));
    if (event.when.status == TimeStatus::kNotSet) continue;
    event.when_meaning = meaning;
    event.object_kind = "device";
    event.object = key.name();
    event.how = "bluetooth";
    add_text(event, "name", name);
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"SYSTEM\\ControlSet*\\Services\\BTHPORT\\Parameters\\Devices\\*"sv};
constexpr std::array kFields = {FieldSpec{"name", "", "name of the device"}};
constexpr std::array kReferences = {"https://github.com/keydet89/RegRipper3.0/blob/master/plugins/bthport.pl"sv};

}  // namespace

extern const RegistryPlugin registry_bluetooth;
constinit const RegistryPlugin registry_bluetooth{
    .id = "windows.registry.bluetooth",
    .version = 1,
    .title_en = "Bluetooth devices",
    .title_ja = "Bluetooth機器",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
