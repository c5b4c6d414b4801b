// SPDX-License-Identifier: Apache-2.0
// Thumbnail: a small JPEG of a picture, for the report's contact sheet. Made where the picture was found, in a
// scanner's sandbox; what leaves it is a new file of pixels, never a byte of the picture. Only this file's source knows
// libjpeg-turbo (TurboJPEG) and libpng.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

inline constexpr std::uint32_t kThumbnailSide = 160;         ///< pixels, the longer side at most
inline constexpr std::size_t kThumbnailBytes = 6 * 1024;     ///< at most
inline constexpr std::uint64_t kThumbnailPixels = 80 << 20;  ///< of a picture; larger ones have none

struct Thumbnail {
  std::uint32_t width = 0;  ///< of the thumbnail
  std::uint32_t height = 0;
  std::uint32_t source_width = 0;  ///< of the picture
  std::uint32_t source_height = 0;
  std::string jpeg;
};

/// True for types (type_by_content()) that make_thumbnail() decodes.
bool has_thumbnail(std::string_view type);

/// nullopt where the picture does not decode at all, or is larger than the limits. What a broken picture still shows
/// is shown.
std::optional<Thumbnail> make_thumbnail(std::string_view type, Bytes content);

}  // namespace triage
