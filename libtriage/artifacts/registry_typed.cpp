// SPDX-License-Identifier: Apache-2.0
// What this user typed: addresses in Explorer (TypedPaths), in Internet Explorer and Edge Legacy (TypedURLs, with their
// times in TypedURLsTime), commands (RunMRU), search words (WordWheelQuery; ACMru of XP). Of lists without times only
// the newest has the key's last write.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void give(Event event, std::string_view what, std::string_view kind, std::string text, std::size_t position,
          std::string_view how, RegistryFacts& out) {
  event.what = what;
  event.object_kind = kind;
  if (kind == "url") {
    event.remote = url_host(text);
    if (is_web_url(text)) event.channel = "web";
  }
  event.object = std::move(text);
  event.how = how;
  event.attribute("mru_position", std::uint64_t{position});
  out.give(std::move(event));
}

Event newest(const RegfKey& key, const RegfValue& value, bool first, Meaning meaning, RegistryFacts& out) {
  Event event = first ? out.at_write(action::kOther, key, value) : out.about(action::kOther, key, value);
  if (first) event.when_meaning = meaning;
  return event;
}

/// "url1", "url2" …: 1 is the newest.
void read_numbered(const RegfKey& key, bool paths, RegistryFacts& out) {
  const auto times = key.parent() ? key.parent()->subkey("TypedURLsTime") : std::nullopt;
  for (std::size_t i = 1; i <= 100; ++i) {
    const std::string name = "url" + std::to_string(i);
    const auto value = key.value(name);
    if (!value || !value->text()) continue;
    Event event = newest(key, *value, i == 1, Meaning::kTypedLast, out);
    const auto stamp = !paths && times ? times->value(name) : std::nullopt;
    if (const auto when = stamp ? stamp->filetime() : std::nullopt; when && when->status == TimeStatus::kOk) {
      event.when = *when;
      event.when_meaning = Meaning::kTypedLast;
    }
    give(std::move(event), paths ? action::kFileOpened : action::kUrlVisited, paths ? "directory" : "url",
         *value->text(), i - 1, paths ? "typed into Explorer" : "typed into the address bar", out);
  }
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string name = ascii_lower(key.name());
  if (name == "typedpaths" || name == "typedurls") return read_numbered(key, name == "typedpaths", out);
  const bool run = name == "runmru";
  std::vector<std::string> order = mru_order(key);
  if (order.empty() && !run)  // ACMru: "000" is the newest
    for (const RegfValue& value : key.values()) order.push_back(value.name);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto value = key.value(order[i]);
    if (!value) continue;
    std::string text = value->type == regf_type::kSz ? value->text().value_or("") : utf16le_zstring(value->data());
    if (run && text.ends_with("\\1")) text.resize(text.size() - 2);
    if (text.empty()) {
      // A search for nothing is two zero bytes.
      if (!run && value->data().size() > 2) out.fault(DamageKind::kRange, *value, "an entry without a text");
      continue;
    }
    give(newest(key, *value, i == 0, run ? Meaning::kRun : Meaning::kSearched, out),
         run ? action::kProgramRun : action::kSearchPerformed, run ? "command" : "search", std::move(text), i,
         run ? "typed into the Run dialog" : "searched in Explorer", out);
  }
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\TypedPaths"sv,
    "NTUSER\\Software\\Microsoft\\Internet Explorer\\TypedURLs"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RunMRU"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\WordWheelQuery"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\WordWheelQuery\\*"sv,
    "NTUSER\\Software\\Microsoft\\Search Assistant\\ACMru\\*"sv,
    "USRCLASS\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion\\AppContainer\\Storage\\microsoft.microsoftedge_8wekyb3d8bbwe\\MicrosoftEdge\\TypedURLs"sv};
constexpr std::array kFields = {FieldSpec{"mru_position", "count", "0 is the most recent"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/explorer-keys/Most-recently-used.html"sv,
    "https://winreg-kb.readthedocs.io/en/latest/sources/internet-explorer-keys/Typed-URLs.html"sv};

}  // namespace

extern const RegistryPlugin registry_typed;
constinit const RegistryPlugin registry_typed{
    .id = "windows.registry.typed",
    .version = 1,
    .title_en = "Typed paths, addresses, commands and search words",
    .title_ja = "入力されたパス・URL・コマンド・検索語",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
