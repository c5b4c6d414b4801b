// SPDX-License-Identifier: Apache-2.0
// Spec: W3C, Extensible Markup Language (XML) 1.0, §2.4, §3.1, §4.1, §4.6.
#include "formats/xml_scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr auto kEntities = std::to_array<std::pair<std::string_view, char>>(
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}});
constexpr std::string_view kBlanks = " \t\r\n";

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

/// "&#38;" or "&#x26;" at the front of `text`: its length, 0 when it is none.
std::size_t character_reference(std::string_view text, std::string& out) {
  if (!text.starts_with("&#")) return 0;
  const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  std::uint32_t code = 0;
  std::size_t i = hex ? 3 : 2;
  const std::size_t first = i;
  for (; i < text.size() && i < first + 7; ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!digit && !(hex && lower >= 'a' && lower <= 'f')) break;
    code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit ? c - '0' : lower - 'a' + 10);
  }
  if (i == first || i >= text.size() || text[i] != ';') return 0;
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 0;
  append_utf8(out, code);
  return i + 1;
}

/// Place of the ">" that ends a tag, not one inside a value; npos when there is none.
std::size_t tag_end(std::string_view tag) {
  char quote = '\0';
  for (std::size_t i = 0; i < tag.size(); ++i) {
    const char c = tag[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i;
    }
  }
  return std::string_view::npos;
}

/// What is passed over, and how it ends.
constexpr auto kPassed = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}});

}  // namespace

std::string xml_unescape(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty() && out.size() < most) {
    std::size_t taken = 0;
    if (text.front() == '&') {
      for (const auto& [entity, plain] : kEntities) {
        if (!text.starts_with(entity)) continue;
        out += plain;
        taken = entity.size();
        break;
      }
      if (taken == 0) taken = character_reference(text, out);
    }
    if (taken == 0) out += text.front();
    text.remove_prefix(std::max<std::size_t>(taken, 1));
  }
  return to_valid_utf8(out);
}

std::optional<std::string> XmlTag::attribute(std::string_view wanted) const {
  std::string_view rest = attributes;
  while (true) {
    const std::size_t begin = rest.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(begin);
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string_view found = rest.substr(0, equals);
    found = found.substr(0, std::min(found.size(), found.find_last_not_of(kBlanks) + 1));
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(kBlanks)));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return std::nullopt;
    const std::size_t close = rest.find(rest.front(), 1);
    if (close == std::string_view::npos) return std::nullopt;
    if (found == wanted) return xml_unescape(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
}

bool XmlScan::next(XmlTag& tag) {
  tag = {};
  while (true) {
    const std::size_t begin = xml_.find('<', at_);
    if (begin == std::string_view::npos) return false;
    const std::string_view rest = xml_.substr(begin);
    const auto passed =
        std::find_if(kPassed.begin(), kPassed.end(), [rest](const auto& one) { return rest.starts_with(one.first); });
    const std::size_t end = passed != kPassed.end() ? rest.find(passed->second, passed->first.size()) : tag_end(rest);
    if (end == std::string_view::npos) {
      cut_ = true;
      at_ = xml_.size();
      return false;
    }
    at_ = begin + end + (passed != kPassed.end() ? passed->second.size() : 1);
    if (passed != kPassed.end()) continue;
    std::string_view inner = rest.substr(1, end - 1);
    const bool ends = inner.starts_with('/');
    if (ends) inner.remove_prefix(1);
    const bool empty = !ends && inner.ends_with('/');
    if (empty) inner.remove_suffix(1);
    tag.name = inner.substr(0, inner.find_first_of(kBlanks));
    tag.attributes = inner.substr(tag.name.size());
    tag.opens = !ends;
    tag.closes = ends || empty;
    tag.at = begin;
    tag.end = at_;
    tag.text = xml_.substr(at_, xml_.find('<', at_) - at_);
    return true;
  }
}

}  // namespace triage
