// SPDX-License-Identifier: Apache-2.0
// RecentApps: programs this user started and the files they opened (Windows 10 1607 to 1709).
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  const auto value = key.value("LastAccessedTime");
  const auto raw = value ? value->integer() : std::nullopt;
  if (!raw || *raw == 0) return;
  const bool item = key.parent() && ascii_lower(key.parent()->name()) == "recentitems";
  Event event = out.about(item ? action::kFileOpened : action::kProgramRun, key, *value);
  event.when = from_filetime(*raw);
  event.when_meaning = item ? Meaning::kAccessed : Meaning::kRun;
  event.object_kind = item ? "file" : "program";
  event.object = key.text(item ? "Path" : "AppId");
  if (item) event.path = event.object;
  event.how = "recent apps";
  const auto app = item && key.parent() ? key.parent()->parent() : std::nullopt;
  if (app) event.program = app->text("AppId");
  add_text(event, "display_name", key.text("DisplayName"));
  add_number(event, "launches", key.integer("LaunchCount"));
  out.give(std::move(event));
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Search\\RecentApps\\*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Search\\RecentApps\\*\\RecentItems\\*"sv};
constexpr std::array kFields = {FieldSpec{"display_name", "", "name shown"},
                                FieldSpec{"launches", "count", "times started"}};
constexpr std::array kReferences = {"https://df-stream.com/2017/10/recentapps/"sv};

}  // namespace

extern const RegistryPlugin registry_recentapps;
constinit const RegistryPlugin registry_recentapps{
    .id = "windows.registry.recentapps",
    .version = 1,
    .title_en = "Recent apps and their files (RecentApps)",
    .title_ja = "最近使ったアプリとファイル(RecentApps)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
