// SPDX-License-Identifier: Apache-2.0
// Services and drivers: what runs, as whom, how it starts. The time is the key's last write.
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::array kStarts = {"boot"sv, "system"sv, "automatic"sv, "on demand"sv, "disabled"sv};

std::string type_name(std::uint64_t type) {
  switch (type & 0xff) {
    case 0x01: return "kernel driver";
    case 0x02: return "file system driver";
    case 0x10: return "own process";
    case 0x20: return "shared process";
    case 0x50:
    case 0xd0: return "user service, own process";
    case 0x60:
    case 0xe0: return "user service, shared process";
    default: return fmt::format("{:#x}", type);
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  const auto type = key.integer("Type");
  const auto image = key.text("ImagePath");
  if (!type && !image) return;
  Event event = out.at_write(action::kConfigChanged, key);
  event.object_kind = "service";
  event.object = key.name();
  event.path = image;
  if (type) event.attribute("service_type", type_name(*type));
  if (const auto start = key.integer("Start"))
    event.attribute("start", *start < kStarts.size() ? std::string(kStarts[*start]) : std::to_string(*start));
  add_text(event, "display_name", key.text("DisplayName"));
  add_text(event, "account", key.text("ObjectName"));
  if (const auto parameters = key.subkey("Parameters")) add_text(event, "dll", parameters->text("ServiceDll"));
  out.give(std::move(event));
}

constexpr std::array kKeys = {"SYSTEM\\ControlSet*\\Services\\*"sv};
constexpr std::array kFields = {FieldSpec{"service_type", "", "kind of service or driver"},
                                FieldSpec{"start", "", "boot, system, automatic, on demand, disabled"},
                                FieldSpec{"display_name", "", "name shown to people"},
                                FieldSpec{"account", "", "account it runs as"},
                                FieldSpec{"dll", "", "library of a service in a shared process"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/windows-hardware/drivers/install/hklm-system-currentcontrolset-services-registry-tree"sv};

}  // namespace

extern const RegistryPlugin registry_services;
constinit const RegistryPlugin registry_services{
    .id = "windows.registry.services",
    .version = 1,
    .title_en = "Services and drivers",
    .title_ja = "サービスとドライバー",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
