// SPDX-License-Identifier: Apache-2.0
// ReadRing: the pipeline's blocks in memory that outlives the process. What was read and not yet stored when the
// program is killed lies there still, so that a run that goes on asks the source for no more than the one block that
// was being read. The memory is a file of a tmpfs (/dev/shm): it never touches a disk, cannot fail once reserved, and
// is gone after a reboot. Little-endian:
//   "TRIAGERR" version u32 block_bytes u32 block_count u32, zeros to 4096
//   head(16384) × block_count     valid u32 length u32 at u64 fault_count u32 {at u64 length u64 errno i32} ×
//   fault_count block(block_bytes) × block_count
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "evidence/source.h"

namespace triage {

/// A block that an earlier run read and did not store.
struct SavedBlock {
  std::vector<std::byte> bytes;
  std::vector<ReadFault> faults;
};

class ReadRing {
 public:
  /// Makes a ring for the acquisition `id` in `folder`; nullptr where that cannot be. It stands beside what an earlier
  /// run left until take_place().
  static std::unique_ptr<ReadRing> make(const std::string& folder, const std::string& id, std::size_t block_bytes,
                                        std::size_t block_count);
  /// What an earlier run of `id` left, by place in the source. Only a file of this user is believed.
  static std::map<std::uint64_t, SavedBlock> load(const std::string& folder, const std::string& id,
                                                  std::size_t block_bytes);
  ~ReadRing();
  ReadRing(const ReadRing&) = delete;
  ReadRing& operator=(const ReadRing&) = delete;

  /// Memory of block `place`, aligned for direct reads. REQUIRES: place < block_count
  [[nodiscard]] std::span<std::byte> block(std::size_t place) const;
  /// Its content counts no more.
  void open(std::size_t place);
  /// It holds `length` bytes of the source from `at`.
  void publish(std::size_t place, std::uint64_t at, std::size_t length, const std::vector<ReadFault>& faults);
  /// From now on this ring is what a later run finds.
  void take_place();
  /// Takes the file away: the acquisition is finished.
  void remove();

 private:
  ReadRing(std::string path, std::span<std::byte> memory, std::size_t block_bytes, std::size_t block_count)
      : path_(std::move(path)), memory_(memory), block_bytes_(block_bytes), block_count_(block_count) {}
  [[nodiscard]] std::span<std::byte> head(std::size_t place) const;

  std::string path_;  // of this run's ring, before take_place() with ".next"
  bool in_place_ = false;
  std::span<std::byte> memory_;
  std::size_t block_bytes_;
  std::size_t block_count_;
};

}  // namespace triage
