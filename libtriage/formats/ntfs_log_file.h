// SPDX-License-Identifier: Apache-2.0
// NTFS log file ($LogFile): what NTFS was about to do, in log records that point at one another by LSN. Little-endian.
//   file    := restart_page restart_page tail_copies record_page*      pages of 4096 bytes, each with fixups
//   restart := "RSTR" … restart area (sizes, bits of a sequence number in an LSN)
//   page    := "RCRD" … data from 0x40: record*, running over into the next page; the pages are a ring
//   record  := header(0x30): LSN, LSN before, length, type, transaction; client data: operations with redo and undo
//   bytes
// An LSN is a sequence number and the record's place in the file: a record proves itself by standing there.
// Versions 1.1 and 2.0. Spec: libyal/libfsntfs, "New Technologies File System (NTFS)" §13 (the log file); Paragon's
// fs/ntfs3/fslog.c in Linux for the operations' layout.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "formats/ntfs_index.h"

namespace triage {

struct NtfsLogHeader {
  std::uint16_t major = 0, minor = 0;
  std::uint32_t page_size = 4096;
  std::uint32_t sequence_bits = 0;
  std::uint64_t current_lsn = 0;  ///< of the restart area
  std::uint64_t file_size = 0;    ///< bytes the log says it has; 0 without a restart page
  std::uint32_t data_at = 0x40;   ///< where records begin in a page
  bool restart_found = false;     ///< false: no restart page holds; the values are the usual ones for the file's size
};

/// Operations (fslog.c, enum NTFS_LOG_OPERATION).
enum class NtfsLogOperation : std::uint16_t {
  kNothing = 0x00,
  kInitializeRecord = 0x02,
  kDeallocateRecord = 0x03,
  kAddEntryRoot = 0x0c,
  kDeleteEntryRoot = 0x0d,
  kAddEntryAllocation = 0x0e,
  kDeleteEntryAllocation = 0x0f,
  kCommit = 0x1a,
  kForget = 0x1b,
};

/// One client record. Views live as long as the call that gives it.
struct NtfsLogRecord {
  std::uint64_t lsn = 0, previous_lsn = 0;
  std::uint64_t at = 0;      ///< bytes from the start of the file
  std::uint64_t length = 0;  ///< bytes in that page
  std::uint32_t transaction = 0;
  NtfsLogOperation redo_operation{}, undo_operation{};
  Bytes redo, undo;
};

/// A name that an operation put into or took out of a folder, or a file record that was begun.
struct NtfsLogName {
  enum class Kind : std::uint8_t { kRecordBegun, kAdded, kRemoved };
  Kind kind = Kind::kAdded;
  std::uint64_t lsn = 0;
  std::uint64_t at = 0, length = 0;  ///< the record in the file
  std::uint32_t transaction = 0;
  std::uint32_t turn = 0;  ///< transaction numbers are used again: which use it is, among those the file still holds
  std::optional<MftReference> file;
  MftName name;
  std::optional<Timestamp> created;  ///< $STANDARD_INFORMATION of a record that was begun
};

struct NtfsLogFault {
  std::uint64_t at = 0;
  bool is_restart = false;  ///< a restart page, else a record page whose sectors were not written together
};

class NtfsLogFile {
 public:
  /// `data`: the whole file, which must outlive this. Never fails: without a restart page the usual values are taken.
  explicit NtfsLogFile(Bytes data);

  [[nodiscard]] const NtfsLogHeader& header() const { return header_; }
  /// Calls `each` for every record that proves itself, in the order of the file; the copies of the last pages that
  /// versions keep at the start come first. A record may be given twice.
  void for_each(const std::function<void(const NtfsLogRecord&)>& each);
  /// Names by LSN, each once.
  std::vector<NtfsLogName> names();
  /// Pages that could not be read, of the last pass.
  [[nodiscard]] const std::vector<NtfsLogFault>& faults() const { return faults_; }

 private:
  bool read_restart(std::uint64_t at);
  [[nodiscard]] std::optional<std::vector<std::byte>> page(std::uint64_t at) const;
  [[nodiscard]] std::uint64_t place_of(std::uint64_t lsn) const;
  void read_page(std::uint64_t at, const std::function<void(const NtfsLogRecord&)>& each);
  [[nodiscard]] std::vector<std::byte> assemble(Bytes first, std::uint64_t page_at, std::size_t wanted) const;

  Bytes data_;
  NtfsLogHeader header_;
  std::vector<NtfsLogFault> faults_;
};

}  // namespace triage
