// SPDX-License-Identifier: Apache-2.0
// ChunkJournal: NAME.state, what an acquisition has stored so far, appended after each block. A run that was killed
// goes on from it; a finished one takes the list of chunk digests from it. Little-endian:
//   "TRIAGEST" version u32 head_bytes u32 head(JSON) record*
//   record := 'C' SHA-256(32) part u32 × parts      one chunk
//           | 'F' offset u64 length u64 errno u32, zeros up to a record's size      one unreadable run
// It is never trusted further than the stored bytes agree with its digests.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "acquire/pipeline.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace triage {

class ChunkJournal {
 public:
  struct Entry {
    ChunkDigest digest{};
    std::array<std::uint32_t, kMaxParts> parts{};
  };

  /// Makes `path` anew; a file of that name is kOutput. An empty path keeps the journal in an unnamed file.
  static Result<ChunkJournal> create(const std::string& path, const std::string& head, std::size_t parts);
  /// Opens the journal of an earlier run. kUsage where it is none.
  static Result<ChunkJournal> open(const std::string& path, std::size_t parts);

  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] std::uint64_t chunk_count() const { return chunk_count_; }
  /// Unreadable runs in the order they were met.
  [[nodiscard]] const std::vector<ReadFault>& faults() const { return faults_; }

  /// Chunk records from `first`, at most `limit`.
  Result<std::vector<Entry>> read(std::uint64_t first, std::size_t limit) const;
  /// Forgets all chunks from `count` on and the faults of what lies there; where a block's faults stand before chunks
  /// that stay, those go too. Gives the number of chunks left.
  Result<std::uint64_t> cut(std::uint64_t count, std::size_t chunk_bytes);
  /// Faults of a block go before its chunks.
  Status append(const std::vector<ReadFault>& faults, const PackedChunk* chunks, std::size_t count);
  Status sync();
  /// Takes the file away.
  Status remove();

 private:
  ChunkJournal(std::string path, UniqueFd fd, std::size_t parts)
      : path_(std::move(path)), fd_(std::move(fd)), record_bytes_(1 + 32 + 4 * parts), parts_(parts) {}
  Status load();
  Status write_at_end(const std::string& bytes);
  [[nodiscard]] std::uint64_t place_of(std::uint64_t chunk) const;

  std::string path_;
  UniqueFd fd_;
  std::size_t record_bytes_;
  std::size_t parts_;
  std::string head_;
  std::uint64_t end_ = 0;
  std::uint64_t chunk_count_ = 0;
  std::vector<ReadFault> faults_;
  struct FaultPlace {
    std::uint64_t at;      // in the file
    std::uint64_t chunks;  // before it
  };
  std::vector<FaultPlace> fault_places_;  // of faults_
  /// Runs of chunk records: {number of the first, its place in the file}; faults stand between them.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs_;
};

}  // namespace triage
