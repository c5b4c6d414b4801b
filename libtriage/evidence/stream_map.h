// SPDX-License-Identifier: Apache-2.0
// StreamMap: who owns which bytes of the image. The first stream that claims a byte owns it; a stream that meets a
// claimed byte owns nothing and is a view as a whole, so that its other bytes fall to the file system's metadata.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/stream.h"

namespace triage {

/// Half-open run of bytes of the image.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool operator==(const ByteRange&) const = default;
};

/// Disjoint ranges in order; neighbours are joined, so that memory follows fragmentation and not the number of files.
class RangeSet {
 public:
  /// Adds [begin, end); parts already inside stay as they are.
  void insert(ByteRange range);
  [[nodiscard]] bool overlaps(ByteRange range) const;
  /// The parts of `range` that are not in the set, in order.
  [[nodiscard]] std::vector<ByteRange> outside(ByteRange range) const;
  [[nodiscard]] std::size_t size() const { return ranges_.size(); }

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  // begin → end
};

class StreamMap {
 public:
  /// Takes all placed runs of `extents`, or none when one of them (or two of them) meets a claimed byte.
  bool claim(std::span<const Extent> extents);
  /// What nobody claimed within `range`.
  [[nodiscard]] std::vector<ByteRange> unclaimed(ByteRange range) const { return claimed_.outside(range); }

 private:
  RangeSet claimed_;
};

/// Appends a run, joined with the last one where they touch. Empty runs are dropped.
void append_extent(std::vector<Extent>& extents, const Extent& extent);

/// What the owning streams of a map cover.
struct PartitionCheck {
  std::uint64_t owned = 0;    ///< bytes owned by streams
  std::uint64_t doubled = 0;  ///< bytes owned more than once
  std::uint64_t missing = 0;  ///< bytes of the image nobody owns
  std::string first_fault;    ///< where the first fault lies; empty when the streams are a partition
  [[nodiscard]] bool ok() const { return first_fault.empty(); }
};

/// Checks that the placed extents of all streams that are no views cover [0, image_size) exactly once.
PartitionCheck check_partition(std::span<const Stream> streams, ByteCount image_size);

}  // namespace triage
