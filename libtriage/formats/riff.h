// SPDX-License-Identifier: Apache-2.0
// RIFF: chunks in chunks (AVI, WAV, WEBP).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

struct RiffChunk {
  std::string_view id;     ///< four characters; views the data
  std::uint64_t at = 0;    ///< of its content
  std::uint32_t size = 0;  ///< of its content, without padding; may reach past the data
};

struct RiffWalk {
  std::vector<RiffChunk> chunks;  ///< in order, at most 65536
  std::uint64_t end = 0;          ///< where the walk stopped: the span's end when all chunks hold
  bool broken = false;            ///< a chunk's name or size cannot be
  bool ran_out = false;           ///< the data ended first
};

/// Walks the chunks of data[begin, end), each padded to two bytes. `end` may lie past the data.
RiffWalk walk_riff(Bytes data, std::uint64_t begin, std::uint64_t end);

}  // namespace triage
