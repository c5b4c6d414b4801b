// SPDX-License-Identifier: Apache-2.0
// AlignedBuffer: memory that a direct read may fill.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <span>

#include "acquire/medium.h"

namespace triage {

class AlignedBuffer {
 public:
  /// REQUIRES: `size` is a multiple of kMediumAlignment.
  explicit AlignedBuffer(std::size_t size)
      : bytes_(static_cast<std::byte*>(std::aligned_alloc(kMediumAlignment, size))), size_(size) {
    if (!bytes_) throw std::bad_alloc();
  }
  /// Memory of somebody else, who keeps it; it is aligned already.
  explicit AlignedBuffer(std::span<std::byte> borrowed) : borrowed_(borrowed) {}
  [[nodiscard]] std::span<std::byte> span() const { return bytes_ ? std::span(bytes_.get(), size_) : borrowed_; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_ = 0;
  std::span<std::byte> borrowed_;
};

}  // namespace triage
