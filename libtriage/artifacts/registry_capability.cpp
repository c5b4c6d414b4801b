// SPDX-License-Identifier: Apache-2.0
// CapabilityAccessManager: which program used camera, microphone, location, USB, screen capture … and when (FILETIME).
// Names of programs outside the Store have # for backslashes.
#include <array>
#include <tuple>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

void read(const RegfKey& key, RegistryFacts& out) {
  const auto parent = key.parent();
  if (!parent || ascii_lower(key.name()) == "nonpackaged") return;
  const bool loose = ascii_lower(parent->name()) == "nonpackaged";
  const auto capability = loose ? parent->parent() : parent;
  std::string program = key.name();
  if (loose)
    for (char& c : program)
      if (c == '#') c = '\\';
  for (const auto& [name, meaning, how] : {std::tuple{"LastUsedTimeStart"sv, Meaning::kStarted, "use began"sv},
                                           std::tuple{"LastUsedTimeStop"sv, Meaning::kEnded, "use ended"sv}}) {
    const auto value = key.value(name);
    const auto raw = value ? value->integer() : std::nullopt;
    if (!raw || *raw == 0) continue;
    Event event = out.about(action::kProgramRun, key, *value);
    event.when = from_filetime(*raw);
    event.when_meaning = meaning;
    event.object_kind = "program";
    event.object = program;
    if (loose) event.path = program;
    event.how = how;
    if (capability) event.attribute("capability", capability->name());
    out.give(std::move(event));
  }
}

constexpr std::array kKeys = {
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\CapabilityAccessManager\\ConsentStore\\*\\*"sv,
    "NTUSER\\Software\\Microsoft\\Windows\\CurrentVersion\\CapabilityAccessManager\\ConsentStore\\*\\NonPackaged\\*"sv,
    "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CapabilityAccessManager\\ConsentStore\\*\\*"sv,
    "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CapabilityAccessManager\\ConsentStore\\*\\NonPackaged\\*"sv};
constexpr std::array kFields = {FieldSpec{"capability", "", "what was used: webcam, microphone, location …"}};
constexpr std::array kReferences = {
    "https://thinkdfir.com/2021/06/03/can-you-track-processes-accessing-the-camera-and-microphone-on-windows-10/"sv};

}  // namespace

extern const RegistryPlugin registry_capability;
constinit const RegistryPlugin registry_capability{
    .id = "windows.registry.capability",
    .version = 1,
    .title_en = "Use of camera, microphone and the like (CapabilityAccessManager)",
    .title_ja = "カメラ・マイク等の使用(CapabilityAccessManager)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
