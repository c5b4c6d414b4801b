// SPDX-License-Identifier: Apache-2.0
#include "report/html_writer.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "bytes/text.h"
#include "report/section_recovered.h"

namespace triage {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;

/// U+FFFE and U+FFFF are well-formed UTF-8 but no characters of XML.
constexpr std::string_view kNonCharacterFffe = "\xEF\xBF\xBE";
constexpr std::string_view kNonCharacterFfff = "\xEF\xBF\xBF";

bool is_allowed_attribute(std::string_view name) {
  static constexpr std::array kAllowed = std::to_array<std::string_view>(
      {"alt",  "aria-label", "charset",      "checked",     "class",       "content", "data-label",
       "dy",   "fill",       "fill-opacity", "font-size",   "font-weight", "for",     "height",
       "href", "http-equiv", "id",           "lang",        "name",        "role",    "scope",
       "src",  "stroke",     "stroke-width", "text-anchor", "type",        "viewBox", "width",
       "x",    "x1",         "x2",           "y",           "y1",          "y2"});
  return std::find(kAllowed.begin(), kAllowed.end(), name) != kAllowed.end();
}

/// A picture inside the page itself, never one to be fetched.
bool is_thumbnail(std::string_view source) {
  constexpr std::string_view kPrefix = "data:image/jpeg;base64,";
  return source.starts_with(kPrefix) &&
         source.substr(kPrefix.size())
                 .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
             std::string_view::npos;
}

}  // namespace

std::string escape_html(std::string_view text) {
  const std::string shown = escape_terminal(text);
  std::string out;
  out.reserve(shown.size() + shown.size() / 8);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    switch (shown[i]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\xEF':
        if (shown.compare(i, 3, kNonCharacterFffe) == 0 || shown.compare(i, 3, kNonCharacterFfff) == 0) {
          out += shown[i + 2] == '\xBE' ? "\\u{fffe}" : "\\u{ffff}";
          i += 2;
          break;
        }
        out.push_back(shown[i]);
        break;
      default: out.push_back(shown[i]);
    }
  }
  return out;
}

std::string_view cut_text(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  // A code point has at most three bytes after its first.
  for (int step = 0; step < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U; ++step) --end;
  return text.substr(0, end);
}

void HtmlWriter::flush() {
  if (status_ && !buffer_.empty()) status_ = sink_(buffer_);
  buffer_.clear();
}

HtmlWriter& HtmlWriter::raw(std::string_view text) {
  buffer_ += text;
  written_ += text.size();
  if (buffer_.size() >= kBufferBytes) flush();
  return *this;
}

void HtmlWriter::attributes(Attributes list) {
  for (const Attribute& attribute : list) {
    TRIAGE_CHECK(is_allowed_attribute(attribute.name));
    TRIAGE_CHECK(attribute.name != "href" || attribute.value.starts_with('#') || is_kept_path(attribute.value));
    TRIAGE_CHECK(attribute.name != "src" || is_thumbnail(attribute.value));
    if (attribute.value.empty()) continue;
    const bool words = filter_ && (attribute.name == "aria-label" || attribute.name == "data-label");
    raw(" ").raw(attribute.name).raw("=\"");
    raw(escape_html(words ? shown(attribute.value) : attribute.value)).raw("\"");
  }
}

HtmlWriter& HtmlWriter::open(std::string_view tag, Attributes list) {
  raw("<").raw(tag);
  attributes(list);
  open_.emplace_back(tag);
  return raw(">");
}

HtmlWriter& HtmlWriter::close(std::string_view tag) {
  TRIAGE_CHECK(!open_.empty() && open_.back() == tag);
  open_.pop_back();
  return raw("</").raw(tag).raw(">");
}

HtmlWriter& HtmlWriter::empty(std::string_view tag, Attributes list) {
  raw("<").raw(tag);
  attributes(list);
  return raw(" />");
}

HtmlWriter& HtmlWriter::text(std::string_view text) {
  if (watch_) watch_(text);
  return raw(escape_html(filter_ ? shown(text) : text));
}

HtmlWriter& HtmlWriter::evidence(std::string_view text, std::size_t limit) {
  // Masked before it is cut: half a name is still a name.
  const std::string masked = filter_ ? shown(text) : std::string();
  const std::string_view whole = filter_ ? std::string_view(masked) : text;
  const std::string_view begin = cut_text(whole, limit);
  raw("<bdi>").raw(escape_html(begin)).raw("</bdi>");
  if (begin.size() != whole.size()) raw("…");
  return *this;
}

HtmlWriter& HtmlWriter::code(std::string_view text, std::size_t limit) {
  return open("code").evidence(text, limit).close("code");
}

Status HtmlWriter::finish() {
  TRIAGE_CHECK(open_.empty());
  flush();
  return status_;
}

}  // namespace triage
