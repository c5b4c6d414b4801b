// SPDX-License-Identifier: Apache-2.0
// The acquisition pipeline: one thread reads blocks in order, one thread a digest hashes them, workers pack their
// chunks, and the calling thread takes them in order again. A block is freed when all are done with it, so memory is
// the ring of blocks and nothing else. Digests of chunks are made by the thread of SHA-256 in the same pass
// (Sha256Pair) where the processor has the instructions, by the workers elsewhere. Threads stand here although STYLE.md
// keeps them to engine/ and report/: bytes of evidence are copied, hashed and compressed, never parsed, so that no
// hostile structure meets code that shares memory.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "acquire/aligned_buffer.h"
#include "acquire/merkle.h"
#include "bytes/digest.h"
#include "evidence/source.h"

namespace triage {

inline constexpr std::size_t kMaxParts = 8;

/// One chunk as its format stores it.
struct PackedChunk {
  std::vector<std::byte> buffer;  ///< the packer's, kept for the next chunk in this place
  Bytes stored;                   ///< what is to be written: in `buffer`, in the block or in the packer
  bool zero = false;              ///< the chunk is all zeros
  std::uint32_t content_bytes = 0;
  std::array<std::uint32_t, kMaxParts> parts{};  ///< the format's own sizes of its pieces
  ChunkDigest digest{};                          ///< SHA-256 of the content
};

/// Packs chunks for a format; each worker has its own.
class ChunkPacker {
 public:
  virtual ~ChunkPacker() = default;
  /// Fills stored and parts of `out`; zero and content_bytes are set already.
  virtual void pack(Bytes chunk, PackedChunk& out) = 0;
};

/// Some chunks that follow one another.
struct Block {
  explicit Block(AlignedBuffer memory) : data(std::move(memory)) {}
  AlignedBuffer data;
  std::size_t place = 0;  ///< in the ring
  std::uint64_t at = 0;
  std::size_t length = 0;
  std::vector<ReadFault> faults;
  bool replayed = false;  ///< it is stored already and passes for its hashes only; `chunks` are not packed
  std::size_t chunk_count = 0;
  std::vector<PackedChunk> chunks;  ///< `digest` of replayed ones is set by the feed
};

/// Fills block.data, at, length, faults, replayed; length 0 ends the image. Called by the reading thread only.
using BlockFeed = std::function<Status(Block&)>;
/// Takes finished blocks in order, on the calling thread.
using BlockDrain = std::function<Status(const Block&)>;

struct PipelineOptions {
  std::size_t chunk_bytes = 256 * 1024;
  std::size_t block_bytes = 512 * 1024;  ///< a multiple of chunk_bytes
  std::size_t block_count = 6;
  std::vector<DigestKind> hashes;
  /// Memory of a block by its place in the ring, block_bytes each; without it the pipeline takes its own.
  std::function<std::span<std::byte>(std::size_t)> memory;
  bool hash_chunks = true;  ///< PackedChunk::zero and digest; without them only the digests of the whole are taken
};

struct PipelineResult {
  std::map<DigestKind, std::string> hashes;  ///< of all bytes fed; only when the feed ended by itself
  Status status;                             ///< the first failure of feed or drain; what was read before was drained
};

/// Runs until the feed ends or something fails. One worker for each packer; at least one.
PipelineResult run_pipeline(const PipelineOptions& options, std::vector<std::unique_ptr<ChunkPacker>> packers,
                            const BlockFeed& feed, const BlockDrain& drain);

/// True when every byte is zero.
bool all_zero(Bytes data);

}  // namespace triage
