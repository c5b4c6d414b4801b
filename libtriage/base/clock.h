// SPDX-License-Identifier: Apache-2.0
// Clock: the only way the library learns the time, so that tests can set it.
#pragma once

#include <chrono>
#include <cstdint>

namespace triage {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock, nanoseconds since 1970-01-01T00:00:00Z.
  [[nodiscard]] virtual std::int64_t utc_nanos() const = 0;
  /// Monotonic clock for rates and limits.
  [[nodiscard]] virtual std::chrono::nanoseconds steady() const = 0;
};

/// The host's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t utc_nanos() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  [[nodiscard]] std::chrono::nanoseconds steady() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace triage
