// SPDX-License-Identifier: Apache-2.0
// Single integers out of the middle of a span, for structures that point all over their file. Where fields follow one
// another, ByteCursor is the right tool.
#pragma once

#include <cstdint>

#include "bytes/cursor.h"

namespace triage {

/// True when `count` bytes at `at` lie inside `data`.
inline bool holds(Bytes data, std::uint64_t at, std::uint64_t count) {
  return at <= data.size() && count <= data.size() - at;
}

/// Little-endian integer at `at`; 0 when it does not lie inside `data` (ask holds() first where 0 means something).
template <std::integral T>
T le_at(Bytes data, std::uint64_t at) {
  if (!holds(data, at, sizeof(T))) return T{0};
  ByteCursor cursor(data.subspan(static_cast<std::size_t>(at), sizeof(T)));
  return cursor.le<T>("value");
}

/// Big-endian integer at `at`; 0 when it does not lie inside `data`.
template <std::integral T>
T be_at(Bytes data, std::uint64_t at) {
  if (!holds(data, at, sizeof(T))) return T{0};
  ByteCursor cursor(data.subspan(static_cast<std::size_t>(at), sizeof(T)));
  return cursor.be<T>("value");
}

/// The part of `data` at [at, at + count), shorter or empty where `data` ends before.
inline Bytes part(Bytes data, std::uint64_t at, std::uint64_t count) {
  if (at >= data.size()) return {};
  const std::uint64_t rest = data.size() - at;
  return data.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(count < rest ? count : rest));
}

/// True when every byte of `data` is `value`.
inline bool is_filled(Bytes data, std::uint8_t value) {
  for (const std::byte b : data)
    if (b != std::byte{value}) return false;
  return true;
}

}  // namespace triage
