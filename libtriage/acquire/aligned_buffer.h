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
  [[nodiscard]] std::span<std::byte> span() const { return {bytes_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_;
};

}  // namespace triage
