// SPDX-License-Identifier: Apache-2.0
// Indirect blocks of deleted ext2/ext3 files. They lie in the middle of the file's own data and keep their pointers
// after the deletion; taken out of the joined unallocated blocks, the data follows on itself again.
//   file on a fresh volume := 12 data blocks, indirect, data…, double indirect, ( indirect, data… )*
#pragma once

#include <cstdint>
#include <vector>

#include "evidence/stream_map.h"
#include "recover/ext_layout.h"

namespace triage {

struct IndirectBlocks {
  std::vector<std::uint64_t> blocks;  ///< in order
  bool cut = false;                   ///< more free blocks than are looked at, or no budget
};

/// Looks at the first bytes of every block of `free` and at the whole of those that can be pointers.
IndirectBlocks find_indirect_blocks(ImageBytes& probe, const ExtLayout& layout, const std::vector<Extent>& free);

}  // namespace triage
