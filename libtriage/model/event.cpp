// SPDX-License-Identifier: Apache-2.0
#include "model/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bytes/digest.h"
#include "bytes/json.h"

namespace triage {

bool is_action(std::string_view word) {
  static constexpr std::array kWords = {action::kFileCreated,    action::kFileModified,    action::kFileAccessed,
                                        action::kFileChanged,    action::kFileRenamed,     action::kFileDeleted,
                                        action::kFileRecycled,   action::kFileOpened,      action::kFileDownloaded,
                                        action::kFileSeen,       action::kProgramRun,      action::kProgramInstalled,
                                        action::kUrlVisited,     action::kSearchPerformed, action::kLogonSucceeded,
                                        action::kLogonFailed,    action::kLogonEnded,      action::kSystemStarted,
                                        action::kSystemStopped,  action::kClockChanged,    action::kLogCleared,
                                        action::kLogRecorded,    action::kDeviceConnected, action::kDeviceDisconnected,
                                        action::kConfigChanged,  action::kAccountChanged,  action::kNetworkConnected,
                                        action::kMessageSent,    action::kMessageReceived, action::kDocumentPrinted,
                                        action::kServiceStarted, action::kTaskRun,         action::kOther};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::string event_id(const Event& event, std::uint32_t ordinal) {
  return sha256_hex(fmt::format("{}\n{}\n{}", event.artifact, event.locator.text(), ordinal)).substr(0, 32);
}

std::string attributes_json(const Event& event) {
  JsonLine line;
  for (const Attribute& attribute : event.attributes) {
    if (attribute.is_number) {
      line.add_raw(attribute.name, attribute.value);
    } else {
      line.add(attribute.name, attribute.value);
    }
  }
  return line.finish();
}

}  // namespace triage
