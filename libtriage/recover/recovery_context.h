// SPDX-License-Identifier: Apache-2.0
// What the recovery of one volume works on and adds to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/reader.h"
#include "recover/image_bytes.h"
#include "recover/volume_facts.h"

namespace triage {

/// What the structure of content says about it.
enum class ContentVerdict : std::uint8_t {
  kUnknown,  ///< nobody reads this type
  kBroken,   ///< it ends or breaks before its structure does
  kWhole,    ///< the structure holds to its end
};
struct ContentJudgement {
  ContentVerdict verdict = ContentVerdict::kUnknown;
  std::uint64_t length = 0;  ///< bytes up to the end of the structure; only where it is whole
};
/// Judges content of a type (as type_by_content() names it). Pure.
using ContentCheck = ContentJudgement (*)(std::string_view type, Bytes content);

struct RecoveryContext {
  ImageBytes& image;
  VolumeFacts& volume;
  std::vector<HeldStream>& held;
  MapSink& out;
  ContentCheck check = nullptr;  ///< nullptr: nothing is judged

  /// A stream of this volume that was found by recovery; it joins the deleted entries.
  void add(Stream stream);
  /// A deleted entry of the volume, by its place in volume.held.
  [[nodiscard]] Stream& entry(std::size_t index) const { return held[volume.held[index]].stream; }
  void damage(DamageKind kind, std::string field, std::string detail) const;
};

/// A stream of `volume` with what all recovered streams have in common: a view, deleted, without extents yet.
Stream recovered_stream(const VolumeFacts& volume, RecoveryMethod method, StreamKind kind);

/// A name's bytes as one component of a path: readable UTF-8 without a separator; never "." or "..".
std::string path_component(std::string_view raw);

/// Deleted files of ext2/3/4 by the journal's old copies of inodes and directories. `probe` as below.
void recover_ext(RecoveryContext& context, ImageBytes& probe);

/// Content for the deleted entries `unmapped` (indices into context.held) of files whose map no journal has: by the
/// order in which they were created, see gap_names.h. Blocks are of `block_size` bytes.
void place_by_order(RecoveryContext& context, ImageBytes& probe, std::uint64_t block_size,
                    const std::vector<std::size_t>& unmapped);

/// Deleted files of ext2 and ext3 by the indirect blocks that are left of them (VolumeFacts::indirect): content without
/// a name. `probe` as below.
void recover_ext_orphans(RecoveryContext& context, ImageBytes& probe);

/// Files by NTFS file records outside a table in use: of an earlier format, of a volume that is not read any more.
/// `probe` reads the image without keeping what it read.
void recover_ntfs_records(RecoveryContext& context, ImageBytes& probe);

/// Paths of deleted files on NTFS whose folder is gone, by index slack, the log file and the change journal.
void recover_ntfs_names(RecoveryContext& context);

/// Chains of deleted files on FAT and exFAT where another deleted file stands in the way: by replaying the writes, and
/// by content where that proves one of several chains. `probe` as above.
void recover_fat_chains(RecoveryContext& context, ImageBytes& probe);

}  // namespace triage
