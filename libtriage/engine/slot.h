// SPDX-License-Identifier: Apache-2.0
// Slot: shared memory that the reader fills and a scanner reads, and the file that takes the scanner's records.
// The supervisor owns both and maps neither: evidence bytes pass it by descriptor only.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace triage {

class Slot {
 public:
  /// `capacity` bytes of address space; memory is taken only as it is written. `records_folder` is where the unnamed
  /// record file lies (the disk of the case, so that a large batch does not fill the memory).
  static Result<Slot> make(std::size_t capacity, const std::string& records_folder);

  [[nodiscard]] int memory_fd() const { return memory_.get(); }
  [[nodiscard]] int records_fd() const { return records_.get(); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  UniqueFd memory_;
  UniqueFd records_;
  std::size_t capacity_ = 0;
};

/// A slot's memory in the address space of a child.
class SlotMapping {
 public:
  /// Throws Bug when the mapping is refused.
  SlotMapping(int memory_fd, std::size_t capacity, bool writable);
  ~SlotMapping();
  SlotMapping(SlotMapping&& other) noexcept;
  SlotMapping& operator=(SlotMapping&&) = delete;
  SlotMapping(const SlotMapping&) = delete;
  SlotMapping& operator=(const SlotMapping&) = delete;
  [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

}  // namespace triage
