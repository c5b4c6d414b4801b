// SPDX-License-Identifier: Apache-2.0
// XmlScan: tags and text of a small XML file, one after another. Nothing is fetched, defined or expanded but the five
// named entities and character references: no document types, no external parts, no depth.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace triage {

/// The five named entities and character references undone, as well-formed UTF-8 of at most `most` bytes.
std::string xml_unescape(std::string_view text, std::size_t most = 1 << 20);

struct XmlTag {
  std::string_view name;        ///< with its prefix: "mime:mime-type"
  std::string_view attributes;  ///< as found
  bool opens = false;           ///< "<name" …
  bool closes = false;          ///< "</name>" or "…/>"
  std::size_t at = 0;           ///< of "<", from the start of the text
  std::size_t end = 0;          ///< behind ">"
  std::string_view text;        ///< what stands between this tag and the next "<", as found

  /// The value of an attribute with its entities undone; nullopt when it is not there.
  [[nodiscard]] std::optional<std::string> attribute(std::string_view wanted) const;
};

/// Views `xml`, which must outlive it.
class XmlScan {
 public:
  explicit XmlScan(std::string_view xml) : xml_(xml) {}
  /// The next tag; comments, CDATA, instructions and declarations are passed over. False at the end or in a tag that
  /// does not end.
  bool next(XmlTag& tag);
  /// True when the text ended inside a tag.
  [[nodiscard]] bool cut() const { return cut_; }

 private:
  std::string_view xml_;
  std::size_t at_ = 0;
  bool cut_ = false;
};

}  // namespace triage
