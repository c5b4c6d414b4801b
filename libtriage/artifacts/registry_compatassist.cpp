// SPDX-License-Identifier: Apache-2.0
// Program Compatibility Assistant: programs (often installers) that this user ran and the assistant watched. Values
// carry no time of their own.
#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    if (value.name.find('\\') == std::string::npos) continue;
    Event event = out.about(action::kProgramRun, key, value);
    event.object_kind = "program";
    event.object = value.name;
    event.path = value.name;
    event.how = "compatibility assistant: " + key.name();
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Compatibility Assistant\\Store"sv,
    "NTUSER\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Compatibility Assistant\\Persisted"sv,
    "NTUSER\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Layers"sv,
    "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Layers"sv};
constexpr std::array kReferences = {"https://github.com/keydet89/RegRipper3.0/blob/master/plugins/appcompatflags.pl"sv};

}  // namespace

extern const RegistryPlugin registry_compatassist;
constinit const RegistryPlugin registry_compatassist{
    .id = "windows.registry.compatassist",
    .version = 1,
    .title_en = "Programs watched by the compatibility assistant",
    .title_ja = "互換性アシスタントが監視したプログラム",
    .keys = kKeys,
    .fields = {},
    .references = kReferences,
    .read = read,
};

}  // namespace triage
