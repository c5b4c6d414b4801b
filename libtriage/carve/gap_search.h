// SPDX-License-Identifier: Apache-2.0
// Fragmented files: a file that does not hold as it lies is put together from its beginning and what stands behind one
// gap (JPEG: behind several), until its carver calls it whole. Gaps begin and end on a grid counted from the file's
// first byte. Work is counted in bytes and bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "carve/carver.h"

namespace triage {

/// A run of bytes of a window.
struct CarvePart {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct GapFind {
  std::vector<CarvePart> parts;  ///< in the file's order, at least two
  CarveResult result;            ///< kComplete; its length is that of the parts together
};

class GapSearch {
 public:
  /// `grid`: bytes, the cluster size or a divisor of it. `budget`: bytes that may be looked at for all files together.
  GapSearch(Bytes window, std::uint64_t grid, std::uint64_t budget) : window_(window), grid_(grid), budget_(budget) {}

  /// Pieces of the file at `at`, of which its carver said `first`; nullopt when none fit or the budget is used up.
  std::optional<GapFind> find(std::uint64_t at, const Carver& carver, const CarveResult& first);

 private:
  std::optional<GapFind> decoded(std::uint64_t at, const CarveResult& first);
  std::optional<GapFind> two_pieces(std::uint64_t at, const Carver& carver, const CarveResult& first);
  std::optional<GapFind> judge(const Carver& carver, std::uint64_t at, const CarveResult& first, std::uint64_t head,
                               std::uint64_t gap);
  bool charge(std::uint64_t bytes);

  Bytes window_;
  std::uint64_t grid_;
  std::uint64_t budget_;
  std::vector<std::byte> file_;  ///< the candidate being looked at
};

}  // namespace triage
