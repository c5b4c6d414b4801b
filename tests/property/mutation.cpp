// SPDX-License-Identifier: Apache-2.0
#include "mutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace triage::property {
namespace {

using namespace std::string_view_literals;

/// What breaks sums and sizes: zero, one, the largest, the sign bit, in 1, 2, 4 and 8 bytes.
constexpr std::array kValues = {"\0"sv,
                                "\xff"sv,
                                "\x7f"sv,
                                "\x80"sv,
                                "\0\0"sv,
                                "\xff\xff"sv,
                                "\x01\0"sv,
                                "\xff\x7f"sv,
                                "\0\0\0\0"sv,
                                "\xff\xff\xff\xff"sv,
                                "\xff\xff\xff\x7f"sv,
                                "\0\0\0\x80"sv,
                                "\xfe\xff\xff\xff"sv,
                                "\x01\0\0\0"sv,
                                "\xff\xff\0\0"sv,
                                "\xff\xff\xff\xff\xff\xff\xff\xff"sv,
                                "\xff\xff\xff\xff\xff\xff\xff\x7f"sv};

void cuts(const std::string& input, const Budget& budget, const Trial& trial) {
  const std::string_view whole = input;
  const auto cut = [&](std::size_t size) { trial(fmt::format("cut to {}", size), whole.substr(0, size)); };
  for (std::size_t size = 0; size < std::min(whole.size(), budget.all_cuts_below); ++size) cut(size);
  if (whole.size() <= budget.all_cuts_below) return;
  const std::size_t step = std::max<std::size_t>(1, (whole.size() - budget.all_cuts_below) / budget.cut_steps);
  for (std::size_t size = budget.all_cuts_below; size < whole.size(); size += step) cut(size);
}

void flips(const std::string& input, Random& random, const Budget& budget, const Trial& trial) {
  for (std::size_t i = 0; i < budget.flips; ++i) {
    std::string data = input;
    std::string what = "flip";
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
      // Half of the places lie in the first 512 bytes, where headers are.
      const std::size_t reach = random.below(2) == 0 ? std::min<std::size_t>(data.size(), 512) : data.size();
      const std::size_t at = random.below(reach);
      data[at] = static_cast<char>(static_cast<unsigned char>(data[at]) ^ (1U << random.below(8)));
      what += fmt::format(" {:#x}", at);
    }
    trial(what, data);
  }
}

void values(const std::string& input, Random& random, const Budget& budget, const Trial& trial) {
  for (std::size_t i = 0; i < budget.values; ++i) {
    const std::string_view value = kValues[random.below(kValues.size())];
    if (value.size() > input.size()) continue;
    const std::size_t reach = random.below(2) == 0 ? std::min<std::size_t>(input.size(), 512) : input.size();
    const std::size_t at = std::min(random.below(reach), input.size() - value.size());
    std::string data = input;
    data.replace(at, value.size(), value);
    trial(fmt::format("value of {} bytes at {:#x}", value.size(), at), data);
  }
}

void splices(const std::string& input, const std::string& other, Random& random, const Budget& budget,
             const Trial& trial) {
  if (other.empty()) return;
  for (std::size_t i = 0; i < budget.splices; ++i) {
    const std::size_t from = random.below(other.size());
    const std::size_t count = 1 + random.below(std::min<std::size_t>(other.size() - from, 256));
    const std::size_t at = random.below(input.size());
    const bool insert = random.below(2) == 0;
    std::string data = input;
    data.replace(at, insert ? 0 : std::min(count, data.size() - at), other, from, count);
    trial(fmt::format("splice of {} bytes at {:#x}", count, at), data);
  }
}

}  // namespace

std::uint64_t Random::below(std::uint64_t limit) {
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return ((state_ * 0x2545f4914f6cdd1dULL) >> 16) % limit;
}

void mutate(const std::string& input, const std::string& other, std::uint64_t seed, const Budget& budget,
            const Trial& trial) {
  Random random(seed);
  cuts(input, budget, trial);
  if (input.empty()) return;
  flips(input, random, budget, trial);
  values(input, random, budget, trial);
  splices(input, other, random, budget, trial);
}

}  // namespace triage::property
