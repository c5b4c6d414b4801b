// SPDX-License-Identifier: Apache-2.0
// Indirect blocks of deleted ext2/ext3 files. They lie in the middle of the file's own data and keep their pointers
// after the deletion; taken out of the joined unallocated blocks, the data follows on itself again.
//   file on a fresh volume := 12 data blocks, indirect, data…, double indirect, ( indirect, data… )*
#pragma once

#include <cstdint>
#include <vector>

#include "evidence/stream_map.h"
#include "recover/ext_layout.h"
#include "recover/volume_facts.h"

namespace triage {

struct IndirectBlocks {
  PointerBlocks blocks;
  bool cut = false;  ///< more free blocks than are looked at, or no budget
};

/// A file that its indirect blocks still tell of. The twelve blocks in front of the first one named are taken as its
/// beginning: they are written in one go with it.
struct IndirectFile {
  std::uint64_t top = 0;              ///< its indirect block
  std::vector<std::uint64_t> blocks;  ///< of the content, in order
};

/// Files of single and double indirect blocks, by place. Those with three levels end after the second.
std::vector<IndirectFile> indirect_files(const PointerBlocks& found, const ExtLayout& layout);

/// Looks at the first bytes of every block of `free` and at the whole of those that can be pointers.
IndirectBlocks find_indirect_blocks(ImageBytes& probe, const ExtLayout& layout, const std::vector<Extent>& free);

}  // namespace triage
