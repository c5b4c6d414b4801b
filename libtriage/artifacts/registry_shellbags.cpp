// SPDX-License-Identifier: Apache-2.0
// ShellBags: folders this user's Explorer has shown, on disks, removable media, shares, phones and in archives.
//   BagMRU: each numbered value is one shell item, the subkey of that number holds what lies below it.
// Only the item that MRUListEx names first was opened at the key's last write; the others were before. The FAT stamps
// of an item are those of the folder when the item was made.
// Spec: libyal/winreg-kb, "MRU keys"; libyal/libfwsi, "Windows Shell Item format".
#include <algorithm>
#include <array>

#include "artifacts/registry_plugin.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kNotListed = ~std::size_t{0};

std::string raw_of(const std::optional<Timestamp>& stamp) { return stamp ? stamp->text().value_or("") : std::string{}; }

void give(const RegfKey& key, const RegfValue& value, const ShellItemList& items, std::size_t position,
          RegistryFacts& out) {
  const ShellItem& item = items.items.back();
  Event event =
      position == 0 ? out.at_write(action::kFileOpened, key, value) : out.about(action::kFileOpened, key, value);
  if (position == 0) event.when_meaning = Meaning::kAccessed;
  event.object_kind = item.kind == ShellItemKind::kVolume ? "volume" : "directory";
  std::string path = shell_path(items);
  if (path.empty()) path = item.guid.empty() ? item.name : "{" + item.guid + "}";
  event.object = path;
  if (!path.empty()) event.path = path;
  if (path.starts_with("\\\\")) event.channel = "share";
  event.how = "Explorer window";
  event.attribute("item_kind", shell_item_kind_name(item.kind));
  if (position != kNotListed) event.attribute("mru_position", std::uint64_t{position});
  add_text(event, "item_created", raw_of(item.created));
  add_text(event, "item_modified", raw_of(item.modified));
  add_text(event, "item_accessed", raw_of(item.accessed));
  if (item.inode) event.attribute("target_inode", *item.inode);
  if (item.sequence) event.attribute("target_sequence", std::uint64_t{*item.sequence});
  if (!items.complete) event.partial = true;
  out.give(std::move(event));
}

void walk(const RegfKey& key, ShellItemList& above, RegistryFacts& out) {
  if (above.items.size() >= kMaxDepth) return;
  const std::vector<std::string> order = mru_order(key);
  for (const RegfValue& value : key.values()) {
    if (value.name.empty() || value.name.find_first_not_of("0123456789") != std::string::npos) continue;
    const ShellItemList one = parse_shell_items(value.data());
    if (one.items.empty()) {
      out.fault(DamageKind::kRange, value, "no shell item can be read");
      continue;
    }
    const auto place = std::find(order.begin(), order.end(), value.name);
    above.items.push_back(one.items.front());
    above.complete = one.complete;
    give(key, value, above, place == order.end() ? kNotListed : static_cast<std::size_t>(place - order.begin()), out);
    if (const auto below = key.subkey(value.name)) walk(*below, above, out);
    above.items.pop_back();
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  ShellItemList above;
  above.complete = true;
  walk(key, above, out);
}

constexpr std::array kKeys = {"NTUSER\\Software\\Microsoft\\Windows\\Shell\\BagMRU"sv,
                              "NTUSER\\Software\\Microsoft\\Windows\\ShellNoRoam\\BagMRU"sv,
                              "USRCLASS\\Local Settings\\Software\\Microsoft\\Windows\\Shell\\BagMRU"sv,
                              "USRCLASS\\Local Settings\\Software\\Microsoft\\Windows\\ShellNoRoam\\BagMRU"sv};
constexpr std::array kFields = {FieldSpec{"item_kind", "", "kind of shell item"},
                                FieldSpec{"mru_position", "count", "0 is the most recent"},
                                FieldSpec{"item_created", "", "FAT stamp of the item: folder created"},
                                FieldSpec{"item_modified", "", "FAT stamp of the item: folder changed"},
                                FieldSpec{"item_accessed", "", "FAT stamp of the item: folder accessed"},
                                FieldSpec{"target_inode", "count", "MFT entry of the folder"},
                                FieldSpec{"target_sequence", "count", "sequence number of that entry"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/explorer-keys/Most-recently-used.html"sv,
    "https://github.com/libyal/libfwsi/blob/main/documentation/Windows%20Shell%20Item%20format.asciidoc"sv};

}  // namespace

extern const RegistryPlugin registry_shellbags;
constinit const RegistryPlugin registry_shellbags{
    .id = "windows.registry.shellbags",
    .version = 1,
    .title_en = "Folders shown by Explorer (ShellBags)",
    .title_ja = "Explorerで表示したフォルダー(ShellBags)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
