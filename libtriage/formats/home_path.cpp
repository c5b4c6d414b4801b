// SPDX-License-Identifier: Apache-2.0
// References: RFC 3986 (percent-encoding), RFC 8089 (file URLs).
#include "formats/home_path.h"

#include <array>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr auto kHomes = std::to_array<std::string_view>({"/users/", "/home/", "/documents and settings/"});

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> home_owner(std::string_view path) {
  const std::string rooted = path.starts_with('/') ? std::string(path) : "/" + std::string(path);  // of a folder
  const std::string lower = ascii_lower(rooted);
  for (const std::string_view home : kHomes) {
    const std::size_t at = lower.find(home);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + home.size();
    const std::size_t end = rooted.find('/', begin);
    if (end == std::string::npos || end == begin) continue;
    return rooted.substr(begin, end - begin);
  }
  if (lower.starts_with("/root/")) return "root";
  return std::nullopt;
}

std::string_view path_name(std::string_view path) {
  const std::size_t at = path.find_last_of("/\\");
  return at == std::string_view::npos ? path : path.substr(at + 1);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && text.size() - i > 2 ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (!low) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return to_valid_utf8(out);
}

std::optional<std::string> file_url_path(std::string_view url) {
  if (ascii_lower(url.substr(0, 5)) != "file:") return std::nullopt;
  url.remove_prefix(5);
  if (url.starts_with("///")) {
    url.remove_prefix(2);
  } else if (url.starts_with("//localhost/")) {
    url.remove_prefix(std::string_view("//localhost").size());
  }
  std::string out = percent_decoded(url);
  if (out.size() > 2 && out[0] == '/' && out[2] == ':') out.erase(0, 1);  // a drive letter
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace triage
