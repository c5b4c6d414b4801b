// SPDX-License-Identifier: Apache-2.0
// Reading runs of an open file.
#pragma once

#include <cstdint>
#include <span>

#include "bytes/cursor.h"

namespace triage {

/// pread of all of `out`; gives what was read before an end or error (errno says; 0 at the end).
std::size_t read_file_at(int fd, std::uint64_t at, std::span<std::byte> out);

}  // namespace triage
