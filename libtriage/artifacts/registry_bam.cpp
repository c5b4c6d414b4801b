// SPDX-License-Identifier: Apache-2.0
// Background and desktop activity moderators: last run of each program by each account (Windows 10 1709 and later).
//   value := FILETIME last run, …
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    if (value.type != regf_type::kBinary) continue;  // Version, SequenceNumber
    if (value.data().size() < 8) {
      out.fault(DamageKind::kTruncated, value, fmt::format("a last run of {} bytes", value.data().size()));
      continue;
    }
    ByteCursor c(value.data());
    Event event = out.about(action::kProgramRun, key, value);
    event.when = from_filetime(c.le<std::uint64_t>("last run"));
    event.when_meaning = Meaning::kRun;
    event.sid = key.name();
    event.object_kind = "program";
    event.object = value.name;
    event.path = value.name;
    event.how = "activity moderator";
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"SYSTEM\\ControlSet*\\Services\\bam\\State\\UserSettings\\S-1-*"sv,
                              "SYSTEM\\ControlSet*\\Services\\bam\\UserSettings\\S-1-*"sv,
                              "SYSTEM\\ControlSet*\\Services\\dam\\State\\UserSettings\\S-1-*"sv,
                              "SYSTEM\\ControlSet*\\Services\\dam\\UserSettings\\S-1-*"sv};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/Background-activity-moderator.html"sv};

}  // namespace

extern const RegistryPlugin registry_bam;
constinit const RegistryPlugin registry_bam{
    .id = "windows.registry.bam",
    .version = 1,
    .title_en = "Last run of programs by account (BAM, DAM)",
    .title_ja = "アカウント別プログラム最終実行(BAM、DAM)",
    .keys = kKeys,
    .fields = {},
    .references = kReferences,
    .read = read,
};

}  // namespace triage
