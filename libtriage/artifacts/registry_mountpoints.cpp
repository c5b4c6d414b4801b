// SPDX-License-Identifier: Apache-2.0
// MountPoints2: volumes and shares that this user's Explorer has had in view; mapped drives (Network) and the history
// of the "Map network drive" dialog.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// "##server#share" as "\\server\share".
std::string share_name(std::string text) {
  for (char& c : text)
    if (c == '#') c = '\\';
  return text;
}

void set_share(Event& event, const std::string& share) {
  event.object_kind = "share";
  event.object = share;
  event.remote = share;
  event.channel = "share";
}

void read_mapped(const RegfKey& key, RegistryFacts& out) {
  const auto remote = key.text("RemotePath");
  if (!remote) return;
  Event event = out.at_write(action::kNetworkConnected, key);
  set_share(event, *remote);
  event.how = "mapped drive";
  event.attribute("drive", key.name());
  add_text(event, "user_name", key.text("UserName"));
  add_text(event, "provider", key.text("ProviderName"));
  out.give(std::move(event));
}

void read_dialog(const RegfKey& key, RegistryFacts& out) {
  const auto order = mru_order(key);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto value = key.value(order[i]);
    if (!value || !value->text()) continue;
    Event event = i == 0 ? out.at_write(action::kNetworkConnected, key, *value)
                         : out.about(action::kNetworkConnected, key, *value);
    set_share(event, *value->text());
    event.how = "map network drive dialog";
    event.attribute("mru_position", std::uint64_t{i});
    out.give(std::move(event));
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string parent = key.parent() ? ascii_lower(key.parent()->name()) : "";
  if (parent == "network") return read_mapped(key, out);
  if (ascii_lower(key.name()) == "map network drive mru") return read_dialog(key, out);
  const std::string name = key.name();
  if (name == "CPC" || name.empty()) return;
  Event event = out.at_write(action::kDeviceConnected, key);
  event.how = "MountPoints2";
  if (name.starts_with("##")) {
    event.what = action::kNetworkConnected;
    set_share(event, share_name(name));
  } else {
    event.object_kind = "volume";
    event.object = name;
    if (name.starts_with("{")) event.volume = name;
  }
  add_text(event, "label", key.text("_LabelFromReg"));
  out.give(std::move(event));
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\MountPoints2\\*"sv, "NTUSER\\Network\\*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\Map Network Drive MRU"sv};
constexpr std::array kFields = {FieldSpec{"drive", "", "drive letter the share is mapped to"},
                                FieldSpec{"user_name", "", "account used for the share, where another was given"},
                                FieldSpec{"provider", "", "network provider"},
                                FieldSpec{"label", "", "label Explorer keeps for it"},
                                FieldSpec{"mru_position", "count", "0 is the most recent"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/explorer-keys/Mount-points.html"sv,
    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/winreg_plugins/mountpoints.py"sv};

}  // namespace

extern const RegistryPlugin registry_mountpoints;
constinit const RegistryPlugin registry_mountpoints{
    .id = "windows.registry.mountpoints",
    .version = 1,
    .title_en = "Mount points, mapped drives and shares of a user",
    .title_ja = "ユーザーのマウントポイントとネットワークドライブ",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
