// SPDX-License-Identifier: Apache-2.0
// Networks the machine has joined: first and last connection (SYSTEMTIME, local time of the machine), kind, gateway.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"
#include "formats/windows_time.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::string_view kind_name(std::uint64_t type) {
  switch (type) {
    case 0x06: return "wired";
    case 0x17: return "vpn";
    case 0x47: return "wireless";
    case 0xf3: return "mobile";
    default: return "";
  }
}

struct Signature {
  std::string gateway_mac, dns_suffix;
};

/// The signature that names this profile.
Signature find_signature(const RegfKey& profile) {
  Signature out;
  const auto profiles = profile.parent();
  const auto list = profiles ? profiles->parent() : std::nullopt;
  if (!list) return out;
  for (const std::string_view kind : {"Signatures\\Unmanaged"sv, "Signatures\\Managed"sv}) {
    const auto set = list->at_path(kind);
    if (!set) continue;
    for (const RegfKey& one : set->subkeys()) {
      const auto guid = one.text("ProfileGuid");
      if (!guid || ascii_lower(*guid) != ascii_lower(profile.name())) continue;
      if (const auto mac = one.value("DefaultGatewayMac")) out.gateway_mac = to_hex(mac->data());
      out.dns_suffix = one.text("DnsSuffix").value_or("");
    }
  }
  return out;
}

void read(const RegfKey& key, RegistryFacts& out) {
  const auto name = key.text("ProfileName");
  const Signature signature = find_signature(key);
  for (const auto& [value_name, meaning, how] :
       {std::tuple{"DateCreated"sv, Meaning::kFirstSeen, "network list: first connection"sv},
        std::tuple{"DateLastConnected"sv, Meaning::kConnected, "network list: last connection"sv}}) {
    const auto value = key.value(value_name);
    if (!value) continue;
    if (value->data().size() < 16) {
      out.fault(DamageKind::kTruncated, *value, "a SYSTEMTIME is cut off");
      continue;
    }
    Event event = out.about(action::kNetworkConnected, key, *value);
    event.when = from_systemtime(value->data());
    event.when_meaning = meaning;
    event.how = how;
    event.object_kind = "network";
    event.object = name;
    if (const auto type = key.integer("NameType"); type && !kind_name(*type).empty())
      event.attribute("network_kind", kind_name(*type));
    add_text(event, "description", key.text("Description"));
    add_text(event, "gateway_mac", signature.gateway_mac);
    add_text(event, "dns_suffix", signature.dns_suffix);
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\NetworkList\\Profiles\\*"sv};
constexpr std::array kFields = {FieldSpec{"network_kind", "", "wired, wireless, vpn or mobile"},
                                FieldSpec{"description", "", "description of the network"},
                                FieldSpec{"gateway_mac", "hex", "hardware address of the default gateway"},
                                FieldSpec{"dns_suffix", "", "DNS suffix of the network"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/Network-list.html"sv,
    "https://learn.microsoft.com/en-us/windows/win32/api/minwinbase/ns-minwinbase-systemtime"sv};

}  // namespace

extern const RegistryPlugin registry_networklist;
constinit const RegistryPlugin registry_networklist{
    .id = "windows.registry.networklist",
    .version = 1,
    .title_en = "Networks joined (NetworkList)",
    .title_ja = "接続したネットワーク(NetworkList)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
