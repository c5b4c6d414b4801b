// SPDX-License-Identifier: Apache-2.0
// Reference: PKWARE APPNOTE.TXT 6.3.10 §4.3.7 (local file header); ECMA-376 part 2 (OPC names); ODF 1.3 part 2 §3.3.
#include "formats/zip_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace triage {
namespace {

constexpr std::string_view kLocalHeader = "PK\x03\x04";
constexpr std::size_t kMaxEntries = 256;  // looked at in one head
constexpr std::uint16_t kHasDescriptor = 0x0008;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kMimeTypes = {{
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    {"application/vnd.oasis.opendocument.presentation", "odp"},
    {"application/vnd.oasis.opendocument.graphics", "odg"},
    {"application/epub+zip", "epub"},
    {"application/vnd.oasis.opendocument.text-template", "odt"},
    {"application/vnd.oasis.opendocument.spreadsheet-template", "ods"},
    {"application/vnd.oasis.opendocument.presentation-template", "odp"},
}};

}  // namespace

void ZipKind::add(Bytes name_bytes, Bytes stored) {
  const std::string_view name = as_chars(name_bytes);
  if (name == "mimetype") {
    std::string_view content = as_chars(stored);
    while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.remove_suffix(1);
    for (const auto& [mime, type] : kMimeTypes)
      if (content == mime) mime_type_ = type;
  }
  if (name == "[Content_Types].xml") parts_ |= kContentTypes;
  if (name.starts_with("word/")) parts_ |= kWord;
  if (name.starts_with("xl/")) parts_ |= kSheet;
  if (name.starts_with("ppt/")) parts_ |= kSlides;
  if (name.starts_with("visio/")) parts_ |= kVisio;
  if (name == "META-INF/container.xml") parts_ |= kBook;
  if (name.ends_with(".fdseq")) parts_ |= kXps;
  if (name == "META-INF/MANIFEST.MF") parts_ |= kManifest;
  if (name == "AndroidManifest.xml" || name == "classes.dex") parts_ |= kAndroid;
  if (name.ends_with(".class")) parts_ |= kClass;
}

std::string_view ZipKind::type() const {
  if (!mime_type_.empty()) return mime_type_;
  const bool package = (parts_ & kContentTypes) != 0;
  if (package && (parts_ & kWord) != 0) return "docx";
  if (package && (parts_ & kSheet) != 0) return "xlsx";
  if (package && (parts_ & kSlides) != 0) return "pptx";
  if (package && (parts_ & kVisio) != 0) return "vsdx";
  if ((parts_ & kXps) != 0) return "xps";
  if ((parts_ & kBook) != 0) return "epub";
  if ((parts_ & kAndroid) != 0) return "apk";
  if ((parts_ & (kManifest | kClass)) != 0) return "jar";
  return "zip";
}

std::string_view zip_kind_of_head(Bytes head) {
  if (!has_at(head, 0, kLocalHeader)) return {};
  ZipKind kind;
  std::size_t at = 0;
  for (std::size_t entries = 0; entries < kMaxEntries && has_at(head, at, kLocalHeader); ++entries) {
    ByteCursor header(head.subspan(at));
    header.skip(6, "signature, version");
    const auto flags = header.le<std::uint16_t>("flags");
    const auto method = header.le<std::uint16_t>("method");
    header.skip(8, "time, crc");
    const auto compressed = header.le<std::uint32_t>("compressed_size");
    header.skip(4, "uncompressed_size");
    const auto name_length = header.le<std::uint16_t>("name_length");
    const auto extra_length = header.le<std::uint16_t>("extra_length");
    const Bytes name = header.take(name_length, "name");
    header.skip(extra_length, "extra");
    if (name.empty() && !header.ok()) break;
    const bool sized = (flags & kHasDescriptor) == 0;
    const Bytes rest = head.subspan(at + header.position());
    const Bytes content = sized && method == 0 ? rest.first(std::min<std::size_t>(rest.size(), compressed)) : Bytes{};
    kind.add(name, content);
    if (!header.ok()) break;
    at += header.position();
    if (sized && compressed <= head.size() - at) {
      at += compressed;
    } else {
      const std::size_t next = as_chars(head).find(kLocalHeader, at);
      if (next == std::string_view::npos) break;
      at = next;
    }
  }
  return kind.type();
}

}  // namespace triage
