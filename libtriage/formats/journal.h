// SPDX-License-Identifier: Apache-2.0
// systemd journal files: entries read object by object from the header on, so that a cut or damaged file gives every
// entry before and after the damage (libsystemd refuses such files).
//   file := header(208…) object*, each 8-byte aligned        object := u8 type, u8 flags, 6 bytes, u64 size, payload
//   data (1) := hash, links … "FIELD=value" (xz, lz4 or zstd by flags)    entry (3) := seqnum, times, boot id, items
// Little-endian. Regular and compact files, any hash (hashes are not needed). Spec: systemd, "Journal File Format".
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

struct JournalHeader {
  std::uint32_t incompatible_flags = 0;
  std::uint8_t state = 0;  ///< 0 offline, 1 online (open when copied), 2 archived
  std::string machine_id;  ///< 32 hex digits
  std::uint64_t header_size = 0;
  std::uint64_t arena_size = 0;
  std::uint64_t tail_object_at = 0;
  std::uint64_t entry_count = 0;
  std::uint64_t head_seqnum = 0, tail_seqnum = 0;
};
inline constexpr std::uint32_t kJournalCompact = 16;
inline constexpr std::uint32_t kJournalKnownFlags = 31;  ///< xz, lz4, keyed hash, zstd, compact

struct JournalEntry {
  std::size_t at = 0, size = 0;  ///< bytes in the file
  std::uint64_t seqnum = 0;
  std::uint64_t realtime = 0;   ///< microseconds since 1970 UTC, when journald received it
  std::uint64_t monotonic = 0;  ///< microseconds since the start
  Bytes boot_id;                ///< 16 bytes
  std::size_t items_at = 0, item_count = 0;
};

/// A place where objects could not be read.
struct JournalFault {
  std::size_t at = 0;
  std::string_view field;
  bool truncated = false;
};

class JournalReader {
 public:
  /// `data`: the file, whole or cut.
  explicit JournalReader(Bytes data);
  /// nullopt without the signature or with less than 208 bytes.
  [[nodiscard]] const std::optional<JournalHeader>& header() const { return header_; }

  /// The next entry in the order of the file; skips what is no entry. False at the end.
  bool next(JournalEntry& entry);
  /// Faults met on the way to the entry last given, oldest first; the caller takes them one by one.
  std::optional<JournalFault> take_fault();

  /// "FIELD=value" of item `index` of `entry`, decompressed; lives until the next entry. nullopt where it is not there
  /// or a budget of work is used up (see exhausted()).
  std::optional<std::string_view> item(const JournalEntry& entry, std::size_t index);
  [[nodiscard]] bool exhausted() const { return work_left_ == 0; }
  /// Counts `bytes` that the caller copies against the budget; false when it is used up.
  bool spend(std::size_t bytes);

 private:
  std::optional<std::string_view> payload(std::uint64_t at);
  bool read_entry(std::size_t at, std::size_t size, JournalEntry& entry);
  bool resync();

  Bytes data_;
  std::optional<JournalHeader> header_;
  bool compact_ = false;
  std::size_t at_ = 0;
  std::size_t work_left_ = 0;
  std::deque<std::string> unpacked_;  // of the entry last given
  std::deque<JournalFault> faults_;
};

}  // namespace triage
