// SPDX-License-Identifier: Apache-2.0
// What an LVM2 physical volume says of its logical volumes: the newest metadata text of its group, as far as one
// physical volume can tell.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bytes/cursor.h"
#include "evidence/stream_map.h"

namespace triage {

struct LogicalVolume {
  std::string name;
  std::string type;               ///< of its first segment: striped (plain), thin, raid1, snapshot …
  std::vector<ByteRange> pieces;  ///< in its own order, from the physical volume's first byte; neighbours joined
  bool whole = false;             ///< `pieces` are all of it, byte for byte
};

struct LvmGroup {
  std::string name;
  std::size_t physical_volumes = 0;     ///< of the whole group
  std::vector<LogicalVolume> logicals;  ///< as the text lists them
};

/// Bytes of the physical volume; fewer than asked for at its end.
using LvmRead = std::function<std::vector<std::byte>(std::uint64_t at, std::size_t length)>;

/// True when a label stands in one of the first four sectors.
bool has_lvm_label(Bytes head);
/// kUnreadable: label, area or text are damaged; kUnsupported: no area with metadata on this volume (pvcreate
/// --metadatacopies 0).
Result<LvmGroup> read_lvm(const LvmRead& read);
/// The text alone, for the physical volume of `uuid` (32 characters, without hyphens).
Result<LvmGroup> parse_lvm_text(std::string_view text, std::string_view uuid);

}  // namespace triage
