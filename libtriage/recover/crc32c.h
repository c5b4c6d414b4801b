// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli, RFC 3720 §12.1) as ext4 and jbd2 use it: reflected 0x1edc6f41, no inversion at the ends.
#pragma once

#include <cstdint>

#include "bytes/cursor.h"

namespace triage {

/// Continues `seed` over `data`. ext4 and jbd2 start with 0xffffffff and do not invert the result.
std::uint32_t crc32c(Bytes data, std::uint32_t seed);

}  // namespace triage
