// SPDX-License-Identifier: Apache-2.0
#include "recover/name_fits_type.h"

#include <algorithm>
#include <array>

#include "bytes/text.h"
#include "formats/file_type.h"

namespace triage {

namespace {

struct Alias {
  std::string_view type;
  std::string_view extension;
};

/// Extensions of a type beside its usual one.
constexpr std::array kAliases = {
    Alias{"jpeg", "jpeg"}, Alias{"jpeg", "jpe"},   Alias{"tiff", "tiff"}, Alias{"gzip", "tgz"}, Alias{"gzip", "svgz"},
    Alias{"pe", "dll"},    Alias{"pe", "sys"},     Alias{"pe", "ocx"},    Alias{"elf", ""},     Alias{"elf", "so"},
    Alias{"elf", "o"},     Alias{"elf", "ko"},     Alias{"ar", "a"},      Alias{"ar", "lib"},   Alias{"deb", "a"},
    Alias{"ese", "dat"},   Alias{"regf", ""},      Alias{"regf", "dat"},  Alias{"regf", "hve"}, Alias{"regf", "regf"},
    Alias{"sqlite", "db"}, Alias{"sqlite", "db3"}, Alias{"mpeg", "mpeg"}, Alias{"mkv", "webm"}, Alias{"zip", "jar"},
    Alias{"zip", "apk"},   Alias{"zip", "docx"},   Alias{"zip", "xlsx"},  Alias{"zip", "pptx"}, Alias{"zip", "odt"},
    Alias{"zip", "ods"},   Alias{"zip", "odp"},    Alias{"zip", "epub"},  Alias{"zip", "whl"},  Alias{"ole", "doc"},
    Alias{"ole", "xls"},   Alias{"ole", "ppt"},    Alias{"ole", "msg"},   Alias{"mp4", "m4a"},  Alias{"mp4", "m4v"},
    Alias{"mp4", "mov"},   Alias{"mov", "mp4"},    Alias{"mdb", "accdb"}, Alias{"pst", "ost"},  Alias{"ttf", "ttc"},
    Alias{"ogg", "oga"},   Alias{"ogg", "ogv"},    Alias{"pgp", "gpg"},
};

/// Extensions whose content begins with a signature, sorted.
constexpr std::array<std::string_view, 64> kSigned = {
    "7z",  "a",   "accdb", "amr", "apk",  "avi",  "avif", "bmp",   "bz2", "cab",  "deb", "doc",  "docx",
    "dwg", "elf", "epub",  "evt", "evtx", "exe",  "flac", "gif",   "gz",  "heic", "jar", "jp2",  "jpeg",
    "jpg", "ko",  "lnk",   "mdb", "mid",  "mkv",  "mov",  "mp4",   "msg", "o",    "odp", "ods",  "odt",
    "ogg", "otf", "pcap",  "pdf", "pf",   "png",  "ppt",  "pptx",  "psd", "pst",  "rar", "regf", "so",
    "tgz", "tif", "tiff",  "ttf", "wav",  "webp", "woff", "woff2", "xls", "xlsx", "xz",  "zip"};
static_assert(std::is_sorted(kSigned.begin(), kSigned.end()));

}  // namespace

std::string extension_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string() : ascii_lower(name.substr(dot + 1));
}

bool name_fits_type(std::string_view path, std::string_view type, bool is_text) {
  const std::string extension = extension_of(path);
  if (is_text) return !std::binary_search(kSigned.begin(), kSigned.end(), std::string_view(extension));
  if (type.empty()) return !extension.empty() && !std::binary_search(kSigned.begin(), kSigned.end(), extension);
  if (extension == type || extension == extension_of_type(type)) return true;
  return std::any_of(kAliases.begin(), kAliases.end(),
                     [&](const Alias& one) { return one.type == type && one.extension == extension; });
}

}  // namespace triage
