// SPDX-License-Identifier: Apache-2.0
// UserAssist: programs and shortcuts this user started through Explorer; names are ROT13.
//   version 3 (XP): u32 session, u32 count + 5, FILETIME last run (16 bytes)
//   version 5 (7 and later): u32 session, u32 count, u32 focus count, u32 focus time in ms, …, 60: FILETIME (72 bytes)
// Spec: libyal/winreg-kb, "User Assist".
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kOldBytes = 16;
constexpr std::size_t kNewBytes = 72;

std::string rot13(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>('A' + (c - 'A' + 13) % 26);
  }
  return text;
}

struct Entry {
  std::uint32_t count = 0, focus_count = 0, focus_ms = 0;
  std::uint64_t last_run = 0;
};

Entry parse(Bytes data) {
  Entry out;
  ByteCursor c(data);
  c.skip(4, "session");
  out.count = c.le<std::uint32_t>("count");
  if (data.size() == kOldBytes) {
    out.count = out.count > 5 ? out.count - 5 : 0;  // XP begins to count at six
    out.last_run = c.le<std::uint64_t>("last run");
    return out;
  }
  out.focus_count = c.le<std::uint32_t>("focus count");
  out.focus_ms = c.le<std::uint32_t>("focus time");
  c.seek(60, "last run");
  out.last_run = c.le<std::uint64_t>("last run");
  return out;
}

void read(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    const std::string name = rot13(value.name);
    if (name.starts_with("UEME_CTL") || name.empty()) continue;
    const std::size_t size = value.data().size();
    if (size == 8) continue;  // UEME_CTLCUACount of XP and its like
    if (size != kOldBytes && size != kNewBytes) {
      out.fault(DamageKind::kRange, value, fmt::format("an entry of {} bytes is neither version 3 nor 5", size));
      continue;
    }
    const Entry entry = parse(value.data());
    Event event = out.about(action::kProgramRun, key, value);
    event.when = from_filetime(entry.last_run);
    event.when_meaning = Meaning::kRun;
    event.object_kind = "program";
    event.object = name;
    event.how = "started through Explorer";
    event.attribute("run_count", std::uint64_t{entry.count});
    if (size == kNewBytes) {
      event.attribute("focus_count", std::uint64_t{entry.focus_count});
      event.attribute("focus_ms", std::uint64_t{entry.focus_ms});
    }
    if (const auto parent = key.parent()) event.attribute("guid", parent->name());
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\UserAssist\\*\\Count"sv};
constexpr std::array kFields = {FieldSpec{"run_count", "count", "times started"},
                                FieldSpec{"focus_count", "count", "times its window had the focus"},
                                FieldSpec{"focus_ms", "milliseconds", "how long its windows had the focus"},
                                FieldSpec{"guid", "", "kind of entry: programs, shortcuts"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/explorer-keys/User-assist.html"sv};

}  // namespace

extern const RegistryPlugin registry_userassist;
constinit const RegistryPlugin registry_userassist{
    .id = "windows.registry.userassist",
    .version = 1,
    .title_en = "Programs started by a user (UserAssist)",
    .title_ja = "ユーザーが起動したプログラム(UserAssist)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
