// SPDX-License-Identifier: Apache-2.0
// What a batch of the sweep hands over besides records: content that lies in no slot, and previews of kept files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/records.h"

namespace triage {

/// What a person sees of a recovered file without opening it. Made by a scanner, kept in case.db so that a report needs
/// nothing but the case.
struct PreviewRecord {
  std::string sha256;       ///< of the file it shows
  std::string media;        ///< "image/jpeg" or "text/plain"
  std::uint32_t width = 0;  ///< pixels of the thumbnail; 0 for text
  std::uint32_t height = 0;
  std::uint32_t source_width = 0;  ///< pixels of the picture
  std::uint32_t source_height = 0;
  std::string content;  ///< a JPEG of at most 6 KiB, or well-formed UTF-8 of at most 1 KiB
};

/// Content that was unpacked, to be kept like an OutputRecord's.
struct ContentRecord {
  OutputRecord as;  ///< slot_offset and more are not looked at
  std::string content;
};

struct BatchExtras {
  std::vector<ContentRecord> contents;
  std::vector<PreviewRecord> previews;
  [[nodiscard]] bool empty() const { return contents.empty() && previews.empty(); }
};

}  // namespace triage
