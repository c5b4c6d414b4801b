// SPDX-License-Identifier: Apache-2.0
// What a path and a file URL say by themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace triage {

/// The account whose home folder `path` lies in, by the folder's name: "/home/eve/…", "/Users/eve/…",
/// "/Documents and Settings/eve/…", "/root/…". nullopt where it lies in none.
std::optional<std::string> home_owner(std::string_view path);

/// The last part of a path with `/` or `\`; the whole text where it has none.
std::string_view path_name(std::string_view path);

/// `text` with %XX undone (RFC 3986 §2.1) as well-formed UTF-8; what is no escape stays as it is.
std::string percent_decoded(std::string_view text);

/// The path of a "file:" URL, decoded; nullopt for other schemes. "file:///C:/a" gives "C:/a", "file://host/share/a"
/// gives "//host/share/a".
std::optional<std::string> file_url_path(std::string_view url);

}  // namespace triage
