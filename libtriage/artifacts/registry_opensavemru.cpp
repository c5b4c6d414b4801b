// SPDX-License-Identifier: Apache-2.0
// File dialogs: files opened or saved (OpenSavePidlMRU, per extension) and the program with its last folder
// (LastVisitedPidlMRU). XP keeps plain text (OpenSaveMRU, LastVisitedMRU). Only the newest has the key's last write.
//   OpenSavePidlMRU: an ITEMIDLIST      LastVisitedPidlMRU: program in UTF-16LE, NUL, an ITEMIDLIST
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// Program and what follows its terminator.
std::pair<std::string, Bytes> split_program(Bytes data) {
  std::string program = utf16le_zstring(data);
  std::size_t end = 0;
  while (end + 2 <= data.size() && (data[end] != std::byte{0} || data[end + 1] != std::byte{0})) end += 2;
  return {std::move(program), data.subspan(std::min(end + 2, data.size()))};
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string kind = ascii_lower(key.name());
  const bool visited = kind.starts_with("lastvisited");
  const bool cid = kind.starts_with("cidsize");
  const std::vector<std::string> order = mru_order(key);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto value = key.value(order[i]);
    if (!value) continue;
    Event event = i == 0 ? out.at_write(action::kFileOpened, key, *value) : out.about(action::kFileOpened, key, *value);
    if (i == 0) event.when_meaning = Meaning::kAccessed;
    event.how = visited || cid ? "file dialog: last folder of a program" : "file dialog";
    event.object_kind = visited ? "directory" : cid ? "program" : "file";
    Bytes list = value->data();
    if (value->type == regf_type::kSz) {
      event.object = value->text();
    } else {
      if (visited || cid) {
        auto [program, rest] = split_program(list);
        event.program = program;
        if (cid) event.object = program;
        list = rest;
      }
      if (!cid) {
        const ShellItemList items = parse_shell_items(list);
        event.object = shell_path(items);
        event.partial = event.partial || !items.complete;
        if (items.items.empty()) out.fault(DamageKind::kRange, *value, "no shell item can be read");
      }
    }
    if (event.object && event.object->empty()) event.object.reset();
    if (!cid) event.path = event.object;
    if (event.path && event.path->starts_with("\\\\")) event.channel = "share";
    event.attribute("mru_position", std::uint64_t{i});
    if (!visited && !cid) event.attribute("extension", key.name());
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\ComDlg32\\OpenSavePidlMRU\\*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\ComDlg32\\OpenSaveMRU\\*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\ComDlg32\\LastVisitedPidlMRU*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\ComDlg32\\LastVisitedMRU"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\ComDlg32\\CIDSizeMRU"sv};
constexpr std::array kFields = {FieldSpec{"mru_position", "count", "0 is the most recent"},
                                FieldSpec{"extension", "", "extension the dialog listed; * is all"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/explorer-keys/Most-recently-used.html"sv};

}  // namespace

extern const RegistryPlugin registry_opensavemru;
constinit const RegistryPlugin registry_opensavemru{
    .id = "windows.registry.opensavemru",
    .version = 1,
    .title_en = "File dialogs (OpenSave, LastVisited MRU)",
    .title_ja = "ファイルダイアログの履歴(OpenSave、LastVisited)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
