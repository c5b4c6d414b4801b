// SPDX-License-Identifier: Apache-2.0
// ByteCursor: the only way bytes of evidence become numbers. Reads are bounds-checked and sticky: after the first bad
// read every further read yields 0 or an empty span and fault() keeps the field's name and offset, so that parsers are
// straight lines of reads with one check at the end of a structure.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace triage {

using Bytes = std::span<const std::byte>;

class ByteCursor {
 public:
  /// First failed read: the field that was wanted, where it should have begun, how many bytes it needed.
  struct Fault {
    std::string_view field;
    std::size_t at = 0;
    std::size_t wanted = 0;
  };

  /// Views `data`, which must outlive the cursor. Positions count from the start of `data`.
  explicit ByteCursor(Bytes data) : data_(data) {}

  [[nodiscard]] bool ok() const { return !fault_.has_value(); }
  [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t size() const { return data_.size(); }
  [[nodiscard]] std::size_t remaining() const { return data_.size() - position_; }
  [[nodiscard]] bool at_end() const { return position_ == data_.size(); }
  [[nodiscard]] Bytes data() const { return data_; }

  /// Little-endian unsigned or signed integer.
  template <std::integral T>
  T le(std::string_view field) {
    return read_integer<T, std::endian::little>(field);
  }

  /// Big-endian unsigned or signed integer.
  template <std::integral T>
  T be(std::string_view field) {
    return read_integer<T, std::endian::big>(field);
  }

  /// Exactly `count` bytes as a view into the data; empty after a fault.
  Bytes take(std::size_t count, std::string_view field) {
    if (!want(count, field)) return {};
    Bytes out = data_.subspan(position_, count);
    position_ += count;
    return out;
  }

  /// Moves to `at` (from the start of the data). A place past the end is a fault.
  void seek(std::size_t at, std::string_view field) {
    if (fault_) return;
    if (at > data_.size()) {
      set_fault(field, at, 0);
      return;
    }
    position_ = at;
  }

  void skip(std::size_t count, std::string_view field) { (void)take(count, field); }  // the view is not needed

  /// A new cursor over `count` bytes at `at` of this data; on a range past the end this cursor faults and the result
  /// is empty (and reads from it fault too).
  ByteCursor sub(std::size_t at, std::size_t count, std::string_view field) {
    if (fault_ || at > data_.size() || count > data_.size() - at) {
      if (!fault_) set_fault(field, at, count);
      return ByteCursor(Bytes{});
    }
    return ByteCursor(data_.subspan(at, count));
  }

  /// Marks a semantic fault (a value that cannot be), so that the caller stops in the usual way.
  void reject(std::string_view field) {
    if (!fault_) set_fault(field, position_, 0);
  }

 private:
  bool want(std::size_t count, std::string_view field) {
    if (fault_) return false;
    if (count > data_.size() - position_) {
      set_fault(field, position_, count);
      return false;
    }
    return true;
  }
  void set_fault(std::string_view field, std::size_t at, std::size_t wanted) { fault_ = Fault{field, at, wanted}; }

  template <std::integral T, std::endian Order>
  T read_integer(std::string_view field) {
    if (!want(sizeof(T), field)) return T{0};
    std::array<std::byte, sizeof(T)> raw;
    std::memcpy(raw.data(), data_.data() + position_, sizeof(T));
    position_ += sizeof(T);
    using U = std::make_unsigned_t<T>;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const std::size_t from = Order == std::endian::little ? sizeof(T) - 1 - i : i;
      value = (value << 8) | std::to_integer<std::uint64_t>(raw[from]);
    }
    return static_cast<T>(static_cast<U>(value));
  }

  Bytes data_;
  std::size_t position_ = 0;
  std::optional<Fault> fault_;
};

/// Views text as bytes.
inline Bytes as_byte_span(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

/// Views bytes as char text without decoding (for ASCII signatures and raw names).
inline std::string_view as_chars(Bytes bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

/// True when `data` has `signature` at `at`.
inline bool has_at(Bytes data, std::size_t at, std::string_view signature) {
  return at <= data.size() && signature.size() <= data.size() - at &&
         std::memcmp(data.data() + at, signature.data(), signature.size()) == 0;
}

}  // namespace triage
