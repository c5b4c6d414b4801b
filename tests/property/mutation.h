// SPDX-License-Identifier: Apache-2.0
// Damages done to good bytes, the same on every run: cuts, flipped bytes, boundary values and splices.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace triage::property {

/// xorshift64*: the same numbers on every machine and library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed | 1) {}
  /// A number below `limit` (which is not 0).
  std::uint64_t below(std::uint64_t limit);

 private:
  std::uint64_t state_;
};

/// How much is tried on one input.
struct Budget {
  std::size_t flips = 600;
  std::size_t values = 400;
  std::size_t splices = 200;
  std::size_t all_cuts_below = 4096;  ///< every length up to here, then steps
  std::size_t cut_steps = 64;
};

/// Called with what was done ("cut to 17") and the damaged bytes.
using Trial = std::function<void(const std::string& what, std::string_view data)>;

/// Gives `trial` every mutation of `input` that the budget allows; `other` is spliced in.
void mutate(const std::string& input, const std::string& other, std::uint64_t seed, const Budget& budget,
            const Trial& trial);

}  // namespace triage::property
