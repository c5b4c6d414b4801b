// SPDX-License-Identifier: Apache-2.0
// Merkle tree over the chunk digests of an image, as in RFC 6962 §2.1 with SHA-256: leaf = H(0x00 ‖ chunk's SHA-256),
// node = H(0x01 ‖ left ‖ right), split at the largest power of two below the count; no chunks: H of nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bytes/digest.h"

namespace triage {

using ChunkDigest = std::array<std::byte, 32>;

/// Takes chunk digests in order and keeps one node a level.
class MerkleTree {
 public:
  void add(const ChunkDigest& chunk);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The root of what was added so far.
  [[nodiscard]] ChunkDigest root() const;
  [[nodiscard]] std::string root_hex() const;

 private:
  std::vector<ChunkDigest> open_;  // complete subtrees, largest first; their sizes are the bits of count_
  std::uint64_t count_ = 0;
};

}  // namespace triage
