// SPDX-License-Identifier: Apache-2.0
// Result<T>: how a fallible function of this project returns. An Error says what, where and which system error.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace triage {

/// Kinds of failure; each maps to one exit status (tools/cli/exit_code.h).
enum class ErrorCode {
  kUsage,         ///< the request cannot be meant: exit 2
  kUnreadable,    ///< evidence cannot be opened or read: exit 3
  kUnsupported,   ///< evidence is of a kind this build does not read: exit 3
  kVerification,  ///< a check failed: exit 4
  kOutput,        ///< output cannot be written: exit 6
  kInterrupted,   ///< stopped by a person: exit 130
  kInternal,      ///< a bug: exit 5
};

/// A failure with its place. `message` is a whole English sentence without a final stop.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string where;      ///< file, stream or field; empty when the message says it
  int sys_errno = 0;      ///< errno of the failed call, 0 when none
  std::string next_step;  ///< what the person can do now; may be empty

  /// "message: where (system text)". One line, safe for a terminal when its parts are.
  [[nodiscard]] std::string text() const;
};

template <typename T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

/// Makes the failure side of a Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}, int sys_errno = 0,
                                  std::string next_step = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(where), sys_errno, std::move(next_step)});
}

}  // namespace triage

#define TRIAGE_JOIN_INNER(a, b) a##b
#define TRIAGE_JOIN(a, b) TRIAGE_JOIN_INNER(a, b)
/// TRIAGE_TRY(auto x, f()): x is the value of f(), or the enclosing function returns f()'s Error.
#define TRIAGE_TRY(declaration, expression)                                                           \
  auto TRIAGE_JOIN(triage_result_, __LINE__) = (expression);                                          \
  if (!TRIAGE_JOIN(triage_result_, __LINE__))                                                         \
    return tl::unexpected<::triage::Error>(std::move(TRIAGE_JOIN(triage_result_, __LINE__)).error()); \
  declaration = std::move(*TRIAGE_JOIN(triage_result_, __LINE__))
/// TRIAGE_TRY_STATUS(f()): the enclosing function returns f()'s Error if it failed.
#define TRIAGE_TRY_STATUS(expression) TRIAGE_TRY_STATUS_AS(TRIAGE_JOIN(triage_status_, __COUNTER__), expression)
#define TRIAGE_TRY_STATUS_AS(name, expression)                                  \
  do {                                                                          \
    auto name = (expression);                                                   \
    if (!name) return tl::unexpected<::triage::Error>(std::move(name).error()); \
  } while (false)
