// SPDX-License-Identifier: Apache-2.0
// FeatureUsage: how often this user launched, switched to or opened the jump list of programs of the taskbar (Windows
// 10 1903 and later). Counts only: values carry no time of their own.
#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  for (const RegfValue& value : key.values()) {
    const auto count = value.integer();
    if (!count) continue;
    Event event = out.about(action::kProgramRun, key, value);
    event.object_kind = "program";
    event.object = value.name;
    event.how = "taskbar: " + key.name();
    event.attribute("use_count", *count);
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\FeatureUsage\\App*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\FeatureUsage\\ShowJumpView"sv};
constexpr std::array kFields = {FieldSpec{"use_count", "count", "times used"}};
constexpr std::array kReferences = {
    "https://www.crowdstrike.com/blog/how-to-employ-featureusage-for-windows-10-taskbar-forensics/"sv};

}  // namespace

extern const RegistryPlugin registry_featureusage;
constinit const RegistryPlugin registry_featureusage{
    .id = "windows.registry.featureusage",
    .version = 1,
    .title_en = "Taskbar use by program (FeatureUsage)",
    .title_ja = "タスクバーの使用回数(FeatureUsage)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
