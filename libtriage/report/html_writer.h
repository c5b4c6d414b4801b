// SPDX-License-Identifier: Apache-2.0
// HtmlWriter: the only code that emits text into report.html. Text is hostile unless it is ours: markup is escaped,
// control bytes, bidi controls and invalid UTF-8 are shown as \xNN or \u{NNNN}, and nothing from evidence ever becomes
// a tag, an attribute name or a link target. The output is well-formed XML as well as HTML.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace triage {

/// What stands between tags for `text`: never markup, always well-formed UTF-8 on any number of lines.
std::string escape_html(std::string_view text);

/// The first `limit` bytes of `text`, cut at a code point.
std::string_view cut_text(std::string_view text, std::size_t limit);

class HtmlWriter {
 public:
  using Sink = std::function<Status(std::string_view)>;
  /// Names are ours; values are escaped.
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  using Attributes = std::initializer_list<Attribute>;

  static constexpr std::size_t kShownBytes = 600;  ///< of one text of evidence; the whole text is in case.db

  explicit HtmlWriter(Sink sink) : sink_(std::move(sink)) {}

  /// `watch` gets every text() as it is written: the page's own words.
  void watch(std::function<void(std::string_view)> watch) { watch_ = std::move(watch); }
  /// Every text, ours and the evidence's, goes through `filter` before it is escaped.
  void filter(std::function<std::string(std::string_view)> filter) { filter_ = std::move(filter); }

  /// REQUIRES: an href begins with "#" or is_kept_path(): the report links into itself and to files of its case; a src
  /// is a picture inside the page.
  HtmlWriter& open(std::string_view tag, Attributes attributes = {});
  /// Closes the tag opened last. REQUIRES: it is `tag`.
  HtmlWriter& close(std::string_view tag);
  HtmlWriter& empty(std::string_view tag, Attributes attributes = {});
  HtmlWriter& text(std::string_view text);
  /// Text of evidence, isolated so that right-to-left letters do not reorder what stands beside it.
  HtmlWriter& evidence(std::string_view text, std::size_t limit = kShownBytes);
  /// Same, in the typeface of paths, hashes and commands.
  HtmlWriter& code(std::string_view text, std::size_t limit = kShownBytes);
  HtmlWriter& newline() { return raw("\n"); }

  HtmlWriter& element(std::string_view tag, std::string_view content, Attributes attributes = {}) {
    return open(tag, attributes).text(content).close(tag);
  }
  HtmlWriter& link(std::string_view anchor, std::string_view content) {
    return element("a", content, {{"href", anchor}});
  }
  /// The document's only style sheet; compiled in, never from evidence.
  HtmlWriter& style(std::string_view sheet) { return raw("<style>").raw(sheet).raw("</style>\n"); }
  HtmlWriter& doctype() { return raw("<!DOCTYPE html>\n"); }

  /// Hands the rest to the sink. The first failure of the sink, if any. REQUIRES: every tag is closed.
  Status finish();
  [[nodiscard]] std::uint64_t bytes_written() const { return written_; }

 private:
  HtmlWriter& raw(std::string_view text);
  void attributes(Attributes list);
  void flush();

  [[nodiscard]] std::string shown(std::string_view text) const { return filter_ ? filter_(text) : std::string(text); }

  Sink sink_;
  std::function<void(std::string_view)> watch_;
  std::function<std::string(std::string_view)> filter_;
  std::string buffer_;
  std::vector<std::string> open_;
  std::uint64_t written_ = 0;
  Status status_;
};

}  // namespace triage
