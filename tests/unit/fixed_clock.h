// SPDX-License-Identifier: Apache-2.0
// A clock that always says the same.
#pragma once

#include "base/clock.h"

namespace triage {

class FixedClock final : public Clock {
 public:
  /// `now`: UTC ns since 1970.
  explicit FixedClock(std::int64_t now) : now_(now) {}
  [[nodiscard]] std::int64_t utc_nanos() const override { return now_; }
  [[nodiscard]] std::chrono::nanoseconds steady() const override { return std::chrono::nanoseconds{0}; }

 private:
  std::int64_t now_;
};

}  // namespace triage
