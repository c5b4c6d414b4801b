// SPDX-License-Identifier: Apache-2.0
// Remote Desktop: servers this user connected to (Default: MRU0 is the newest; Servers: the name last used there), and
// whether this machine takes such connections.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read_list(const RegfKey& key, RegistryFacts& out) {
  for (std::size_t i = 0; i < 100; ++i) {
    const auto value = key.value("MRU" + std::to_string(i));
    if (!value || !value->text()) continue;
    Event event = i == 0 ? out.at_write(action::kNetworkConnected, key, *value)
                         : out.about(action::kNetworkConnected, key, *value);
    event.object_kind = "host";
    event.object = value->text();
    event.remote = value->text();
    event.channel = "remote";
    event.how = "remote desktop client";
    event.attribute("mru_position", std::uint64_t{i});
    out.give(std::move(event));
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string name = ascii_lower(key.name());
  if (out.kind() == HiveKind::kSystem) {
    const auto value = key.value("fDenyTSConnections");
    if (!value || !value->integer()) return;
    Event event = out.at_write(action::kConfigChanged, key, *value);
    event.object_kind = "setting";
    event.object =
        *value->integer() == 0 ? "remote desktop connections accepted" : "remote desktop connections refused";
    return out.give(std::move(event));
  }
  if (name == "default") return read_list(key, out);
  Event event = out.at_write(action::kNetworkConnected, key);
  event.object_kind = "host";
  event.object = key.name();
  event.remote = key.name();
  event.channel = "remote";
  event.how = "remote desktop client";
  add_text(event, "user_name", key.text("UsernameHint"));
  if (const auto hash = key.value("CertHash")) event.attribute("certificate", to_hex(hash->data()));
  out.give(std::move(event));
}

constexpr std::array kKeys = {"NTUSER\\Software\\Microsoft\\Terminal Server Client\\Default"sv,
                              "NTUSER\\Software\\Microsoft\\Terminal Server Client\\Servers\\*"sv,
                              "SYSTEM\\ControlSet*\\Control\\Terminal Server"sv};
constexpr std::array kFields = {FieldSpec{"mru_position", "count", "0 is the most recent"},
                                FieldSpec{"user_name", "", "account name used there last"},
                                FieldSpec{"certificate", "hex", "hash of the server's certificate"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/troubleshoot/windows-server/remote/remove-entries-from-remote-desktop-connection-computer"sv};

}  // namespace

extern const RegistryPlugin registry_terminalclient;
constinit const RegistryPlugin registry_terminalclient{
    .id = "windows.registry.terminalclient",
    .version = 1,
    .title_en = "Remote Desktop client and setting",
    .title_ja = "リモートデスクトップ(接続先と設定)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
