// SPDX-License-Identifier: Apache-2.0
// An image in memory for the tests of recover/, with places to write numbers at.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "evidence/source.h"

namespace triage::testing {

class MemorySource final : public Source {
 public:
  explicit MemorySource(std::size_t size) : bytes(size) {}
  [[nodiscard]] ByteCount size() const override { return ByteCount{bytes.size()}; }
  [[nodiscard]] SectorSize sector_size() const override { return SectorSize{512}; }
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = at.value + i < bytes.size() ? bytes[at.value + i] : std::byte{0};
    if (at.value + out.size() > bytes.size()) faults.push_back({at, ByteCount{out.size()}, 0});
  }
  void put(std::size_t at, std::string_view text) { std::memcpy(bytes.data() + at, text.data(), text.size()); }
  void be(std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * (width - 1 - i)));
  }
  void le(std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
  }
  std::vector<std::byte> bytes;
};

}  // namespace triage::testing
