// SPDX-License-Identifier: Apache-2.0
// Installed programs as "Programs and Features" lists them. InstallDate is a local day, where there is one.
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// "20260410" as a day without a zone.
Timestamp day_of(const std::string& text) {
  Timestamp out;
  if (text.size() != 8 || text.find_first_not_of("0123456789") != std::string::npos) return out;
  out.raw = text;
  out.precision = Precision::kDay;
  out.utc_nanos = parse_time_text(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2));
  out.status = out.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

void read(const RegfKey& key, RegistryFacts& out) {
  const auto name = key.text("DisplayName");
  if (!name) return;
  Event event = out.at_write(action::kProgramInstalled, key);
  event.object_kind = "program";
  event.object = name;
  event.path = key.text("InstallLocation");
  event.how = "list of installed programs";
  add_text(event, "version", key.text("DisplayVersion"));
  add_text(event, "publisher", key.text("Publisher"));
  add_text(event, "install_source", key.text("InstallSource"));
  add_text(event, "uninstall", key.text("UninstallString"));
  if (const auto date = key.text("InstallDate")) {
    Event dated = event;
    dated.when = day_of(*date);
    dated.when_meaning = Meaning::kInstalled;
    if (dated.when.status != TimeStatus::kNotSet) out.give(std::move(dated));
  }
  out.give(std::move(event));
}

constexpr std::array kKeys = {"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*"sv,
                              "SOFTWARE\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*"sv,
                              "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*"sv};
constexpr std::array kFields = {FieldSpec{"version", "", "version"}, FieldSpec{"publisher", "", "publisher"},
                                FieldSpec{"install_source", "", "folder it was installed from"},
                                FieldSpec{"uninstall", "", "command that removes it"}};
constexpr std::array kReferences = {"https://learn.microsoft.com/en-us/windows/win32/msi/uninstall-registry-key"sv};

}  // namespace

extern const RegistryPlugin registry_uninstall;
constinit const RegistryPlugin registry_uninstall{
    .id = "windows.registry.uninstall",
    .version = 1,
    .title_en = "Installed programs (Uninstall)",
    .title_ja = "インストール済みプログラム(Uninstall)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
