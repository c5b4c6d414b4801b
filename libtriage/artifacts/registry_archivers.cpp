// SPDX-License-Identifier: Apache-2.0
// 7-Zip and WinRAR: archives opened or made and folders they were taken to, newest first. WinRAR numbers its values,
// 7-Zip keeps one list of texts. Only the newest has the key's last write.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void give(const RegfKey& key, const RegfValue& value, std::string text, std::size_t position, std::string_view program,
          RegistryFacts& out) {
  Event event =
      position == 0 ? out.at_write(action::kFileOpened, key, value) : out.about(action::kFileOpened, key, value);
  if (position == 0) event.when_meaning = Meaning::kAccessed;
  event.object = text;
  event.path = std::move(text);
  event.program = program;
  event.how = value.name.empty() || program == "winrar" ? key.name() : value.name;
  const std::string how = ascii_lower(*event.how);
  event.object_kind = how.find("arc") != std::string::npos ? "file" : "directory";
  event.attribute("mru_position", std::uint64_t{position});
  out.give(std::move(event));
}

/// Texts one after another, each ended by a NUL.
void read_list(const RegfKey& key, const RegfValue& value, RegistryFacts& out) {
  const std::string all = utf16le_to_utf8(value.data());
  std::size_t position = 0;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\0', begin), all.size());
    if (end > begin) give(key, value, all.substr(begin, end - begin), position++, "7-zip", out);
    begin = end + 1;
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  if (ascii_lower(out.full_path(key)).find("7-zip") != std::string::npos) {
    for (const std::string_view name : {"ArcHistory"sv, "PathHistory"sv, "FolderHistory"sv, "CopyHistory"sv})
      if (const auto value = key.value(name)) read_list(key, *value, out);
    return;
  }
  for (std::size_t i = 0; i < 100; ++i)
    if (const auto value = key.value(std::to_string(i)); value && value->text())
      give(key, *value, *value->text(), i, "winrar", out);
}

constexpr std::array kKeys = {"NTUSER\\Software\\7-Zip\\Compression"sv,
                              "NTUSER\\Software\\7-Zip\\Extraction"sv,
                              "NTUSER\\Software\\7-Zip\\FM"sv,
                              "NTUSER\\Software\\WinRAR\\ArcHistory"sv,
                              "NTUSER\\Software\\WinRAR\\DialogEditHistory\\ArcName"sv,
                              "NTUSER\\Software\\WinRAR\\DialogEditHistory\\ExtrPath"sv};
constexpr std::array kFields = {FieldSpec{"mru_position", "count", "0 is the most recent"}};
constexpr std::array kReferences = {
    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/winreg_plugins/winrar.py"sv,
    "https://github.com/ip7z/7zip/blob/main/CPP/7zip/UI/Common/ZipRegistry.cpp"sv};

}  // namespace

extern const RegistryPlugin registry_archivers;
constinit const RegistryPlugin registry_archivers{
    .id = "windows.registry.archivers",
    .version = 1,
    .title_en = "Archives opened by 7-Zip and WinRAR",
    .title_ja = "7-Zip・WinRARの書庫履歴",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
