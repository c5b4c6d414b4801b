// SPDX-License-Identifier: Apache-2.0
// What the path of a browser's database says, and the parts of a URL that events carry.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace triage {

struct BrowserProfile {
  std::optional<std::string> user;     ///< the name of the home folder, as found
  std::optional<std::string> program;  ///< "chrome" "edge" "brave" "chromium" "opera" "vivaldi" "firefox" …
  std::optional<std::string> profile;  ///< folder of the profile: "Default", "abcd1234.default-release"
};

/// Read from the path of a file inside its evidence.
BrowserProfile browser_profile(std::string_view path);

/// Host of "scheme://user@host:port/…"; nullopt where there is none (file:, about:, data:).
std::optional<std::string> url_host(std::string_view url);
/// True for http, https and ftp.
bool is_web_url(std::string_view url);

}  // namespace triage
