// SPDX-License-Identifier: Apache-2.0
// Strong number types of places and sizes. One 64-bit field each, explicit construction, checked arithmetic:
// offset + count → offset, offset - offset → count; offset + offset does not compile.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace triage {

/// A number of bytes.
struct ByteCount {
  std::uint64_t value = 0;
  constexpr ByteCount() = default;
  constexpr explicit ByteCount(std::uint64_t v) : value(v) {}
  auto operator<=>(const ByteCount&) const = default;
};

/// A place in bytes, counted from the start of whatever the context names (image, volume, stream).
struct ByteOffset {
  std::uint64_t value = 0;
  constexpr ByteOffset() = default;
  constexpr explicit ByteOffset(std::uint64_t v) : value(v) {}
  auto operator<=>(const ByteOffset&) const = default;
};

/// True when `at + count` fits 64 bits.
constexpr bool can_add(ByteOffset at, ByteCount count) {
  return count.value <= std::numeric_limits<std::uint64_t>::max() - at.value;
}

/// `at + count`, saturating at 2^64-1: a forged size never wraps to a small offset.
constexpr ByteOffset operator+(ByteOffset at, ByteCount count) {
  return can_add(at, count) ? ByteOffset{at.value + count.value}
                            : ByteOffset{std::numeric_limits<std::uint64_t>::max()};
}

/// Distance from `from` to `to`, 0 when `to` lies before `from`.
constexpr ByteCount operator-(ByteOffset to, ByteOffset from) {
  return to.value >= from.value ? ByteCount{to.value - from.value} : ByteCount{0};
}

/// Sum of two sizes, saturating at 2^64-1.
constexpr ByteCount operator+(ByteCount a, ByteCount b) {
  return b.value <= std::numeric_limits<std::uint64_t>::max() - a.value
             ? ByteCount{a.value + b.value}
             : ByteCount{std::numeric_limits<std::uint64_t>::max()};
}

/// Size of one sector in bytes (512 or 4096 on real disks).
struct SectorSize {
  std::uint32_t value = 512;
  auto operator<=>(const SectorSize&) const = default;
};

/// Index of a sector, counted from 0.
struct SectorIndex {
  std::uint64_t value = 0;
  auto operator<=>(const SectorIndex&) const = default;
};

/// Byte place of a sector, saturating.
constexpr ByteOffset to_offset(SectorIndex sector, SectorSize size) {
  const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  if (size.value != 0 && sector.value > limit / size.value) return ByteOffset{limit};
  return ByteOffset{sector.value * size.value};
}

}  // namespace triage
