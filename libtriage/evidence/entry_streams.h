// SPDX-License-Identifier: Apache-2.0
// One directory entry → its streams: content, named streams, and the slack after each.
#pragma once

#include <string>
#include <vector>

#include "evidence/file_system.h"

namespace triage {

/// An entry's name with the way to it.
struct EntryName {
  std::string path;      ///< UTF-8, "/" at the front
  std::string raw_path;  ///< bytes as libtsk gave them
  std::string leaf;      ///< the last component's bytes
  std::uint64_t parent_inode = 0;
  bool allocated = true;
  TSK_FS_NAME_TYPE_ENUM type = TSK_FS_NAME_TYPE_UNDEF;
};

struct EntryStream {
  Stream stream;
  bool owner = false;           ///< may own its extents: allocated, and not only a name
  bool out_of_range = false;    ///< a run pointed outside the volume
  std::uint64_t uncovered = 0;  ///< bytes whose place a file system without holes does not say
  bool lost = false;            ///< the file system states content but gives no way to it
};

/// Streams of `file`, always in the same order for the same inode, content before its slack. At least one.
std::vector<EntryStream> entry_streams(const FileSystemView& view, const EntryName& name, TSK_FS_FILE& file,
                                       const AllocationMap& allocation);

/// An entry whose metadata is gone, belongs to another file, or must not be touched.
Stream name_only_stream(const FileSystemView& view, const EntryName& name, std::uint64_t inode);

/// "v<offset>.i<inode>.a<type>-<id>".
std::string stream_key(const FileSystemView& view, std::uint64_t inode, std::uint32_t type, std::uint32_t id);

}  // namespace triage
