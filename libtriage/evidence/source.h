// SPDX-License-Identifier: Apache-2.0
// Source: sector-addressable bytes of evidence, read-only by construction. What the medium refuses to give reads as
// zeros and is named.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "model/stream.h"

namespace triage {

/// What one read could not get.
struct ReadFault {
  ByteOffset at;
  ByteCount length;
  int sys_errno = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual ByteCount size() const = 0;
  [[nodiscard]] virtual SectorSize sector_size() const = 0;
  /// Fills all of `out` from `at`. Unreadable parts and parts past the end are zeros and appended to `faults`.
  virtual void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) = 0;
};

/// Counts what passes through, for the promise of one read.
class CountingSource final : public Source {
 public:
  explicit CountingSource(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}
  [[nodiscard]] ByteCount size() const override { return inner_->size(); }
  [[nodiscard]] SectorSize sector_size() const override { return inner_->sector_size(); }
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    bytes_.fetch_add(out.size(), std::memory_order_relaxed);
    inner_->read(at, out, faults);
  }
  /// Bytes asked of the inner source so far.
  [[nodiscard]] ByteCount bytes_read() const { return ByteCount{bytes_.load(std::memory_order_relaxed)}; }

 private:
  std::unique_ptr<Source> inner_;
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace triage
