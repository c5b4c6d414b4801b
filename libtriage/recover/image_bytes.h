// SPDX-License-Identifier: Apache-2.0
// ImageBytes: bounded reads of the image for recovery. Every byte asked for is counted against a budget, so that a
// hostile structure costs a stated amount and no more.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes/cursor.h"
#include "evidence/source.h"

namespace triage {

class ImageBytes {
 public:
  /// `source` outlives this object; `budget` is the number of bytes that may be read.
  ImageBytes(Source& source, std::uint64_t budget) : source_(source), left_(budget) {}

  /// Exactly `length` bytes at `at`; nullopt past the end of the image, where the medium fails, or without budget.
  std::optional<std::vector<std::byte>> read(std::uint64_t at, std::size_t length);
  /// Same into `out`; false where read() would give nothing.
  bool read_into(std::uint64_t at, std::span<std::byte> out);
  [[nodiscard]] std::uint64_t size() const { return source_.size().value; }
  /// True once a read was refused for lack of budget.
  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  Source& source_;
  std::uint64_t left_;
  bool exhausted_ = false;
  std::vector<ReadFault> faults_;
};

}  // namespace triage
