// SPDX-License-Identifier: Apache-2.0
// CarveScan: finds the candidates of all carvers in one pass over a window of a stream, lets the carvers judge them and
// settles what lies inside what. Pure and bounded: the bytes handed to carvers are counted.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "carve/carver.h"
#include "carve/gap_search.h"

namespace triage {

/// One file found in a window.
struct CarveHit {
  std::uint64_t offset = 0;  ///< bytes from the start of the window
  std::uint64_t length = 0;
  const Carver* carver = nullptr;
  std::string_view extension;
  CarveGrade grade = CarveGrade::kNone;  ///< kComplete or kTruncated
  std::vector<CarvePart> parts;          ///< of a fragmented file; empty where it lies in one piece
  bool more_needed = false;  ///< the window ended inside it; hits after it may lie inside the file once it is whole
};

struct CarveScanOptions {
  std::uint64_t step = 512;   ///< candidates begin at multiples of it from the window's start; 1: anywhere
  std::uint64_t grid = 4096;  ///< gaps inside files begin and end on multiples of it; 0: no gaps are looked for
  std::uint64_t begin = 0;    ///< no candidate before this offset (it lies in a file told with the window before)
};

struct CarveScanResult {
  std::vector<CarveHit> hits;  ///< by offset; nothing that lies inside a complete hit
  bool out_of_budget = false;  ///< candidates were left unjudged: hostile or very dense data
};

class CarveScan {
 public:
  /// `carvers` must outlive the object; usually all_carvers().
  explicit CarveScan(std::span<const Carver* const> carvers);
  /// Candidates begin before `own_length`; what follows in `window` is there for their ends only.
  [[nodiscard]] CarveScanResult scan(Bytes window, std::uint64_t own_length, const CarveScanOptions& options) const;

 private:
  struct Entry {
    const Carver* carver;
    CarveMagic magic;
  };
  struct Run;
  void judge_at(Run& run, std::uint64_t at, std::span<const Entry> entries) const;
  void scan_steps(Run& run) const;
  void scan_bytes(Run& run) const;

  std::vector<Entry> entries_;              ///< by first byte of the magic
  std::array<std::uint16_t, 257> first_{};  ///< entries_ of byte b: [first_[b], first_[b + 1])
  /// Magics are spread over eight groups, one bit each: a byte pair (a, b) can begin one only where
  /// first_groups_[a] & second_groups_[b] is not 0.
  std::array<std::uint8_t, 256> first_groups_{};
  std::array<std::uint8_t, 256> second_groups_{};
};

}  // namespace triage
