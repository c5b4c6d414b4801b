// SPDX-License-Identifier: Apache-2.0
// RecentDocs: documents and folders opened from Explorer, in order, per extension too. A value holds the name in
// UTF-16LE, then a shell item of its link. Only the newest was opened at the key's last write.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  const std::vector<std::string> order = mru_order(key);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto value = key.value(order[i]);
    if (!value) continue;
    std::string name = utf16le_zstring(value->data());
    if (name.empty()) {
      out.fault(DamageKind::kRange, *value, "an entry without a name");
      continue;
    }
    Event event = i == 0 ? out.at_write(action::kFileOpened, key, *value) : out.about(action::kFileOpened, key, *value);
    if (i == 0) event.when_meaning = Meaning::kAccessed;
    event.object_kind = ascii_lower(key.name()) == "folder" ? "directory" : "file";
    event.object = std::move(name);
    event.how = "recent documents";
    event.attribute("mru_position", std::uint64_t{i});
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs"sv,
                              "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\*"sv};
constexpr std::array kFields = {FieldSpec{"mru_position", "count", "0 is the most recent"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/explorer-keys/Most-recently-used.html"sv};

}  // namespace

extern const RegistryPlugin registry_recentdocs;
constinit const RegistryPlugin registry_recentdocs{
    .id = "windows.registry.recentdocs",
    .version = 1,
    .title_en = "Recent documents (RecentDocs)",
    .title_ja = "最近使ったファイル(RecentDocs)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
