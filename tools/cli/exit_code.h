// SPDX-License-Identifier: Apache-2.0
// Exit statuses of every command (DESIGN.md §3), and how several outcomes of one run become one.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace triage::cli {

enum class ExitCode : std::uint8_t {
  kComplete = 0,
  kDamaged = 1,  ///< complete, but something was damaged or skipped; the output names it
  kUsage = 2,
  kUnreadable = 3,  ///< evidence unreadable or unsupported
  kVerification = 4,
  kInternal = 5,
  kOutput = 6,         ///< output could not be written
  kFailOn = 10,        ///< --fail-on SEVERITY was met
  kInterrupted = 130,  ///< stopped by a person; the case can be resumed
};

constexpr int to_int(ExitCode code) { return static_cast<int>(code); }

constexpr ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage: return ExitCode::kUsage;
    case ErrorCode::kUnreadable:
    case ErrorCode::kUnsupported: return ExitCode::kUnreadable;
    case ErrorCode::kVerification: return ExitCode::kVerification;
    case ErrorCode::kOutput: return ExitCode::kOutput;
    case ErrorCode::kInterrupted: return ExitCode::kInterrupted;
    case ErrorCode::kInternal: return ExitCode::kInternal;
  }
  return ExitCode::kInternal;
}

/// The status of two outcomes together: the one that a caller must not miss. From strongest to weakest: bug,
/// interrupted, usage, output, unreadable, verification, --fail-on, damaged, complete.
constexpr ExitCode merge(ExitCode a, ExitCode b) {
  constexpr auto rank = [](ExitCode code) {
    switch (code) {
      case ExitCode::kInternal: return 8;
      case ExitCode::kInterrupted: return 7;
      case ExitCode::kUsage: return 6;
      case ExitCode::kOutput: return 5;
      case ExitCode::kUnreadable: return 4;
      case ExitCode::kVerification: return 3;
      case ExitCode::kFailOn: return 2;
      case ExitCode::kDamaged: return 1;
      case ExitCode::kComplete: return 0;
    }
    return 8;
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace triage::cli
