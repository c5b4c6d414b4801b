// SPDX-License-Identifier: Apache-2.0
// Who the machine is: its name, zone, Windows version, install and shutdown times, last user at the logon screen.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void give_value(const RegfKey& key, std::string_view name, std::string_view kind, RegistryFacts& out) {
  const auto value = key.value(name);
  if (!value || value->shown().empty()) return;
  Event event = out.at_write(action::kConfigChanged, key, *value);
  event.object_kind = kind;
  event.object = value->shown();
  if (kind == "host") event.host = event.object;
  out.give(std::move(event));
}

void give_stamp(const RegfKey& key, std::string_view name, const Timestamp& when, MeaningSet meaning,
                std::string_view what, RegistryFacts& out) {
  const auto value = key.value(name);
  if (!value || when.status == TimeStatus::kNotSet) return;
  Event event = out.about(what, key, *value);
  event.when = when;
  event.when_meaning = meaning;
  event.object_kind = "system";
  for (const std::string_view field : {"ProductName"sv, "CurrentBuild"sv, "DisplayVersion"sv, "RegisteredOwner"sv})
    if (meaning == MeaningSet(Meaning::kInstalled)) add_text(event, ascii_lower(field), key.text(field));
  out.give(std::move(event));
}

void give_zone(const RegfKey& key, RegistryFacts& out) {
  const auto bias = key.value("ActiveTimeBias");
  auto name = key.text("TimeZoneKeyName");
  if (!name) name = key.text("StandardName");
  if (!bias && !name) return;
  Event event = bias ? out.at_write(action::kConfigChanged, key, *bias) : out.at_write(action::kConfigChanged, key);
  event.object_kind = "time zone";
  event.object = name;
  // Minutes to add to local time for UTC, signed.
  for (const std::string_view field : {"Bias"sv, "ActiveTimeBias"sv, "DaylightBias"sv})
    if (const auto number = key.integer(field))
      event.attribute(ascii_lower(field), std::to_string(static_cast<std::int32_t>(*number)));
  out.give(std::move(event));
}

void read(const RegfKey& key, RegistryFacts& out) {
  const std::string name = ascii_lower(key.name());
  if (name == "computername") give_value(key, "ComputerName", "host", out);
  if (name == "timezoneinformation") give_zone(key, out);
  if (name == "windows") {
    if (const auto value = key.value("ShutdownTime"))
      give_stamp(key, "ShutdownTime", value->filetime().value_or(Timestamp{}), Meaning::kEnded, action::kSystemStopped,
                 out);
  }
  if (name == "currentversion") {
    if (const auto seconds = key.integer("InstallDate"); seconds && *seconds != 0)
      give_stamp(key, "InstallDate", from_unix(static_cast<std::int64_t>(*seconds)), Meaning::kInstalled,
                 action::kProgramInstalled, out);
    if (const auto value = key.value("InstallTime"))
      give_stamp(key, "InstallTime", value->filetime().value_or(Timestamp{}), Meaning::kInstalled,
                 action::kProgramInstalled, out);
  }
  if (name != "logonui") return;
  const auto user = key.value("LastLoggedOnUser");
  if (!user || !user->text()) return;
  Event event = out.at_write(action::kLogonSucceeded, key, *user);
  event.object_kind = "account";
  event.object = user->text();
  event.who = user->text();
  event.sid = key.text("LastLoggedOnUserSID");
  event.how = "last user at the logon screen";
  out.give(std::move(event));
}

constexpr std::array kKeys = {
    "SYSTEM\\ControlSet*\\Control\\ComputerName\\ComputerName"sv, "SYSTEM\\ControlSet*\\Control\\TimeZoneInformation"sv,
    "SYSTEM\\ControlSet*\\Control\\Windows"sv, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"sv,
    "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Authentication\\LogonUI"sv};
constexpr std::array kFields = {
    FieldSpec{"productname", "", "name of the Windows edition"},
    FieldSpec{"currentbuild", "", "build number"},
    FieldSpec{"displayversion", "", "release name"},
    FieldSpec{"registeredowner", "", "owner given at installation"},
    FieldSpec{"bias", "minutes", "to add to standard local time for UTC"},
    FieldSpec{"activetimebias", "minutes", "to add to local time for UTC at the last write"},
    FieldSpec{"daylightbias", "minutes", "to add in summer"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/windows/win32/api/timezoneapi/ns-timezoneapi-dynamic_time_zone_information"sv,
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/Time-zones.html"sv};

}  // namespace

extern const RegistryPlugin registry_system;
constinit const RegistryPlugin registry_system{
    .id = "windows.registry.system",
    .version = 1,
    .title_en = "System identity: name, zone, version, installation, shutdown, last user",
    .title_ja = "システム情報(名称、時間帯、版、導入、停止、最終ユーザー)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
