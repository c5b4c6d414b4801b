// SPDX-License-Identifier: Apache-2.0
// Progress on stderr: on a terminal one line that is rewritten (at most ten times a second), with --progress=json one
// JSON line a second, otherwise nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/context.h"

namespace triage::cli {

/// How far a run is.
struct Progress {
  std::string_view phase;  ///< "sweep"; a name of ours, the same in every language
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total;  ///< nullopt while it is not known
  std::uint64_t damage_count = 0;
  std::chrono::nanoseconds elapsed{0};  ///< since the run began
};

/// "sweep  45%  1.2 GiB of 2.6 GiB  310.0 MiB/s  0:05 left  3 damaged"
std::string progress_line(const Progress& progress, Lang lang);
/// The same as one JSON object, schema "triage.progress.v1".
std::string progress_json(const Progress& progress);

class ProgressPrinter {
 public:
  explicit ProgressPrinter(const Context& context);
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  /// Shows `progress` unless the last one is too young; a new phase is always shown.
  void update(const Progress& progress);
  /// Clears the line, or writes the last JSON line.
  void finish();

 private:
  enum class Way : std::uint8_t { kNone, kLine, kJson };
  void show(const Progress& progress);
  Way way_ = Way::kNone;
  Lang lang_;
  std::string phase_;
  std::string held_back_;  ///< the newest line not shown yet (JSON)
  std::optional<std::chrono::nanoseconds> shown_at_;
  bool line_open_ = false;
};

}  // namespace triage::cli
