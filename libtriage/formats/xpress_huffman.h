// SPDX-License-Identifier: Apache-2.0
// XPRESS with Huffman (MS-XCA §2.2, LZ77+Huffman): how Windows 10 packs prefetch files, WIM and hibernation files.
#pragma once

#include <cstddef>
#include <string>

#include "bytes/cursor.h"

namespace triage {

/// What came out before the end or the first fault.
struct XpressResult {
  std::string output;
  bool complete = false;     ///< exactly the wanted number of bytes came out
  std::size_t fault_at = 0;  ///< byte of the input where it stopped; meaningful when not complete
  std::size_t stop_at = 0;   ///< bytes of the input that were read, the look-ahead of four bytes included
};

/// Decompresses `input` until `output_size` bytes are there. The output grows as it is made, up to `output_size`, which
/// the caller bounds: a match of a few bytes may stand for any length.
XpressResult xpress_huffman_decompress(Bytes input, std::size_t output_size);

}  // namespace triage
