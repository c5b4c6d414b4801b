// SPDX-License-Identifier: Apache-2.0
// One NTFS file record on its own, without the volume it belongs to: "FILE", update sequence, attributes.
//   record := header(48) update_sequence attribute* ffffffff        little-endian; 1 KiB or 4 KiB
// Spec: Microsoft, MFT/ATTRIBUTE_RECORD_HEADER structures; libyal/libfsntfs, "New Technologies File System" §6-§8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes/cursor.h"
#include "model/stream.h"

namespace triage {

/// Number and sequence of a file record.
struct MftReference {
  std::uint64_t number = 0;
  std::uint16_t sequence = 0;
  auto operator<=>(const MftReference&) const = default;
};

struct MftName {
  MftReference parent;
  EntryTimes times;
  std::string name;                       ///< UTF-8
  std::uint8_t space = 0;                 ///< 0 POSIX, 1 Win32, 2 DOS, 3 both
  std::uint64_t allocated = 0, size = 0;  ///< bytes; true in an index, in a file record often 0
  std::uint32_t flags = 0;                ///< FILE_ATTRIBUTE_*, 0x10000000 for a folder
  bool operator==(const MftName&) const = default;
};

/// A run of clusters; `lcn` absent: a hole.
struct MftRun {
  std::optional<std::uint64_t> lcn;
  std::uint64_t count = 0;
};

struct MftAttribute {
  std::uint32_t type = 0;
  std::uint16_t id = 0;
  std::uint16_t flags = 0;  ///< 1 compressed, 4000 encrypted, 8000 sparse
  std::string name;         ///< UTF-8
  bool resident = true;
  std::string value;            ///< of resident ones
  std::uint64_t first_vcn = 0;  ///< the rest: of the others
  std::uint64_t next_vcn = 0;
  std::uint64_t allocated = 0;  ///< bytes; like size and valid only stated where first_vcn is 0
  std::uint64_t size = 0;
  std::uint64_t valid = 0;
  std::vector<MftRun> runs;
  bool sound = true;  ///< false: the runs break off
};

struct MftRecord {
  std::uint64_t place = 0;              ///< first byte in the image
  std::optional<std::uint32_t> number;  ///< the record's own word; NTFS 3.1 and later
  std::uint16_t sequence = 0;
  bool in_use = false;
  bool directory = false;
  bool has_attribute_list = false;               ///< some of its attributes lie in extension records
  std::uint16_t links = 0;                       ///< names that count as hard links
  MftReference base;                             ///< number 0 and sequence 0: this is a base record
  std::optional<EntryTimes> times;               ///< $STANDARD_INFORMATION; the three that follow, too
  std::optional<std::uint32_t> file_attributes;  ///< FILE_ATTRIBUTE_*
  std::optional<std::uint32_t> security_id;      ///< entry of $Secure; NTFS 3.0 and later
  std::optional<std::uint64_t> usn;              ///< of the last record in the change journal; 0 without a journal
  std::vector<MftName> names;
  std::vector<MftAttribute> attributes;  ///< $DATA, $INDEX_ALLOCATION and $INDEX_ROOT only
};

inline constexpr std::uint32_t kMftData = 0x80;
inline constexpr std::uint32_t kMftIndexRoot = 0x90;
inline constexpr std::uint32_t kMftIndexAllocation = 0xa0;

/// The record's whole size in bytes as its head states it (512 to 4096); nullopt where `head` (at least 48 bytes) is
/// the head of none.
std::optional<std::size_t> mft_record_size(Bytes head);

/// Parses `raw`, exactly one record. nullopt where the signature, the size or the update sequence do not hold.
std::optional<MftRecord> parse_mft_record(Bytes raw);

/// The same for a record as memory and the log hold it: its true bytes, without an update sequence, perhaps only as far
/// as it is used. nullopt where `raw` does not begin with a record's head.
std::optional<MftRecord> parse_mft_record_plain(Bytes raw);

/// A $FILE_NAME value as file records, indexes and the log hold it; nullopt where it is cut or has no name. Bytes
/// behind it are left alone.
std::optional<MftName> parse_mft_name(Bytes value);
/// 0x42 bytes before the name.
inline constexpr std::size_t kMftNameHeader = 0x42;

/// Mapping pairs (libfsntfs §8.5). `*sound` is false where they break off or leave the numbers that can be.
std::vector<MftRun> parse_mft_runs(Bytes raw, bool* sound);

/// Undoes the update sequence of `block` ("FILE" or "INDX"); false where a sector was not written with the others.
bool undo_update_sequence(std::vector<std::byte>& block);

/// The name to show: the long one where there are several; nullptr without any.
const MftName* best_name(const MftRecord& record);

}  // namespace triage
