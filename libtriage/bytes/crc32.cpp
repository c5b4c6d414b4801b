// SPDX-License-Identifier: Apache-2.0
#include "bytes/crc32.h"

#include <zlib.h>

namespace triage {

std::uint32_t crc32(Bytes data, std::uint32_t seed) {
  const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(data.data()));
  return static_cast<std::uint32_t>(::crc32_z(seed, bytes, data.size()));
}

}  // namespace triage
