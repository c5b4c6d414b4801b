// SPDX-License-Identifier: Apache-2.0
// BinaryWriter and BinaryReader: the framing of records between our own processes and in test files. Little-endian,
// length-prefixed (32-bit). The reader trusts nothing: a bad length makes it faulty and all further reads empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "bytes/cursor.h"

namespace triage {

class BinaryWriter {
 public:
  template <std::integral T>
  void put(T value) {
    auto raw = static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<T>>(value));
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      buffer_.push_back(static_cast<char>(raw & 0xff));
      if constexpr (sizeof(T) > 1) raw >>= 8;
    }
  }
  void put(bool value) { put<std::uint8_t>(value ? 1 : 0); }
  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    buffer_.append(text);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  [[nodiscard]] const std::string& buffer() const { return buffer_; }
  [[nodiscard]] std::string& buffer() { return buffer_; }

 private:
  std::string buffer_;
};

class BinaryReader {
 public:
  explicit BinaryReader(std::string_view data) : cursor_(as_byte_span(data)) {}
  template <std::integral T>
  void get(T& value) {
    value = cursor_.le<T>("integer");
  }
  void get(bool& value) { value = cursor_.le<std::uint8_t>("flag") != 0; }
  void get(std::string& text) { text = std::string(get_view()); }
  /// View into the frame; valid as long as the frame.
  std::string_view get_view() {
    const auto count = cursor_.le<std::uint32_t>("length");
    return as_chars(cursor_.take(count, "text"));
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    if (!present) {
      value.reset();
      return;
    }
    T inner{};
    get(inner);
    value = std::move(inner);
  }
  /// Reads a 32-bit count for a loop; at most what `minimum_size` bytes each could fill the rest of the frame.
  std::uint32_t get_count(std::size_t minimum_size) {
    const auto count = cursor_.le<std::uint32_t>("count");
    if (minimum_size != 0 && count > cursor_.remaining() / minimum_size) {
      cursor_.reject("count");
      return 0;
    }
    return count;
  }
  [[nodiscard]] bool ok() const { return cursor_.ok(); }
  [[nodiscard]] bool at_end() const { return cursor_.at_end(); }
  void reject() { cursor_.reject("value"); }

 private:
  ByteCursor cursor_;
};

}  // namespace triage
