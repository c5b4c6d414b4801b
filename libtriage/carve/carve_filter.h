// SPDX-License-Identifier: Apache-2.0
// CarveFilter: which of the files that were found are wanted. It never changes what is found: the search itself looks
// for everything, so that a thumbnail inside a document is not taken for a picture because documents were not asked
// for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "carve/carver.h"

namespace triage {

/// What a format is for; the words that `--only` takes.
enum class FormatGroup : std::uint8_t {
  kDocs,
  kPictures,
  kVideo,
  kAudio,
  kArchives,
  kDatabases,
  kMail,
  kSystem,
  kPrograms,
  kKeys,
  kNetwork,
  kDisks,
  kFonts,
  kOther,  ///< a carver that nobody has sorted yet
};
inline constexpr std::size_t kFormatGroupCount = 14;
/// "docs", "pictures" …
std::string_view format_group_name(FormatGroup group);

struct CarveFilter {
  /// Extensions ("docx", "jpg") or ids of carvers whose extension is another word ("jpeg", "ole"); none: all.
  std::vector<std::string> types;
  std::vector<FormatGroup> groups;  ///< none: all; where types are given too, either will do
  std::uint64_t min_size = 0;       ///< bytes

  [[nodiscard]] bool wants(const Carver& carver, std::string_view extension, std::uint64_t length) const;
  /// The same for content whose type was told by content ("jpeg", "docx"); an unknown type is wanted by no list.
  [[nodiscard]] bool wants_type(std::string_view type, std::uint64_t length) const;
};

/// What a file of this extension is for; that of the carver where the extension does not say otherwise.
FormatGroup group_of(const Carver& carver, std::string_view extension);

/// Words for `types`, sorted, each once.
std::vector<std::string> format_type_words();
/// Words for `groups`, in their order.
std::vector<std::string> format_group_words();

}  // namespace triage
