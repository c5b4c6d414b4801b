// SPDX-License-Identifier: Apache-2.0
// Plan: the order in which the streams of one evidence are read. It depends on the evidence and the options only, so
// that a resumed run and any number of workers see the same batches.
//
//   entries without bytes (directories, links, names)   in the order of the map
//   files, named streams and their slack                by place on the medium
//   regions (metadata, unallocated, unparsed, gaps)     by place, in windows; a deleted file whose bytes lie in one
//                                                       window of a region is a view into it, not read again
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "engine/piece.h"
#include "model/stream.h"

namespace triage {

struct PlanOptions {
  std::uint64_t max_file = 256ULL << 20;  ///< larger streams are read in windows
  std::uint64_t window = 32ULL << 20;
  std::uint64_t region_carry = 16ULL << 20;  ///< bytes of the window before that a region's window begins with
  std::uint64_t file_carry = 64ULL << 10;
  std::uint64_t batch_bytes = 8ULL << 20;  ///< small streams share a slot up to this
  std::uint32_t batch_pieces = 2048;
  bool files = true;
  bool deleted = true;
  bool regions = true;
  bool contents = true;  ///< false: descriptions only, nothing is read
  /// Bytes that streams which share theirs with others (deleted files, cross-linked ones) may cost again; beyond it
  /// such a stream is named with damage and not read. Nothing: four times the image and 1 GiB.
  std::optional<std::uint64_t> shared_limit;
  std::set<std::string> companion_suffixes;  ///< as ArtifactParser::companions
};

/// One stream's part in the plan.
struct PlannedPiece {
  std::uint64_t entry = 0;  ///< sequence of the stream
  std::uint64_t stream_offset = 0;
  std::uint64_t length = 0;
  std::uint64_t carry = 0;        ///< taken from the window before
  std::uint64_t view_offset = 0;  ///< views: bytes into the batch's region piece
  bool view = false;
  bool last = true;
  bool whole = true;
  bool readable = true;
  bool over_limit = false;  ///< not read: PlanOptions::shared_limit was used up
};

class Plan {
 public:
  /// `store` takes the descriptions, so that a million files do not stay in memory.
  Plan(PlanOptions options, UniqueFd store);

  /// Adds the next stream of the map and gives it its sequence.
  Status add(Stream stream);
  /// Orders everything. Nothing may be added afterwards.
  Status finish();

  [[nodiscard]] std::uint64_t batch_count() const { return batch_begins_.size(); }
  [[nodiscard]] std::span<const PlannedPiece> batch(std::uint64_t index) const;
  /// The stream as it was added.
  Result<Stream> stream(std::uint64_t sequence) const;
  [[nodiscard]] std::uint64_t stream_count() const { return entries_.size(); }
  /// Bytes that the sweep will read from the medium (views not counted).
  [[nodiscard]] std::uint64_t total_bytes() const { return total_bytes_; }
  /// Bytes of one batch.
  [[nodiscard]] std::uint64_t batch_bytes(std::uint64_t index) const;
  /// Identity of the plan: same evidence, options and build give the same.
  [[nodiscard]] const std::string& digest() const { return digest_; }
  /// Deleted files that lie in the region's piece of batch `index` and are told elsewhere.
  [[nodiscard]] std::vector<ViewSpan> known_views(std::uint64_t index) const;
  /// Piece::resident_records of a stream that is a master file table; empty for all others.
  [[nodiscard]] std::string resident_records(const Stream& stream) const;
  /// Streams to be read along with `sequence`: (suffix, sequence).
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> companions(std::uint64_t sequence) const;

 private:
  struct Entry {
    std::uint64_t store_offset = 0;
    std::uint64_t first_byte = 0;  ///< on the medium
    std::uint64_t size = 0;        ///< bytes of content to read
    std::uint64_t path_hash = 0;
    std::uint32_t store_size = 0;
    std::uint32_t volume = 0;
    StreamKind kind = StreamKind::kFile;
    bool region = false;
    bool has_extents = false;
    bool deleted = false;
    bool shared = false;      ///< its bytes belong to other streams too
    bool sparse_gap = false;  ///< far more zeros than bytes: read without them
  };
  struct Region;

  Status flush();
  void note_companion(const Stream& stream, const Entry& entry);
  void note_named_companion(const Stream& stream, const Entry& entry, const std::string& name, std::string_view owners);
  void note_resident(const Stream& stream, const Entry& entry);
  void plan_entries();
  void plan_content(std::uint64_t sequence);
  Status plan_regions();
  Result<std::vector<Region>> collect_regions() const;
  Status plan_deleted(std::uint64_t sequence, std::vector<Region>& regions);
  [[nodiscard]] std::uint64_t data_begin(std::uint64_t window) const;
  bool spend_shared(const Entry& entry, std::uint64_t bytes);
  void add_over_limit(std::uint64_t sequence);
  void add_region(const Region& region);
  void add_windows(std::uint64_t sequence, std::uint64_t from, std::uint64_t to, std::uint64_t carry);
  void add_small(const PlannedPiece& piece);
  void end_batch();
  [[nodiscard]] bool wanted(const Entry& entry) const;
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> span_to_read(std::uint64_t sequence) const;

  PlanOptions options_;
  UniqueFd store_;
  std::string pending_;
  std::uint64_t stored_ = 0;
  std::vector<Entry> entries_;
  std::vector<PlannedPiece> pieces_;
  std::vector<std::size_t> batch_begins_;
  std::size_t open_begin_ = 0;
  std::uint64_t open_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t shared_bytes_ = 0;
  std::string digest_;
  std::vector<std::uint64_t> unplaced_deleted_;
  std::vector<std::uint64_t> apart_;                                    ///< deleted ones that are no views
  std::unordered_map<std::size_t, std::vector<ViewSpan>> known_views_;  ///< by index of the region's piece
  std::unordered_map<std::uint32_t, std::string> resident_;             ///< by volume: Piece::resident_records
  std::unordered_map<std::uint64_t, std::vector<std::pair<std::string, std::uint64_t>>> companions_;
};

}  // namespace triage
