// SPDX-License-Identifier: Apache-2.0
// Sha256Pair: SHA-256 of a run of bytes and of each of its chunks, in one pass. On processors with SHA instructions
// both digests of a 64-byte block share its message schedule, and their rounds, each waiting for its own last one, fill
// each other's gaps: two digests cost little more than one. Elsewhere OpenSSL makes both, one after the other.
// Source: FIPS 180-4 §5-6; Intel 64 and IA-32 Architectures Software Developer's Manual, SHA256RNDS2, SHA256MSG1/2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "bytes/cursor.h"

namespace triage {

class Sha256Pair {
 public:
  /// True where this processor has the instructions.
  static bool is_fast();

  /// `use_instructions` false takes OpenSSL even where the processor has them.
  explicit Sha256Pair(bool use_instructions = true);
  ~Sha256Pair();
  Sha256Pair(const Sha256Pair&) = delete;
  Sha256Pair& operator=(const Sha256Pair&) = delete;

  /// Adds `chunk` to the whole and gives its own digest. REQUIRES: what was added before is a multiple of 64 bytes.
  std::array<std::byte, 32> add_chunk(Bytes chunk);
  /// Adds `data` to the whole only. REQUIRES: as add_chunk().
  void add(Bytes data);
  /// Digest of the whole; nothing may be added after it.
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace triage
