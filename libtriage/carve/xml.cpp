// SPDX-License-Identifier: Apache-2.0
// XML (also SVG, XHTML, plists, KML, GPX): tags are balanced to the one that closes the root; comments, CDATA and the
// document type are stepped over. White space behind the root belongs to the file.
//   file := [BOM] [xml declaration] misc* root misc*      Spec: W3C XML 1.0 (fifth edition) §2.1, §2.5–§2.8.
// UTF-16 documents end where their text ends.
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/text_extent.h"

namespace triage {

extern const Carver xml;

namespace {

using namespace std::string_view_literals;
struct Kind {
  std::string_view root;
  std::string_view extension;
};
constexpr auto kKinds = std::to_array<Kind>(
    {{"svg", "svg"}, {"html", "html"}, {"plist", "plist"}, {"kml", "kml"}, {"gpx", "gpx"}, {"rss", "rss"}});

class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  /// Steps over one piece of markup at the next "<"; false at the end of the root, or where it cannot go on.
  bool step() {
    at = text_.find('<', at);
    if (at == std::string_view::npos) {
      at = text_.size();
      return false;
    }
    if (is("<!--")) return jump("-->");
    if (is("<![CDATA[")) return depth > 0 && jump("]]>");
    if (is("<?")) return jump("?>");
    if (is("<!")) return jump_document_type();
    return tag();
  }

  std::size_t at = 0;
  std::size_t depth = 0;
  bool closed = false;
  std::string_view root;

 private:
  bool is(std::string_view what) const { return text_.substr(at).starts_with(what); }
  bool jump(std::string_view to) {
    const std::size_t end = text_.find(to, at);
    at = end == std::string_view::npos ? text_.size() : end + to.size();
    return end != std::string_view::npos;
  }
  bool jump_document_type() {
    const std::size_t end = text_.find_first_of("[>", at);
    if (end != std::string_view::npos && text_[end] == '[') {
      at = end;
      if (!jump("]")) return false;
    }
    return jump(">");
  }
  bool tag() {
    const bool closes = is("</");
    std::size_t end = at + 1;
    for (char quote = '\0'; end < text_.size(); ++end) {
      const char c = text_[end];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>' || c == '<') {
        break;
      }
    }
    if (end >= text_.size()) {
      at = text_.size();
      return false;
    }
    if (text_[end] == '<' || (closes && depth == 0)) return false;
    const bool empty = text_[end - 1] == '/';
    if (depth == 0) root = text_.substr(at + 1, text_.substr(at + 1).find_first_of(" \t\r\n/>"));
    if (!closes && !empty) ++depth;
    if (closes) --depth;
    at = end + 1;
    closed = depth == 0;
    return !closed;
  }

  std::string_view text_;
};

bool is_name_start(std::string_view root) {
  return !root.empty() && (root[0] == '_' || (root[0] | 0x20) >= 'a') && root.size() < 256;
}

CarveResult validate(Bytes data) {
  const TextExtent text = text_extent(data);
  if (has_at(data, 0, "\xff\xfe") || has_at(data, 0, "\xfe\xff")) {
    if (text.ran_out) return carve_more(data, "xml");
    return text.slack ? carve_whole(text.end, "xml") : carve_cut(text.end, "xml");
  }
  const std::string_view chars = as_chars(data.first(text.end));
  Walk walk(chars);
  while (walk.step()) {
  }
  if (!walk.root.empty() && !is_name_start(walk.root)) return {};
  std::string_view extension = "xml";
  const std::size_t colon = walk.root.find(':');
  const std::string_view local = colon == std::string_view::npos ? walk.root : walk.root.substr(colon + 1);
  for (const Kind& kind : kKinds)
    if (kind.root == local) extension = kind.extension;
  if (!walk.closed) {
    if (text.ran_out && walk.at >= chars.size()) return carve_more(data, extension);
    return walk.at > 40 && !walk.root.empty() ? carve_cut(text.slack ? text.end : walk.at, extension) : CarveResult{};
  }
  std::size_t end = walk.at;
  while (end < chars.size() && (chars[end] == ' ' || (chars[end] >= '\t' && chars[end] <= '\r'))) ++end;
  return carve_whole(end, extension);
}

constexpr CarveMagic kMagics[] = {{0, "<?xml "},
                                  {0, "\xef\xbb\xbf<?xml "},
                                  {0, "<svg "},
                                  {0, "\xff\xfe<\0?\0x\0m\0"sv},
                                  {0, "\xfe\xff\0<\0?\0x\0m"sv}};
constexpr std::string_view kReferences[] = {"W3C: XML 1.0 (fifth edition) §2"};

}  // namespace

constinit const Carver xml{
    .id = "xml",
    .extension = "xml",
    .title_en = "XML document (also SVG)",
    .title_ja = "XML 文書(SVG など)",
    .magics = kMagics,
    .min_length = ByteCount{24},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
