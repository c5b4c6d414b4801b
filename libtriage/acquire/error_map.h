// SPDX-License-Identifier: Apache-2.0
// ErrorMap: what of a source was read, what not, in the syntax of ddrescue's mapfile (GNU ddrescue manual, "Mapfile
// structure"): '#' lines, a status line "pos status [pass]", then "pos size status" in hex, one for each run.
//   ? not tried   * failed, not trimmed   / failed, not scraped   - bad sector   + finished
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace triage {

enum class MapStatus : char {
  kUntried = '?',
  kUntrimmed = '*',
  kUnscraped = '/',
  kBad = '-',
  kRescued = '+',
};

class ErrorMap {
 public:
  struct Run {
    std::uint64_t at = 0;
    std::uint64_t length = 0;
    MapStatus status = MapStatus::kUntried;
    bool operator==(const Run&) const = default;
  };

  /// kUsage with the line that is not understood. Runs must follow one another without overlap; gaps are untried.
  static Result<ErrorMap> parse(std::string_view text);
  /// The map of an acquisition that read [0, done) of `size` bytes except for `bad` ({offset, length}, sorted).
  static ErrorMap of(std::uint64_t size, std::uint64_t done,
                     const std::vector<std::pair<std::uint64_t, std::uint64_t>>& bad);

  /// `comment` lines without '#'; must hold no newline.
  [[nodiscard]] std::string text(const std::vector<std::string>& comment) const;
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  /// Status of byte `at` and the first byte behind it that may differ.
  [[nodiscard]] std::pair<MapStatus, std::uint64_t> status_at(std::uint64_t at) const;

 private:
  void add(std::uint64_t at, std::uint64_t length, MapStatus status);
  std::vector<Run> runs_;
};

}  // namespace triage
