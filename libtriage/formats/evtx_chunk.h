// SPDX-License-Identifier: Apache-2.0
// Windows event log files (EVTX): the file header, and the chunks of 64 KiB that stand alone.
//   file := header(4096) chunk*          header := "ElfFile\0" … (fields below)
//   chunk := "ElfChnk\0" header(512) record* slack      record := "**\0\0" u32 size, u64 id, FILETIME, fragment, u32
//   size
// Little-endian. Versions 3.0 to 3.2. Spec: libyal/libevtx, "Windows XML Event Log (EVTX) format" §2, §3.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

inline constexpr std::size_t kEvtxChunkSize = 65536;
inline constexpr std::size_t kEvtxChunkHeader = 512;
inline constexpr std::size_t kEvtxRecordHeader = 24;

struct EvtxFileHeader {
  std::uint64_t first_chunk = 0;
  std::uint64_t last_chunk = 0;
  std::uint64_t next_record = 0;
  std::uint16_t minor_version = 0;
  std::uint16_t major_version = 0;
  std::uint16_t header_block = 0;  ///< bytes before the first chunk, 4096
  std::uint16_t chunk_count = 0;
  std::uint32_t flags = 0;  ///< kEvtxDirty …
  bool checksum_fits = false;
};
inline constexpr std::uint32_t kEvtxDirty = 1;       ///< the log was open when it was copied
inline constexpr std::uint32_t kEvtxFull = 2;        ///< the log had reached its largest size
inline constexpr std::uint32_t kEvtxNoChecksum = 4;  ///< checksums are not kept

/// The header at the start of `data`; nullopt without its signature or where `data` is shorter than 128 bytes.
std::optional<EvtxFileHeader> evtx_file_header(Bytes data);

struct EvtxChunkHeader {
  std::uint64_t first_record = 0;  ///< lowest and highest record identifier it says it holds
  std::uint64_t last_record = 0;
  std::uint32_t last_record_at = 0;
  std::uint32_t free_at = 0;  ///< end of the live records, from the chunk's start
  std::uint32_t flags = 0;    ///< kEvtxNoChecksum; bit 0 is set in nearly every chunk
  bool header_checksum_fits = false;
  bool records_checksum_fits = false;
};

/// The header of one chunk, whole or cut; nullopt without its signature or with less than 512 bytes.
std::optional<EvtxChunkHeader> evtx_chunk_header(Bytes chunk);

struct EvtxRecord {
  std::size_t at = 0;  ///< bytes from the chunk's start
  std::size_t size = 0;
  std::uint64_t id = 0;
  std::uint64_t written = 0;  ///< FILETIME
  bool live = false;          ///< reached from the chunk's start, record by record; else found by its signature
  bool whole = false;         ///< the size is repeated at its end
};

/// Records of one chunk: the live ones up to `free_at`, then whatever still looks like one, each byte in one record.
struct EvtxRecords {
  std::vector<EvtxRecord> records;
  std::optional<std::size_t> broken_at;  ///< live records are missing from here on
};
EvtxRecords evtx_records(Bytes chunk, std::size_t free_at);

}  // namespace triage
