// SPDX-License-Identifier: Apache-2.0
#include "recover/crc32c.h"

#include <array>

namespace triage {

namespace {

constexpr std::uint32_t kReflected = 0x82f63b78;

/// Four tables, so that four bytes are folded in one step.
constexpr auto kTables = [] {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kReflected : 0);
    tables[0][i] = value;
  }
  for (std::uint32_t i = 0; i < 256; ++i) {
    for (std::size_t t = 1; t < 4; ++t) tables[t][i] = (tables[t - 1][i] >> 8) ^ tables[0][tables[t - 1][i] & 0xff];
  }
  return tables;
}();

}  // namespace

std::uint32_t crc32c(Bytes data, std::uint32_t seed) {
  std::uint32_t crc = seed;
  std::size_t at = 0;
  const auto byte = [&data](std::size_t i) { return std::to_integer<std::uint32_t>(data[i]); };
  for (; at + 4 <= data.size(); at += 4) {
    crc ^= byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    crc =
        kTables[3][crc & 0xff] ^ kTables[2][(crc >> 8) & 0xff] ^ kTables[1][(crc >> 16) & 0xff] ^ kTables[0][crc >> 24];
  }
  for (; at < data.size(); ++at) crc = (crc >> 8) ^ kTables[0][(crc ^ byte(at)) & 0xff];
  return crc;
}

}  // namespace triage
