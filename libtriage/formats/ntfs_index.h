// SPDX-License-Identifier: Apache-2.0
// Index records of NTFS folders ($I30): the names they list, and the names that earlier listings left behind the last
// entry. Little-endian.
//   record := "INDX" u16 fixup_at u16 fixup_count u64 lsn u64 vcn node(16) fixups entry* slack     node counts from
//   0x18 entry  := u64 file u16 length u16 value_length u32 flags(1 has child, 2 last) value [child vcn]     value:
//   $FILE_NAME
// A removed entry is closed up or overwritten by the last entry's 16 bytes: of one in slack the value may be whole and
// its head not. Spec: libyal/libfsntfs, "New Technologies File System (NTFS)" §9 (index), §7.3 (file name).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/mft_record.h"

namespace triage {

struct IndexName {
  std::uint32_t at = 0;              ///< first byte of its $FILE_NAME value in the record
  std::optional<MftReference> file;  ///< unknown where the entry's head is overwritten
  MftName name;
};

struct IndexRecord {
  std::uint64_t lsn = 0;
  std::uint64_t vcn = 0;
  std::vector<IndexName> live;
  std::vector<IndexName> slack;  ///< without those that are also live in this record
  bool sound = true;             ///< false: the live entries break off before the last one
};

/// Bytes of the index record that begins at the start of `head` (at least 40 bytes), as its fixups count them: 512 to
/// 65536. nullopt where none begins there.
std::optional<std::size_t> index_record_size(Bytes head);

/// Reads exactly one record as it lies on the disk. nullopt where the signature or the update sequence do not hold.
std::optional<IndexRecord> read_index_record(Bytes raw);

/// The entry of a folder's index at the start of `raw` (file reference, lengths, value); nullopt where its lengths or
/// its name cannot be. Entries in an index root and in the log have the same form.
std::optional<IndexName> read_index_entry(Bytes raw);

/// True for a $FILE_NAME value that can be one: dates between 1980 and 2107 or not set, a name space, a name without
/// control characters.
bool plausible_name(const MftName& name);

}  // namespace triage
