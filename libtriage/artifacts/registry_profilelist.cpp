// SPDX-License-Identifier: Apache-2.0
// User profiles: which SID has which home folder, when it was last loaded and unloaded.
#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::optional<Timestamp> joined_stamp(const RegfKey& key, const std::string& name) {
  const auto high = key.integer(name + "High");
  const auto low = key.integer(name + "Low");
  if (!high || !low || (*high | *low) == 0) return std::nullopt;
  return from_filetime(*high << 32 | *low);
}

Event describe(const RegfKey& key, Event event) {
  event.object_kind = "account";
  event.sid = key.name();
  event.object = key.name();
  if (auto path = key.text("ProfileImagePath")) {
    event.path = *path;
    event.who = path->substr(std::min(path->size(), path->rfind('\\') + 1));
  }
  return event;
}

void read(const RegfKey& key, RegistryFacts& out) {
  if (!key.name().starts_with("S-1-")) return;
  Event event = describe(key, out.at_write(action::kAccountChanged, key));
  event.how = "profile list";
  out.give(std::move(event));
  struct Part {
    std::string_view name, what, how;
    Meaning meaning;
  };
  for (const Part& part : {Part{"LocalProfileLoadTime", action::kLogonSucceeded, "profile loaded", Meaning::kStarted},
                           Part{"LocalProfileUnloadTime", action::kLogonEnded, "profile unloaded", Meaning::kEnded}}) {
    const auto when = joined_stamp(key, std::string(part.name));
    if (!when) continue;
    Event one = describe(key, out.about(part.what, key));
    one.when = *when;
    one.when_meaning = part.meaning;
    one.how = part.how;
    out.give(std::move(one));
  }
}

constexpr std::array kKeys = {"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\*"sv};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/User-profiles.html"sv};

}  // namespace

extern const RegistryPlugin registry_profilelist;
constinit const RegistryPlugin registry_profilelist{
    .id = "windows.registry.profilelist",
    .version = 1,
    .title_en = "User profiles (ProfileList)",
    .title_ja = "ユーザープロファイル一覧",
    .keys = kKeys,
    .fields = {},
    .references = kReferences,
    .read = read,
};

}  // namespace triage
