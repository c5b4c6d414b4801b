// SPDX-License-Identifier: Apache-2.0
// Deflate (RFC 1951), measured (where it ends, how much came out, its CRC-32; memory: 64 KiB) or kept.
#pragma once

#include <cstdint>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

enum class DeflateEnd : std::uint8_t {
  kWhole,   ///< the last block ended
  kRanOut,  ///< the data ended first
  kBroken,  ///< the bits are not deflate
  kLimit,   ///< more came out than `most` allows
};

struct DeflateMeasure {
  DeflateEnd end = DeflateEnd::kBroken;
  std::uint64_t consumed = 0;  ///< bytes of the data that were used
  std::uint64_t produced = 0;  ///< bytes that came out
  std::uint32_t crc = 0;       ///< CRC-32 of what came out
};

/// Raw deflate at the start of `data`; stops after `most` bytes have come out.
DeflateMeasure measure_deflate(Bytes data, std::uint64_t most);
/// The same with the header and Adler-32 of RFC 1950, both checked.
DeflateMeasure measure_zlib(Bytes data, std::uint64_t most);

/// Raw deflate, its content appended to `out`; at most `most` bytes of it are kept.
DeflateMeasure inflate_into(Bytes data, std::uint64_t most, std::vector<std::byte>& out);

}  // namespace triage
