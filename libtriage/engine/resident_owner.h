// SPDX-License-Identifier: Apache-2.0
// Whose content some bytes of an NTFS master file table are: short content lies in the file's own record.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes/cursor.h"

namespace triage {

/// Number of the base record whose resident $DATA holds the `length` bytes at `offset` of `table`; nullopt where no
/// such attribute holds all of them. `table` begins `table_offset` bytes into the master file table, with a record.
std::optional<std::uint64_t> resident_owner(Bytes table, std::uint64_t table_offset, std::uint64_t offset,
                                            std::uint64_t length);

}  // namespace triage
