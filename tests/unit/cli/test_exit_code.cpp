// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

#include <doctest/doctest.h>

#include <array>

using namespace triage;
using cli::ExitCode;

TEST_CASE("exit codes are the documented numbers") {
  CHECK(cli::to_int(ExitCode::kComplete) == 0);
  CHECK(cli::to_int(ExitCode::kDamaged) == 1);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kUsage)) == 2);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kUnreadable)) == 3);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kUnsupported)) == 3);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kVerification)) == 4);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kInternal)) == 5);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kOutput)) == 6);
  CHECK(cli::to_int(ExitCode::kFailOn) == 10);
  CHECK(cli::to_int(cli::exit_code_of(ErrorCode::kInterrupted)) == 130);
}

TEST_CASE("merging exit codes never hides a failure, in either order") {
  constexpr std::array kWeakToStrong = {ExitCode::kComplete,     ExitCode::kDamaged,     ExitCode::kFailOn,
                                        ExitCode::kVerification, ExitCode::kUnreadable,  ExitCode::kOutput,
                                        ExitCode::kUsage,        ExitCode::kInterrupted, ExitCode::kInternal};
  for (std::size_t i = 0; i < kWeakToStrong.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      CHECK(cli::merge(kWeakToStrong[i], kWeakToStrong[j]) == kWeakToStrong[i]);
      CHECK(cli::merge(kWeakToStrong[j], kWeakToStrong[i]) == kWeakToStrong[i]);
    }
  }
}
