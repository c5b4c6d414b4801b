// SPDX-License-Identifier: Apache-2.0
// FileSystemWalk: every directory entry of one file system as streams, with the same result as `fls -r -p`, then the
// blocks no entry owns. Ownership: the first allocated entry in walk order owns a block; deleted ones own nothing.
#pragma once

#include <unordered_map>
#include <vector>

#include "evidence/entry_streams.h"
#include "evidence/map_emitter.h"

namespace triage {

class FileSystemWalk {
 public:
  FileSystemWalk(const FileSystemView& view, const MapOptions& options, MapEmitter& out)
      : view_(view), options_(options), out_(out) {}

  /// Walks from the root, then the orphans.
  void run_entries(const AllocationMap& allocation);
  /// Emits what is left of the volume: `.meta`, `.unalloc`, gaps.
  void run_rest(const AllocationMap& allocation);

 private:
  struct Place {
    std::uint64_t inode = 0;
    std::string path;
    std::string raw_path;
    int depth = 0;
  };
  void walk_directory(const Place& place);
  void visit(TSK_FS_DIR& directory, std::size_t index, const Place& place);
  void emit(const EntryName& name, TSK_FS_FILE& file);
  void emit_entries(std::vector<EntryStream> entries, const TSK_FS_FILE& file);
  void remember_named(const TSK_FS_FILE& file);
  [[nodiscard]] bool may_descend(const TSK_FS_FILE& file, const Place& next);
  [[nodiscard]] bool skips(std::uint64_t inode) const;
  void emit_region(std::string_view suffix, StreamKind kind, const std::vector<ByteRange>& ranges);

  FileSystemView view_;
  const MapOptions& options_;
  MapEmitter& out_;
  const AllocationMap* allocation_ = nullptr;
  std::vector<std::uint64_t> ancestors_;
  std::unordered_map<std::uint64_t, std::uint32_t> opened_;        // directory inode → times opened
  std::unordered_map<std::uint64_t, std::uint64_t> first_stream_;  // inode with further names → its first stream
  std::uint64_t entries_ = 0;
  std::uint64_t repeated_ = 0;  // entries below directories opened before
  bool full_ = false;
};

}  // namespace triage
