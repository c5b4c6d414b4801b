// SPDX-License-Identifier: Apache-2.0
// RecoveringSink: stands between the map and the plan. What is in use passes at once; deleted entries wait until the
// map is done, get what other metadata knows about them (journals, records of an earlier format, each other), and
// follow at the end together with files that the file system no longer names at all. Of ext2 and ext3 the unallocated
// blocks are told as three regions: .indirect (free blocks of pointers), .unalloc.files (what those put in the order of
// a file) and .unalloc (the rest).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/reader.h"
#include "recover/recovery_context.h"

namespace triage {

/// Inode in MapSink::entering() while a volume's deleted files are recovered: a reader that dies there maps again
/// without recovery on that volume.
inline constexpr std::uint64_t kRecoveryInode = ~std::uint64_t{1};

class RecoveringSink final : public MapSink {
 public:
  /// All of it outlives this object. `check` judges content where several places are possible; nullptr: nobody does.
  RecoveringSink(MapSink& out, EvidenceReader& reader, const MapOptions& options, ContentCheck check = nullptr)
      : out_(out), reader_(reader), options_(options), check_(check) {}
  void volume(VolumeRecord volume) override;
  void stream(Stream stream) override;
  void damage(Damage damage) override { out_.damage(std::move(damage)); }
  void entering(ByteOffset volume_offset, std::uint64_t inode) override { out_.entering(volume_offset, inode); }
  /// Recovers and hands out what was held. Once, after the map.
  void finish();

 private:
  void note(const Stream& stream);
  void take_out_indirect_blocks(Stream& unallocated);
  void add_region(const Stream& like, std::string_view name, StreamKind kind, std::vector<Extent> extents);
  void recover(VolumeFacts& volume);
  void let_go();
  [[nodiscard]] std::uint64_t sequence_after(std::uint64_t sequence) const;

  MapSink& out_;
  EvidenceReader& reader_;
  const MapOptions& options_;
  ContentCheck check_;
  std::vector<VolumeFacts> volumes_;
  std::vector<Stream> later_;  ///< regions that follow at the end
  std::vector<HeldStream> held_;
  std::vector<std::uint64_t> held_sequences_;  // of the map, in order
  std::uint64_t passed_ = 0;
  std::uint64_t held_bytes_ = 0;
  bool full_ = false;
};

}  // namespace triage
