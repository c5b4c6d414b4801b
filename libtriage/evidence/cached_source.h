// SPDX-License-Identifier: Apache-2.0
// CachedSource: keeps the blocks libtsk asked for, so that the tiny reads of metadata do not go to the medium again and
// the sweep takes from memory what the map already read.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "evidence/source.h"

namespace triage {

class CachedSource {
 public:
  static constexpr std::size_t kBlockBytes = 16 * 1024;
  static constexpr std::size_t kBlockCount = 4096;  // 64 MiB

  /// `inner` outlives this object.
  explicit CachedSource(Source& inner) : inner_(inner) {}

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
  [[nodiscard]] const Slot* find(std::uint64_t block);
  Slot& take_slot();
  void fill(std::uint64_t first, std::uint64_t last, std::vector<ReadFault>& faults);

  Source& inner_;
  std::vector<Slot> slots_;
  std::unordered_map<std::uint64_t, std::size_t> index_;  // block → slot
  std::size_t hand_ = 0;
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
