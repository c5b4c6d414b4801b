// SPDX-License-Identifier: Apache-2.0
// CRC-32 of ISO 3309 (PNG, ZIP, gzip, 7z, RAR5, xz, EVTX …): reflected 0x04c11db7, inverted in and out.
#pragma once

#include <cstdint>

#include "bytes/cursor.h"

namespace triage {

/// `seed` is the value for the bytes before (0 at the start). Pure.
std::uint32_t crc32(Bytes data, std::uint32_t seed = 0);

}  // namespace triage
