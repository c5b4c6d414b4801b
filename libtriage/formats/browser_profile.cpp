// SPDX-License-Identifier: Apache-2.0
// References: Chromium docs/user_data_dir.md; Mozilla support "Profiles - Where Firefox stores your user data".
#include "formats/browser_profile.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bytes/text.h"
#include "formats/home_path.h"

namespace triage {
namespace {

constexpr auto kPrograms = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"/google/chrome", "chrome"},
    {"/google-chrome", "chrome"},
    {"com.google.chrome", "chrome"},
    {"/com.android.chrome/", "chrome"},
    {"/microsoft/edge", "edge"},
    {"/microsoft-edge", "edge"},
    {"/microsoft edge", "edge"},
    {"/brave", "brave"},
    {"/chromium", "chromium"},
    {"/vivaldi", "vivaldi"},
    {"/opera software/", "opera"},
    {"/com.operasoftware", "opera"},
    {"/yandex/", "yandex"},
    {"/waterfox", "waterfox"},
    {"/librewolf", "librewolf"},
    {"/tor browser/", "tor browser"},
    {"/thunderbird", "thunderbird"},
    {"firefox", "firefox"},
});

}  // namespace

BrowserProfile browser_profile(std::string_view path) {
  BrowserProfile out;
  const std::string lower = ascii_lower(path);
  out.user = home_owner(path);
  for (const auto& [part, program] : kPrograms) {
    if (lower.find(part) == std::string::npos) continue;
    out.program = std::string(program);
    break;
  }
  const std::size_t name = path.rfind('/');
  if (name != std::string_view::npos && name > 0) {
    const std::size_t parent = path.rfind('/', name - 1);
    const std::string_view folder = path.substr(parent == std::string_view::npos ? 0 : parent + 1,
                                                name - (parent == std::string_view::npos ? 0 : parent + 1));
    if (!folder.empty()) out.profile = std::string(folder);
  }
  return out;
}

std::optional<std::string> url_host(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme > 32) return std::nullopt;
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#\\"));
  if (const std::size_t user = rest.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  const std::size_t colon = rest.rfind(':');
  const std::size_t bracket = rest.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon))
    rest = rest.substr(0, colon);
  if (rest.empty()) return std::nullopt;
  return ascii_lower(rest);
}

bool is_web_url(std::string_view url) {
  const std::string scheme = ascii_lower(url.substr(0, std::min<std::size_t>(8, url.size())));
  return scheme.starts_with("http://") || scheme.starts_with("https://") || scheme.starts_with("ftp://");
}

}  // namespace triage
