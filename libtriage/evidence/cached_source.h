// SPDX-License-Identifier: Apache-2.0
// CachedSource: keeps the blocks libtsk asked for, so that no byte of metadata is asked of the medium twice: neither by
// libtsk's tiny reads nor by the sweep, which takes from here what the map has read. What memory cannot hold goes into
// a working file.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"
#include "evidence/source.h"

namespace triage {

class CachedSource {
 public:
  static constexpr std::size_t kBlockBytes = 4096;
  static constexpr std::size_t kBlockCount = 16 * 1024;  ///< in memory: 64 MiB

  /// `inner` outlives this object. `blocks` (at least 1) are held in memory.
  explicit CachedSource(Source& inner, std::size_t blocks = kBlockCount) : inner_(inner), blocks_(blocks) {}

  /// Blocks that memory cannot hold go to `file`, at most `limit` bytes of them. Without this call, and when the file
  /// cannot be written or read back, they are asked of the medium again.
  void spill_into(UniqueFd file, ByteCount limit);

  /// Small pieces read again and again: fills whole blocks and keeps them.
  void read_cached(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults);
  /// A long run read once: kept blocks are copied, the rest is asked of the source in runs as long as possible.
  void read_through(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults);
  /// The source reads otherwise from now on (a volume was unlocked): nothing kept so far counts.
  void forget();

 private:
  struct Slot {
    std::uint64_t block = 0;
    bool used = false;  // read since the clock hand passed
    bool filled = false;
    std::vector<std::byte> bytes;
  };
  [[nodiscard]] bool holds(std::uint64_t block) const { return index_.contains(block) || spilled_.contains(block); }
  bool fetch(std::uint64_t block);
  /// The block's bytes from `inside` on to `out`; false where not kept.
  bool copy(std::uint64_t block, std::size_t inside, std::span<std::byte> out);
  Slot& take_slot(std::uint64_t block);
  void spill(const Slot& slot);
  bool read_spilled(std::uint64_t place, std::size_t inside, std::span<std::byte> out);
  void fill(std::uint64_t first, std::uint64_t last, std::vector<ReadFault>& faults);
  [[nodiscard]] std::uint64_t last_of_fill(std::uint64_t first, std::uint64_t wanted);
  [[nodiscard]] std::size_t block_size(std::uint64_t block) const;

  Source& inner_;
  std::size_t blocks_;
  std::vector<Slot> slots_;
  std::unordered_map<std::uint64_t, std::size_t> index_;  // block → slot
  std::size_t hand_ = 0;
  UniqueFd file_;
  std::uint64_t file_blocks_ = 0;                             // the working file may hold
  std::unordered_map<std::uint64_t, std::uint64_t> spilled_;  // block → place in the working file, in blocks
  std::uint64_t next_block_ = 0;                              // where the last fill ended
  std::uint64_t ahead_ = 0;                                   // blocks to read ahead in a row of fills
};

/// The sweep's way to the medium: long runs, taking from memory what the map has read already.
class ThroughCache final : public Source {
 public:
  ThroughCache(Source& medium, CachedSource& cache) : medium_(medium), cache_(cache) {}
  [[nodiscard]] ByteCount size() const override { return medium_.size(); }
  [[nodiscard]] SectorSize sector_size() const override { return medium_.sector_size(); }
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    cache_.read_through(at.value, out, faults);
  }

 private:
  Source& medium_;
  CachedSource& cache_;
};

/// The map's way to the medium where libtsk is not asked: small pieces, kept for the sweep.
class KeepingSource final : public Source {
 public:
  KeepingSource(Source& medium, CachedSource& cache) : medium_(medium), cache_(cache) {}
  [[nodiscard]] ByteCount size() const override { return medium_.size(); }
  [[nodiscard]] SectorSize sector_size() const override { return medium_.sector_size(); }
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    cache_.read_cached(at.value, out, faults);
  }

 private:
  Source& medium_;
  CachedSource& cache_;
};

}  // namespace triage
