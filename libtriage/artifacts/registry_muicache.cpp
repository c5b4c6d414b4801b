// SPDX-License-Identifier: Apache-2.0
// MuiCache: names of programs Explorer has shown to this user: the program was there, and in most cases started. Values
// carry no time of their own.
#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    const auto text = value.text();
    // Vista and later: "C:\x.exe.FriendlyAppName" and ".ApplicationCompany"; XP: the path alone.
    if (!text || value.name.find('\\') == std::string::npos || value.name.starts_with("@")) continue;
    std::string path = value.name;
    bool company = false;
    for (const std::string_view suffix : {".FriendlyAppName"sv, ".ApplicationCompany"sv})
      if (path.ends_with(suffix)) {
        path.resize(path.size() - suffix.size());
        company = suffix == ".ApplicationCompany";
      }
    if (company) continue;
    Event event = out.about(action::kFileSeen, key, value);
    event.object_kind = "program";
    event.object = path;
    event.path = path;
    event.how = "name shown by Explorer";
    event.attribute("friendly_name", *text);
    if (const auto maker = key.text(path + ".ApplicationCompany")) event.attribute("company", *maker);
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {
    "USRCLASS\\Local Settings\\Software\\Microsoft\\Windows\\Shell\\MuiCache"sv,
    "USRCLASS\\Local Settings\\MuiCache\\*\\*"sv, "NTUSER\\Software\\Microsoft\\Windows\\ShellNoRoam\\MUICache"sv,
    "NTUSER\\Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\Shell\\MuiCache"sv};
constexpr std::array kFields = {FieldSpec{"friendly_name", "", "name of the program"},
                                FieldSpec{"company", "", "publisher of the program"}};
constexpr std::array kReferences = {"https://forensafe.com/blogs/muicache.html"sv,
                                    "https://github.com/keydet89/RegRipper3.0/blob/master/plugins/muicache.pl"sv};

}  // namespace

extern const RegistryPlugin registry_muicache;
constinit const RegistryPlugin registry_muicache{
    .id = "windows.registry.muicache",
    .version = 1,
    .title_en = "Programs shown by Explorer (MuiCache)",
    .title_ja = "Explorerが表示したプログラム(MuiCache)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
