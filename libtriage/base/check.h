// SPDX-License-Identifier: Apache-2.0
// TRIAGE_CHECK: a condition that only a bug of ours can break. It throws Bug, which main() turns into exit 5 and a
// worker into Damage{crash}. Never reachable from input.
#pragma once

#include <stdexcept>
#include <string>

namespace triage {

/// A broken assumption of the program itself.
class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace triage

#define TRIAGE_CHECK(condition)                                                                                     \
  do {                                                                                                              \
    if (!(condition))                                                                                               \
      throw ::triage::Bug(std::string("check failed: " #condition " at " __FILE__ ":") + std::to_string(__LINE__)); \
  } while (false)
