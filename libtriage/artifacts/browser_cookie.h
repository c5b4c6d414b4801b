// SPDX-License-Identifier: Apache-2.0
// A cookie as events: when it was set and when it was last sent. Its value is never looked at.
#pragma once

#include <optional>
#include <string>

#include "artifacts/parser.h"
#include "formats/browser_profile.h"

namespace triage {

struct BrowserCookie {
  std::optional<std::string> host, name, path;
  Timestamp created, used, expires;  ///< not set where unknown
};

/// One or two events: one where it was used only when it was set. `start` has locator, record and marks.
void give_cookie(const BrowserCookie& cookie, Event start, const BrowserProfile& profile, EventSink& out);

}  // namespace triage
