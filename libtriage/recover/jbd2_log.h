// SPDX-License-Identifier: Apache-2.0
// The journal of ext3 and ext4: every copy of a metadata block that its ring still holds, also of transactions that
// were checkpointed long ago.
//   log := superblock ( descriptor data* | revoke | commit )*      each one block, big-endian, magic c03b3998
// Handled: tags with 32 and 64 bit block numbers, checksums v1 (none per block), v2 and v3 (verified), escaped blocks.
// Not handled: a journal on another device, fast-commit areas (they hold no whole blocks).
// Spec: kernel Documentation/filesystems/ext4/journal.rst.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recover/image_bytes.h"

namespace triage {

/// One copy of a block of the file system.
struct JournalCopy {
  std::uint64_t block = 0;  ///< of the file system
  std::uint64_t place = 0;  ///< byte place of the copy in the image
  std::int64_t order = 0;   ///< of its transaction; larger is newer
  bool escaped = false;     ///< its first four bytes are the journal's magic and were put to zero
};

struct JournalLog {
  std::vector<JournalCopy> copies;               ///< by block, then by order
  std::map<std::int64_t, std::int64_t> commits;  ///< order → when the transaction was committed, ns since 1970
  std::uint64_t transactions = 0;                ///< different transactions met
  std::uint64_t bad_checksums = 0;               ///< copies left out, because newer bytes lie on them
  std::string fault;                             ///< why nothing (or not everything) was read; empty when whole
};

/// Reads the ring whose blocks lie at `places` (byte places in the image, in the journal's order). `block_size` is the
/// file system's. At most `max_copies` copies are kept.
JournalLog read_journal(ImageBytes& image, const std::vector<std::uint64_t>& places, std::uint32_t block_size,
                        std::size_t max_copies);

/// The block as the file system would see it: the escape is undone. nullopt where the image gives no bytes.
std::optional<std::vector<std::byte>> journal_block(ImageBytes& image, const JournalCopy& copy,
                                                    std::uint32_t block_size);

}  // namespace triage
