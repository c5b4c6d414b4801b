// SPDX-License-Identifier: Apache-2.0
// Registry transaction logs: what a hive would hold after Windows had recovered it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/cursor.h"
#include "model/damage.h"

namespace triage {

/// Bytes before the first hive bin: offsets of cells count from here.
inline constexpr std::size_t kRegfBaseBlock = 4096;

/// Something wrong with a hive or its log, for EventSink::damage.
struct RegfFault {
  DamageKind kind = DamageKind::kRange;
  std::uint64_t at = 0;  ///< bytes from the start of the hive; of the log where `field` names a log
  std::string field;
  std::string detail;  ///< English sentence
};

/// The fields of a base block that recovery and reading need.
struct RegfBaseBlock {
  std::uint32_t primary_sequence = 0;
  std::uint32_t secondary_sequence = 0;
  std::uint64_t last_written = 0;  ///< FILETIME, UTC; 0 since Windows 8.1
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t type = 0;  ///< 0 hive, 1 and 2 old log, 6 new log
  std::uint32_t root = 0;  ///< offset of the root key's cell
  std::uint32_t bins_bytes = 0;
  std::string file_name;     ///< end of the path it was mounted from; may be empty
  bool checksum_ok = false;  ///< XOR-32 of the first 508 bytes
  [[nodiscard]] bool dirty() const { return !checksum_ok || primary_sequence != secondary_sequence; }
};

/// nullopt when `data` does not begin with "regf" or is shorter than 512 bytes.
std::optional<RegfBaseBlock> parse_regf_base_block(Bytes data);

struct RegfReplay {
  std::vector<std::byte> image;           ///< the recovered hive; empty when no log applies
  std::uint32_t applied = 0;              ///< log entries (new format) or logs (old format) put in
  std::vector<std::string> applied_logs;  ///< names of the logs they came from, in order
  std::vector<RegfFault> faults;
};

/// A log by its name (".LOG1") and content.
struct RegfLogFile {
  std::string_view name;
  Bytes data;
};

/// Recovers a dirty hive as Windows does: old logs (DIRT) by their bitmap, new ones (HvLE) entry by entry in order of
/// their sequence numbers over both logs, each entry only if both its hashes hold. A clean hive stays as it is.
RegfReplay replay_regf_logs(Bytes hive, std::span<const RegfLogFile> logs);

/// Marvin32, 64 bits: the hash of log entries. Exported for tests.
std::uint64_t marvin32(Bytes data, std::uint64_t seed);

}  // namespace triage
