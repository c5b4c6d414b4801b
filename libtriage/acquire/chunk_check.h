// SPDX-License-Identifier: Apache-2.0
// The parts of verify_image: reading chunks of an image by several threads and comparing them with what is known.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acquire/image_input.h"
#include "acquire/merkle.h"
#include "acquire/verify_image.h"
#include "bytes/digest.h"

namespace triage {

/// SHA-256 of chunks as they were acquired, read from a file that holds them one behind another.
class ChunkList {
 public:
  /// `count` digests at `at` of `fd`, which outlives it.
  ChunkList(int fd, std::uint64_t at, std::uint64_t count) : fd_(fd), at_(at), count_(count) {}
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// At most `limit` digests from `first`; fewer where the file ends. Any thread.
  [[nodiscard]] std::vector<ChunkDigest> read(std::uint64_t first, std::size_t limit) const;
  /// Root of the tree over all; nullopt where they cannot be read.
  [[nodiscard]] std::optional<std::string> merkle_root() const;

 private:
  int fd_;
  std::uint64_t at_;
  std::uint64_t count_;
};

/// Reads chunks of one thread. Any Error: that chunk cannot be had.
using ChunkReader = std::function<Status(std::uint64_t index, std::span<std::byte> out)>;

struct ChunkCheckPlan {
  std::uint64_t size = 0;  ///< of the image
  std::size_t chunk_bytes = 0;
  const ChunkList* list = nullptr;
  std::function<Result<ChunkReader>()> make_reader;  ///< one for each thread
};

/// Ranges of the source whose bytes are not those of the list, joined and sorted. kInterrupted when stopped.
Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> check_chunks(const ChunkCheckPlan& plan,
                                                                          const VerifyImageOptions& options);

/// What the footer (or NAME.json) says.
struct ImageClaims {
  std::string image_id;
  std::string metadata_sha256;
  std::uint64_t size = 0;
  std::uint64_t chunk_bytes = 0;
  std::uint64_t chunk_count = 0;
  std::string merkle_root;
  std::vector<std::pair<DigestKind, std::string>> hashes;
  std::uint64_t unreadable_bytes = 0;
  std::size_t unreadable_runs = 0;
};
/// kVerification where a field is missing or cannot be.
Result<ImageClaims> parse_claims(std::string_view footer_json);

/// One pass in order over `input`: its digests of `kinds`. Read errors of the input are joined into `unreadable`.
Result<std::vector<std::pair<DigestKind, std::string>>> hash_in_order(
    ImageInput& input, const std::vector<DigestKind>& kinds, const VerifyImageOptions& options,
    std::vector<std::pair<std::uint64_t, std::uint64_t>>& unreadable);

}  // namespace triage
