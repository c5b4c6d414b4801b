// SPDX-License-Identifier: Apache-2.0
// The header block of a tar member, as the carver and the unpacker read it.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes/cursor.h"

namespace triage {

/// A number field (at least 8 bytes): octal digits, or GNU's base 256 where the top bit is set; nullopt for neither.
std::optional<std::uint64_t> tar_number(Bytes field);
/// True when the checksum at 148 is that of the header. REQUIRES: header.size() >= 512
bool tar_sum_holds(Bytes header);

}  // namespace triage
