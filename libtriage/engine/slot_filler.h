// SPDX-License-Identifier: Apache-2.0
// SlotFiller: reads the streams of one batch into a slot. Bytes that lie together on the medium are read together.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "bytes/digest.h"
#include "engine/piece.h"
#include "engine/plan.h"
#include "engine/reader_process.h"

namespace triage {

class SlotFiller {
 public:
  SlotFiller(ReaderSetup& setup, EvidenceReader& reader, const Plan& plan);
  /// A large batch waits until every slot is free, so that memory stays bounded.
  [[nodiscard]] bool may_fill(std::uint64_t batch, std::size_t free_slots) const;
  Result<Batch> fill(std::uint64_t batch, std::uint32_t slot);

 private:
  /// Bytes of the medium that belong at one place of the slot.
  struct Segment {
    std::uint64_t image_offset = 0;
    std::uint64_t length = 0;
    std::uint64_t slot_offset = 0;
    bool shared = false;  ///< another stream shows these bytes, too: they are kept for it
  };
  /// Digest of a file that is read in windows.
  struct RunningDigest {
    std::uint64_t sequence = 0;
    std::uint64_t next_offset = 0;
    DigestSet digests;
  };

  void place(const Stream& stream, const PlannedPiece& planned, Piece& piece, std::span<std::byte> slot);
  void place_content(const Stream& stream, std::uint64_t from, std::uint64_t at, std::uint64_t length,
                     std::vector<Damage>& damages, std::span<std::byte> slot);
  void place_extents(const Stream& stream, std::uint64_t offset, std::uint64_t length, std::uint64_t slot_offset,
                     std::span<std::byte> slot);
  void read_segments(std::span<std::byte> slot, std::vector<Piece>& pieces);
  void take_carry(const PlannedPiece& planned, Piece& piece, const Stream& stream, std::span<std::byte> slot);
  void keep_carry(const PlannedPiece& planned, const Piece& piece, std::span<std::byte> slot);
  void read_companions(std::uint64_t sequence, Piece& piece, std::uint64_t& used, std::span<std::byte> slot);
  void digest_window(const Stream& stream, const PlannedPiece& planned, Piece& piece, std::span<std::byte> slot);
  void release_memory(std::uint32_t slot, std::uint64_t used);

  ReaderSetup& setup_;
  EvidenceReader& reader_;
  const Plan& plan_;
  std::vector<SlotMapping> mappings_;
  std::vector<std::uint64_t> high_water_;
  std::vector<Segment> segments_;
  std::optional<RunningDigest> running_;
  std::vector<std::byte> carry_;
  std::uint64_t carry_sequence_ = 0;
  std::uint64_t carry_end_ = 0;  ///< stream offset where carry_ ends; 0 = none
  std::set<std::uint64_t> skip_streams_;
};

}  // namespace triage
