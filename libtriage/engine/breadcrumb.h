// SPDX-License-Identifier: Apache-2.0
// Breadcrumb: what a child is at, in memory it shares with the supervisor. When the child dies or hangs, this says
// which stream and which consumer is to blame.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace triage {

struct Breadcrumb {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // scanner: piece of the batch and consumer; kNone between consumers
  std::atomic<std::uint32_t> piece{kNone};
  std::atomic<std::uint32_t> consumer{kNone};
  // reader: file system and inode while mapping, stream sequence while reading; `busy` between library calls is 0
  std::atomic<std::uint64_t> volume_offset{0};
  std::atomic<std::uint64_t> inode{0};
  std::atomic<std::uint64_t> sequence{0};
  std::atomic<std::uint32_t> phase{0};  ///< 0 idle, 1 mapping, 2 reading content through a library
  /// Goes up with every step; unchanged means still in the same step.
  std::atomic<std::uint64_t> steps{0};

  void at_piece(std::uint32_t piece_index, std::uint32_t consumer_index) {
    piece.store(piece_index, std::memory_order_relaxed);
    consumer.store(consumer_index, std::memory_order_relaxed);
    steps.fetch_add(1, std::memory_order_release);
  }
  void at_inode(std::uint64_t volume, std::uint64_t number) {
    volume_offset.store(volume, std::memory_order_relaxed);
    inode.store(number, std::memory_order_relaxed);
    phase.store(1, std::memory_order_relaxed);
    steps.fetch_add(1, std::memory_order_release);
  }
  void at_content(std::uint64_t stream_sequence) {
    sequence.store(stream_sequence, std::memory_order_relaxed);
    phase.store(2, std::memory_order_relaxed);
    steps.fetch_add(1, std::memory_order_release);
  }
  void idle() {
    piece.store(kNone, std::memory_order_relaxed);
    consumer.store(kNone, std::memory_order_relaxed);
    phase.store(0, std::memory_order_relaxed);
    steps.fetch_add(1, std::memory_order_release);
  }
};

/// A breadcrumb in anonymous shared memory; lives until the process that made it ends.
Breadcrumb& make_shared_breadcrumb();

}  // namespace triage
