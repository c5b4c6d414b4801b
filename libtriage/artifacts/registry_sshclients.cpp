// SPDX-License-Identifier: Apache-2.0
// WinSCP and PuTTY: saved sessions and the host keys of servers connected to. Names are escaped as %20.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) {
      out += *byte;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return decode_name(out);
}

void read_host_keys(const RegfKey& key, std::string_view program, RegistryFacts& out) {
  const auto values = key.values();
  for (const RegfValue& value : values) {
    // "ssh-ed25519@22:server"
    const std::size_t at = value.name.find('@');
    const std::size_t colon = at == std::string::npos ? at : value.name.find(':', at);
    if (colon == std::string::npos) {
      out.fault(DamageKind::kRange, value, "a host key without algorithm, port and host");
      continue;
    }
    Event event = values.size() == 1 ? out.at_write(action::kNetworkConnected, key, value)
                                     : out.about(action::kNetworkConnected, key, value);
    event.object_kind = "host";
    event.object = unescape(value.name.substr(colon + 1));
    event.remote = event.object;
    event.program = program;
    event.channel = "remote";
    event.how = "host key kept after a connection";
    event.attribute("algorithm", value.name.substr(0, at));
    event.attribute("port", value.name.substr(at + 1, colon - at - 1));
    out.give(std::move(event));
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string path = ascii_lower(out.full_path(key));
  const std::string_view program = path.find("martin prikryl") != std::string::npos ? "winscp"sv : "putty"sv;
  if (path.ends_with("hostkeys")) return read_host_keys(key, program, out);
  const auto host = key.text("HostName");
  if (!host) return;
  Event event = out.at_write(action::kConfigChanged, key);
  event.object_kind = "session";
  event.object = unescape(key.name());
  event.remote = host;
  event.program = program;
  event.channel = "remote";
  event.how = "saved session";
  add_text(event, "user_name", key.text("UserName"));
  if (const auto port = key.integer("PortNumber")) event.attribute("port", std::to_string(*port));
  add_text(event, "key_file", key.text("PublicKeyFile"));
  add_text(event, "remote_directory", key.text("RemoteDirectory"));
  add_text(event, "local_directory", key.text("LocalDirectory"));
  event.attribute("password_saved", key.value("Password") ? "yes" : "no");
  out.give(std::move(event));
}

constexpr std::array kKeys = {"NTUSER\\Software\\Martin Prikryl\\WinSCP 2\\Sessions\\*"sv,
                              "NTUSER\\Software\\Martin Prikryl\\WinSCP 2\\SshHostKeys"sv,
                              "NTUSER\\Software\\SimonTatham\\PuTTY\\Sessions\\*"sv,
                              "NTUSER\\Software\\SimonTatham\\PuTTY\\SshHostKeys"sv};
constexpr std::array kFields = {FieldSpec{"algorithm", "", "algorithm of the host key"},
                                FieldSpec{"port", "", "port of the server"},
                                FieldSpec{"user_name", "", "account on the server"},
                                FieldSpec{"key_file", "", "private key used"},
                                FieldSpec{"remote_directory", "", "last folder on the server"},
                                FieldSpec{"local_directory", "", "last folder on this machine"},
                                FieldSpec{"password_saved", "", "whether a password is kept (never its text)"}};
constexpr std::array kReferences = {"https://winscp.net/eng/docs/config"sv,
                                    "https://the.earth.li/~sgtatham/putty/0.78/htmldoc/Chapter4.html"sv};

}  // namespace

extern const RegistryPlugin registry_sshclients;
constinit const RegistryPlugin registry_sshclients{
    .id = "windows.registry.sshclients",
    .version = 1,
    .title_en = "WinSCP and PuTTY sessions and host keys",
    .title_ja = "WinSCP・PuTTYのセッションとホスト鍵",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
