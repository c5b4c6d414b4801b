// SPDX-License-Identifier: Apache-2.0
// ImageWriter: one format of the image. The pipeline hands it packed chunks in order; after a kill it reads back what
// is stored, chunk by chunk, and goes on behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "acquire/chunk_journal.h"
#include "acquire/pipeline.h"
#include "base/result.h"

namespace triage {

/// What a person says of the image; empty is unknown.
struct CaseLabels {
  std::string case_number;
  std::string evidence_number;
  std::string examiner;
  std::string description;
  std::string notes;
};

/// What a writer knows before the first byte.
struct ImageHead {
  std::string metadata;  ///< one JSON object "triage.image.v1"
  std::optional<std::uint64_t> size;
  std::uint32_t sector_size = 512;
  std::size_t chunk_bytes = 0;
  std::uint64_t segment_bytes = 0;  ///< 0: one file
  int level = 1;                    ///< of compression
  CaseLabels labels;
  std::string model;   ///< of the device
  std::string serial;  ///< of the device
  std::string tool;
  std::int64_t started_ns = 0;  ///< UTC
  std::string image_id;         ///< 32 hex digits
};

/// What it learns after the last.
struct ImageSeal {
  std::uint64_t size = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> unreadable;  ///< {offset, length}, sorted
  std::map<DigestKind, std::string> hashes;
  std::string merkle_root;
  std::string footer;     ///< one JSON object "triage.image.footer.v1"
  std::string signature;  ///< seal bytes; empty: none
};

class ImageWriter {
 public:
  virtual ~ImageWriter() = default;
  /// Numbers the journal keeps of each chunk, at most kMaxParts.
  [[nodiscard]] virtual std::size_t parts() const = 0;
  [[nodiscard]] virtual std::unique_ptr<ChunkPacker> make_packer() const = 0;
  /// Makes the files of a new image.
  virtual Status begin() = 0;
  /// Opens those of an unfinished one.
  virtual Status reopen() = 0;
  /// The next stored chunk, `out` filled exactly. An Error of any kind: it is not there as it should be.
  virtual Status read_back(const ChunkJournal::Entry& entry, std::span<std::byte> out) = 0;
  /// What was read back so far is good.
  virtual void mark() = 0;
  /// Ends reading back. `count` chunks are good, as many as there were at the last mark(); the rest is cut off.
  virtual Status go_on(std::uint64_t count) = 0;
  virtual Status append(const PackedChunk& chunk) = 0;
  virtual Status finish(const ImageSeal& seal, const ChunkJournal& journal) = 0;
  /// All that was appended is on the disk.
  virtual Status sync() = 0;
  [[nodiscard]] virtual std::uint64_t stored_bytes() const = 0;
  /// Paths of the image's files.
  [[nodiscard]] virtual std::vector<std::string> files() const = 0;
};

/// `path` "-" is descriptor `stdout_fd`.
struct ImageTarget {
  std::string path;
  int stdout_fd = 1;
};
std::unique_ptr<ImageWriter> make_zst_writer(const ImageTarget& target, const ImageHead& head);
/// Segments of head.segment_bytes are PATH.001, PATH.002 …
std::unique_ptr<ImageWriter> make_raw_writer(const ImageTarget& target, const ImageHead& head);
/// target.path is the name without ".E01"; the size must be known and end on a sector (else begin() fails).
std::unique_ptr<ImageWriter> make_ewf_writer(const ImageTarget& target, const ImageHead& head);

}  // namespace triage
