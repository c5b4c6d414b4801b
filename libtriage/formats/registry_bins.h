// SPDX-License-Identifier: Apache-2.0
// Hive bins of a registry hive, walked cell by cell.
#pragma once

#include <cstdint>

#include "bytes/cursor.h"

namespace triage {

struct BinWalk {
  std::uint64_t end = 0;  ///< behind the last bin that holds
  bool ran_out = false;   ///< the data ended inside a bin
};

/// Walks the bins at data[at, at + size). The first must state the offset `first` from the start of the hive's bins,
/// the following ones what comes next; each must be filled by its cells. Stops at the first that does not hold.
BinWalk walk_registry_bins(Bytes data, std::uint64_t at, std::uint32_t first, std::uint64_t size);

}  // namespace triage
