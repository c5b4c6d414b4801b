// SPDX-License-Identifier: Apache-2.0
// Office: files and places opened (File MRU, Place MRU; own stamp of each), documents last read and where, documents
// whose protection the user lifted (TrustRecords).
//   Item N := "[F00000000][T01D8…][O00000000]*C:\path"; T is a FILETIME in hex
//   TrustRecords value := FILETIME created, i64 zone bias, u32 opened in minutes since 1601, u32 0x7fffffff: content on
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxDigits = 16;

/// The FILETIME after "[T"; nullopt where there is none.
std::optional<std::uint64_t> item_stamp(const std::string& text) {
  const std::size_t at = text.find("[T");
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t out = 0;
  std::size_t digits = 0;
  for (std::size_t i = at + 2; i < text.size() && text[i] != ']'; ++i, ++digits) {
    const auto digit = std::string_view("0123456789abcdef").find(ascii_lower(text.substr(i, 1)));
    if (digit == std::string_view::npos || digits >= kMaxDigits) return std::nullopt;
    out = out << 4 | digit;
  }
  return digits == 0 ? std::nullopt : std::optional(out);
}

/// "Word" of …\Office\16.0\Word\….
std::string application(std::string key) {
  const std::size_t at = ascii_lower(key).find("\\office\\");
  if (at == std::string::npos) return {};
  key = key.substr(at + 8);
  key = key.substr(std::min(key.size(), key.find('\\') + 1));
  return key.substr(0, key.find('\\'));
}

void read_items(const RegfKey& key, bool place, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    const auto text = value.text();
    if (!text || !ascii_lower(value.name).starts_with("item ")) continue;
    const std::size_t star = text->find('*');
    Event event = out.about(action::kFileOpened, key, value);
    if (const auto raw = item_stamp(*text)) {
      event.when = from_filetime(*raw);
      event.when_meaning = Meaning::kAccessed;
    }
    event.object_kind = place ? "directory" : "file";
    event.object = star == std::string::npos ? *text : text->substr(star + 1);
    event.path = event.object;
    event.program = application(out.full_path(key));
    event.how = place ? "Office: recent places" : "Office: recent files";
    out.give(std::move(event));
  }
}

void read_trust(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    if (value.type != regf_type::kBinary) continue;
    ByteCursor c(value.data());
    const auto created = c.le<std::uint64_t>("created");
    c.skip(12, "bias, opened");
    const auto flags = c.le<std::uint32_t>("flags");
    if (!c.ok()) {
      out.fault(DamageKind::kTruncated, value, "a trust record is cut off");
      continue;
    }
    Event event = out.about(action::kFileOpened, key, value);
    event.when = from_filetime(created);
    event.when_meaning = Meaning::kLogged;
    event.object_kind = "file";
    event.object = value.name;
    event.path = value.name;
    event.program = application(out.full_path(key));
    event.how = "Office: protection lifted by the user";
    event.attribute("content", flags == 0x7fffffff ? "macros enabled" : "editing enabled");
    out.give(std::move(event));
  }
}

void read_reading(const RegfKey& key, RegistryFacts& out) {
  const auto path = key.text("File Path");
  if (!path) return;
  Event event = out.at_write(action::kFileOpened, key);
  event.when_meaning = Meaning::kAccessed;
  event.object_kind = "file";
  event.object = path;
  event.path = path;
  event.program = application(out.full_path(key));
  event.how = "Office: reading position";
  add_text(event, "position", key.text("Position"));
  add_text(event, "closed_local", key.text("Datetime"));
  out.give(std::move(event));
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string name = ascii_lower(key.name());
  if (name == "trustrecords") return read_trust(key, out);
  if (name == "file mru" || name == "place mru") return read_items(key, name == "place mru", out);
  read_reading(key, out);
}

constexpr std::array kKeys = {"NTUSER\\Software\\Microsoft\\Office\\*\\*\\File MRU"sv,
                              "NTUSER\\Software\\Microsoft\\Office\\*\\*\\Place MRU"sv,
                              "NTUSER\\Software\\Microsoft\\Office\\*\\*\\User MRU\\*\\File MRU"sv,
                              "NTUSER\\Software\\Microsoft\\Office\\*\\*\\User MRU\\*\\Place MRU"sv,
                              "NTUSER\\Software\\Microsoft\\Office\\*\\*\\Reading Locations\\*"sv,
                              "NTUSER\\Software\\Microsoft\\Office\\*\\*\\Security\\Trusted Documents\\TrustRecords"sv};
constexpr std::array kFields = {FieldSpec{"content", "", "what was enabled"},
                                FieldSpec{"position", "", "where reading stopped"},
                                FieldSpec{"closed_local", "", "local time the document was closed, as written"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/application-keys/Microsoft-Office.html"sv,
    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/winreg_plugins/officemru.py"sv};

}  // namespace

extern const RegistryPlugin registry_officemru;
constinit const RegistryPlugin registry_officemru{
    .id = "windows.registry.officemru",
    .version = 1,
    .title_en = "Microsoft Office: recent files, places, trusted documents",
    .title_ja = "Microsoft Office(最近のファイル・場所・信頼済み文書)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
