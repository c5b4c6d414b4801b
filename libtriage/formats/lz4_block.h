// SPDX-License-Identifier: Apache-2.0
// LZ4 blocks without a frame, as the systemd journal keeps them. Spec: lz4, "LZ4 Block Format Description".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bytes/cursor.h"

namespace triage {

/// What `block` unpacks to; nullopt unless that is exactly `size` bytes, and at most `limit`.
std::optional<std::string> lz4_block_decompress(Bytes block, std::uint64_t size, std::size_t limit);

}  // namespace triage
