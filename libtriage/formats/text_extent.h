// SPDX-License-Identifier: Apache-2.0
// Where text ends among other bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

struct TextExtent {
  std::size_t end = 0;   ///< the first byte that is no text: a control character other than white space and ESC
  bool ran_out = false;  ///< the data ended first
  bool slack = false;    ///< zeros stand from `end` to the next multiple of 512: how a file's last sector looks
};

/// Text in ASCII or a superset of it (UTF-8, 8-bit and double-byte sets), or UTF-16 where a byte order mark begins it.
TextExtent text_extent(Bytes data);

/// Finds `word` (lower-case ASCII) in `text` whatever the case of its letters; npos when it is not there.
std::size_t find_ignoring_case(std::string_view text, std::string_view word, std::size_t from = 0);
/// The last place; npos when it is not there.
std::size_t find_last_ignoring_case(std::string_view text, std::string_view word);

}  // namespace triage
