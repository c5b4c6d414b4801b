// SPDX-License-Identifier: Apache-2.0
// Scheduled tasks as the scheduler caches them: when registered, when run last.
//   DynamicInfo := u32 version, FILETIME registered, FILETIME last started, u32 state, u32 last result
//                  [, FILETIME last finished] (28 bytes before Windows 10 1709, then 36)
// Spec: libyal/winreg-kb, "Task scheduler (or cached task) keys".
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kOldBytes = 28;

void read(const RegfKey& key, RegistryFacts& out) {
  const auto info = key.value("DynamicInfo");
  if (!info) return;
  if (info->data().size() < kOldBytes) {
    out.fault(DamageKind::kTruncated, *info, fmt::format("DynamicInfo has {} bytes", info->data().size()));
    return;
  }
  ByteCursor c(info->data());
  c.skip(4, "version");
  const auto registered = c.le<std::uint64_t>("registered");
  const auto started = c.le<std::uint64_t>("last started");
  c.skip(4, "state");
  const auto result = c.le<std::uint32_t>("last result");
  const std::uint64_t finished = c.remaining() >= 8 ? c.le<std::uint64_t>("last finished") : 0;
  struct Part {
    std::uint64_t raw;
    std::string_view what, how;
    Meaning meaning;
  };
  for (const Part& part : {Part{registered, action::kConfigChanged, "task registered", Meaning::kCreated},
                           Part{started, action::kTaskRun, "task last started", Meaning::kRun},
                           Part{finished, action::kTaskRun, "task last finished", Meaning::kEnded}}) {
    Event event = out.about(part.what, key, *info);
    event.when = from_filetime(part.raw);
    if (event.when.status == TimeStatus::kNotSet) continue;
    event.when_meaning = part.meaning;
    event.how = part.how;
    event.object_kind = "task";
    event.object = key.text("Path");
    event.attribute("task_id", key.name());
    if (part.raw != registered) event.attribute("last_result", fmt::format("{:#010x}", result));
    add_text(event, "author", key.text("Author"));
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\*"sv};
constexpr std::array kFields = {FieldSpec{"task_id", "", "GUID of the task"},
                                FieldSpec{"last_result", "hex", "result of the last run"},
                                FieldSpec{"author", "", "author as the task gives it"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/Task-scheduler.html"sv};

}  // namespace

extern const RegistryPlugin registry_taskcache;
constinit const RegistryPlugin registry_taskcache{
    .id = "windows.registry.taskcache",
    .version = 1,
    .title_en = "Scheduled tasks (TaskCache)",
    .title_ja = "タスクスケジューラのキャッシュ(TaskCache)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
