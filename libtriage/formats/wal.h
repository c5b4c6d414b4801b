// SPDX-License-Identifier: Apache-2.0
// SQLite write-ahead log: what a reader of the database would see with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bytes/cursor.h"
#include "model/damage.h"

namespace triage {

/// Something wrong with a log or database, for EventSink::damage.
struct SqliteFault {
  DamageKind kind = DamageKind::kRange;
  std::uint64_t at = 0;  ///< bytes from the start of the file it is about
  std::string field;
  std::string detail;  ///< English sentence
};

struct WalResult {
  std::uint64_t applied_frames = 0;  ///< committed and put in
  std::uint64_t open_frames = 0;     ///< valid, but of a transaction that was not committed
  std::vector<SqliteFault> faults;
};

/// Puts the committed frames of `wal` into `image` (a whole database, or empty), as recovery does: salts and cumulative
/// checksums must hold, and the last commit decides the size. `image` never grows over `limit` bytes.
WalResult apply_wal(std::vector<std::byte>& image, Bytes wal, std::uint64_t limit);

}  // namespace triage
