// SPDX-License-Identifier: Apache-2.0
#include "engine/preview_text.h"

#include <algorithm>
#include <array>

#include "bytes/text.h"
#include "formats/peek.h"
#include "unpack/unpack.h"

namespace triage {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;  // of a text that are looked at

struct TextType {
  std::string_view type;
  const char* charset;  ///< ICU converter; nullptr: decode_name()
  bool markup;
};
constexpr auto kTexts = std::to_array<TextType>({
    {"text", nullptr, false},
    {"text-cp932", "windows-31j", false},
    {"text-euc-jp", "EUC-JP", false},
    {"text-iso2022jp", "ISO-2022-JP", false},
    {"text-8bit", "windows-1252", false},
    {"html", nullptr, true},
    {"xml", nullptr, true},
    {"eml", nullptr, false},
    {"mbox", nullptr, false},
    {"json", nullptr, false},
    {"ics", nullptr, false},
    {"vcard", nullptr, false},
});

struct PartName {
  std::string_view type;
  std::string_view part;
};
constexpr auto kParts = std::to_array<PartName>({
    {"docx", "word/document.xml"},
    {"xlsx", "xl/sharedStrings.xml"},
    {"pptx", "ppt/slides/slide1.xml"},
    {"odt", "content.xml"},
    {"ods", "content.xml"},
    {"odp", "content.xml"},
});

/// Keeps the beginning of one member.
class OnePart final : public UnpackSink {
 public:
  explicit OnePart(std::string_view wanted) : wanted_(wanted) {}
  bool member(const UnpackedMember& member) override {
    if (member.name != wanted_) return true;
    text = std::string(as_chars(part(member.content, 0, kMostBytes)));
    return false;
  }
  void damage(DamageKind, std::uint64_t, std::string_view, std::string) override {}  // told when it is unpacked
  std::optional<std::string> text;

 private:
  std::string_view wanted_;
};

std::string_view entity(std::string_view name) {
  if (name == "lt") return "<";
  if (name == "gt") return ">";
  if (name == "amp") return "&";
  if (name == "quot") return "\"";
  return name == "nbsp" ? " " : std::string_view();
}

/// What stands between the tags; of <style> and <script> nothing does. A tag parts words.
std::string without_markup(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '<') {
      const std::string head = ascii_lower(text.substr(at, 8));
      const char* end = head.starts_with("<style")    ? "</style"
                        : head.starts_with("<script") ? "</script"
                        : head.starts_with("<!--")    ? "-->"
                                                      : nullptr;
      std::size_t close = at;
      if (end != nullptr) close = text.find(end, at);
      close = close == std::string_view::npos ? close : text.find('>', close);
      if (close == std::string_view::npos) break;
      // Runs of one paragraph in OOXML are parted by <w:r> and <w:t> alone.
      if (!head.starts_with("<w:r") && !head.starts_with("</w:r") && !head.starts_with("<w:t") &&
          !head.starts_with("</w:t"))
        out += ' ';
      at = close + 1;
      continue;
    }
    const std::size_t semicolon = text[at] == '&' ? text.substr(at, 8).find(';') : std::string_view::npos;
    const std::string_view meant =
        semicolon == std::string_view::npos ? std::string_view() : entity(text.substr(at + 1, semicolon - 1));
    out += meant.empty() ? text.substr(at, 1) : meant;
    at += meant.empty() ? 1 : semicolon + 1;
  }
  return out;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string joined(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

void mask(std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    std::size_t digits = 0;
    while (end < text.size() && (is_digit(text[end]) || (digits > 0 && text[end] == '-')))
      digits += is_digit(text[end++]) ? 1 : 0;
    if (digits >= 4)
      std::replace_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(end),
                      is_digit, '*');
    i = std::max(end, i + 1);
  }
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1))
    for (std::size_t i = at; i > 0 && !is_blank(text[i - 1]) && text[i - 1] != '<' && text[i - 1] != '"'; --i)
      text[i - 1] = '*';
}

/// At most so many characters, cut between two of them.
std::string first_characters(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80;
    if (begins && ++count > kPreviewCharacters) return std::string(text.substr(0, at)) + "…";
  }
  return std::string(text);
}

std::optional<std::string> decoded(std::string_view type, Bytes content) {
  const Bytes head = part(content, 0, kMostBytes);
  if (type == "text-utf16") {
    const bool big = has_at(head, 0, "\xfe\xff");
    const bool marked = big || has_at(head, 0, "\xff\xfe");
    const Bytes body = head.subspan(marked ? 2 : 0);
    return big ? utf16be_to_utf8(body) : utf16le_to_utf8(body);
  }
  for (const TextType& text : kTexts) {
    if (text.type != type) continue;
    const std::string_view raw = as_chars(head);
    std::optional<std::string> out;
    // A character that the limit cut in two must not spoil the rest.
    for (std::size_t drop = 0; text.charset != nullptr && !out && drop < 4 && drop < raw.size(); ++drop)
      out = decode_charset(raw.substr(0, raw.size() - drop), text.charset);
    if (!out) out = to_valid_utf8(raw);
    return text.markup ? without_markup(*out) : *out;
  }
  for (const PartName& known : kParts) {
    if (known.type != type) continue;
    OnePart sink(known.part);
    UnpackBudget budget;
    unpack(content, "zip", "", budget, sink);
    if (sink.text) return without_markup(to_valid_utf8(*sink.text));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> preview_text(std::string_view type, Bytes content) {
  const auto whole = decoded(type, content);
  if (!whole) return std::nullopt;
  std::string_view text = *whole;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::string out = joined(text);
  mask(out);
  out = first_characters(out);
  if (out.empty() || out == " ") return std::nullopt;
  return out;
}

}  // namespace triage
