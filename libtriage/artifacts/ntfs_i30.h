// SPDX-License-Identifier: Apache-2.0
// Names in index records of NTFS folders, wherever such records lie: a stream of them copied out of a volume, blocks of
// a volume that hold its folders, unallocated space.
#pragma once

#include "artifacts/parser.h"

namespace triage {

/// Which of the names are told.
enum class IndexNames : std::uint8_t {
  kAll,        ///< live entries, and those in slack as recovered
  kSlackOnly,  ///< the file system tells the live ones: only what no live entry of these bytes says
  kRecovered,  ///< the records lie in free space: all as recovered
};

inline constexpr std::string_view kIndexNamesId = "ntfs.i30";
inline constexpr std::uint16_t kIndexNamesVersion = 1;

struct IndexNamesFound {
  std::size_t records = 0;
  std::size_t broken = 0;  ///< records whose sectors or entries do not hold
  std::size_t events = 0;
};

/// Looks for index records at every 512 bytes of `in.data` from `begin` on and gives one event for each distinct stamp
/// of their names. A broken record is damage only where `which` is kAll.
IndexNamesFound emit_index_names(const Artifact& in, std::size_t begin, IndexNames which, EventSink& out);

}  // namespace triage
