// SPDX-License-Identifier: Apache-2.0
// ZipKind: which format keeps its parts in a ZIP, told from the names of the entries (and from the content of a stored
// `mimetype` entry). Shared by the type by content and the ZIP carver.
#pragma once

#include <cstdint>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

class ZipKind {
 public:
  /// One entry; `stored` is its content where it is at hand and not compressed, else empty.
  void add(Bytes name, Bytes stored);
  /// "docx" "xlsx" "pptx" "odt" "ods" "odp" "odg" "epub" "apk" "jar" "vsdx" "xps"; "zip" when it is a plain one.
  [[nodiscard]] std::string_view type() const;

 private:
  enum Part : std::uint32_t {
    kContentTypes = 1,
    kWord = 2,
    kSheet = 4,
    kSlides = 8,
    kVisio = 16,
    kManifest = 32,
    kAndroid = 64,
    kClass = 128,
    kXps = 256,
    kBook = 512,
  };
  std::uint32_t parts_ = 0;
  std::string_view mime_type_;
};

/// The kind of the ZIP that begins at `head`, from the local headers that lie in it; "" when it does not begin with
/// one.
std::string_view zip_kind_of_head(Bytes head);

}  // namespace triage
