// SPDX-License-Identifier: Apache-2.0
// Network interfaces: addresses, and when a DHCP lease was obtained (seconds since 1970, UTC).
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::string first_of(const RegfKey& key, std::string_view a, std::string_view b) {
  for (const std::string_view name : {a, b}) {
    const auto value = key.value(name);
    if (!value) continue;
    for (std::string& text : value->texts())
      if (text != "0.0.0.0") return std::move(text);
  }
  return {};
}

Event describe(Event event, const RegfKey& key) {
  event.object_kind = "interface";
  event.object = key.name();
  add_text(event, "address", first_of(key, "DhcpIPAddress", "IPAddress"));
  add_text(event, "gateway", first_of(key, "DhcpDefaultGateway", "DefaultGateway"));
  add_text(event, "dns", first_of(key, "DhcpNameServer", "NameServer"));
  add_text(event, "domain", first_of(key, "DhcpDomain", "Domain"));
  const std::string server = first_of(key, "DhcpServer", "");
  add_text(event, "dhcp_server", server);
  if (!server.empty() && server != "255.255.255.255") event.remote = server;
  return event;
}

void read(const RegfKey& key, RegistryFacts& out) {
  if (first_of(key, "DhcpIPAddress", "IPAddress").empty()) return;
  const auto obtained = key.value("LeaseObtainedTime");
  const auto seconds = obtained ? obtained->integer() : std::nullopt;
  if (seconds && *seconds != 0) {
    Event event = describe(out.about(action::kNetworkConnected, key, *obtained), key);
    event.when = from_unix(static_cast<std::int64_t>(*seconds));
    event.when_meaning = Meaning::kConnected;
    event.how = "DHCP lease obtained";
    out.give(std::move(event));
  }
  Event event = describe(out.at_write(action::kConfigChanged, key), key);
  event.how = "interface settings";
  out.give(std::move(event));
}

constexpr std::array kKeys = {"SYSTEM\\ControlSet*\\Services\\Tcpip\\Parameters\\Interfaces\\*"sv,
                              "SYSTEM\\ControlSet*\\Services\\Tcpip\\Parameters\\Interfaces\\*\\*"sv};
constexpr std::array kFields = {FieldSpec{"address", "", "IP address of the interface"},
                                FieldSpec{"gateway", "", "default gateway"}, FieldSpec{"dns", "", "name servers"},
                                FieldSpec{"domain", "", "DNS domain"},
                                FieldSpec{"dhcp_server", "", "server that gave the lease"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-2000-server/cc938245(v=technet.10)"sv};

}  // namespace

extern const RegistryPlugin registry_interfaces;
constinit const RegistryPlugin registry_interfaces{
    .id = "windows.registry.interfaces",
    .version = 1,
    .title_en = "Network interfaces and DHCP leases",
    .title_ja = "ネットワークインターフェースとDHCPリース",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
