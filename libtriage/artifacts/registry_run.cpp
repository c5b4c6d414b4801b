// SPDX-License-Identifier: Apache-2.0
// Programs started at logon: Run, RunOnce and their kin, of the machine and of a user. Which value was written last is
// not recorded: where a key has one value only, the key's last write is its time.
#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  const auto values = key.values();
  for (const RegfValue& value : values) {
    const auto command = value.text();
    if (!command) continue;
    Event event = values.size() == 1 ? out.at_write(action::kConfigChanged, key, value)
                                     : out.about(action::kConfigChanged, key, value);
    event.object_kind = "program";
    event.object = *command;
    event.how = "started at logon";
    event.attribute("entry", value.name);
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run*"sv,
                              "NTUSER\\Software\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Run*"sv,
                              "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer\\Run"sv,
                              "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run*"sv,
                              "SOFTWARE\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Run*"sv,
                              "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer\\Run"sv};
constexpr std::array kFields = {FieldSpec{"entry", "", "name of the entry"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/windows/win32/setupapi/run-and-runonce-registry-keys"sv};

}  // namespace

extern const RegistryPlugin registry_run;
constinit const RegistryPlugin registry_run{
    .id = "windows.registry.run",
    .version = 1,
    .title_en = "Programs started at logon (Run, RunOnce)",
    .title_ja = "ログオン時に起動するプログラム(Run、RunOnce)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
