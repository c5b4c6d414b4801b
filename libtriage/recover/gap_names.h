// SPDX-License-Identifier: Apache-2.0
// Names for content whose map is lost. A file system that fills free blocks in order puts files created one after the
// other next to each other. Where the blocks between two known files hold content, and deleted files without a map
// were created between those two, the content is theirs if there is exactly one way to divide the blocks among them:
// in order of creation, each beginning as its name says, each ending where its structure or its last block's zeros do,
// and no block left over. Whatever allows two ways gives no name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bytes/cursor.h"
#include "recover/recovery_context.h"

namespace triage {

/// One division of a gap: the file (index into the names given) and its bytes in the gap.
struct GapPiece {
  std::size_t file = 0;
  std::uint64_t begin = 0;  ///< byte of the gap, a multiple of the block size
  std::uint64_t size = 0;   ///< bytes; of unknown structures without the zeros at their end
  bool proven = false;      ///< the structure holds to its end
  bool operator==(const GapPiece&) const = default;
};

/// What every possible division of `gap` (whole blocks) has in common. `names`: paths of the files that may lie there,
/// in order of their creation; files that lie elsewhere are left out. `check` may be nullptr.
std::vector<GapPiece> name_gap(Bytes gap, std::uint64_t block_size, const std::vector<std::string>& names,
                               ContentCheck check);

}  // namespace triage
