// SPDX-License-Identifier: Apache-2.0
// One .xz stream in memory, by liblzma. Only this file's source knows that library.
#pragma once

#include <optional>
#include <string>

#include "bytes/cursor.h"

namespace triage {

/// Content of the .xz stream that `data` begins with; nullopt on damage, or where it is more than `limit` bytes or
/// needs more than 80 MiB of memory.
std::optional<std::string> xz_decompress(Bytes data, std::size_t limit);

}  // namespace triage
