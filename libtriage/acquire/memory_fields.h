// SPDX-License-Identifier: Apache-2.0
// ELF-64 core headers, little-endian, as memory images and process cores begin with them.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace triage {

inline constexpr std::uint64_t kElfHeaderBytes = 64;
inline constexpr std::uint64_t kProgramHeaderBytes = 56;

/// Little-endian fields, one after the other.
class Fields {
 public:
  template <std::integral T>
  Fields& put(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out_.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
    return *this;
  }
  /// REQUIRES: bytes.size() <= padded
  Fields& text(std::string_view bytes, std::size_t padded) {
    out_ += bytes;
    out_.append(padded - bytes.size(), '\0');
    return *this;
  }
  [[nodiscard]] std::string& out() { return out_; }

 private:
  std::string out_;
};

/// Ehdr of a core of this machine with `programs` program headers behind it.
inline void put_core_header(Fields& out, std::uint16_t programs) {
#if defined(__aarch64__)
  constexpr std::uint16_t kMachine = 183;
#else
  constexpr std::uint16_t kMachine = 62;
#endif
  using std::string_view_literals::operator""sv;
  out.text(
         "\x7f"
         "ELF\x02\x01\x01"sv,
         16)
      .put(std::uint16_t{4})
      .put(kMachine)
      .put(std::uint32_t{1});
  out.put(std::uint64_t{0}).put(kElfHeaderBytes).put(std::uint64_t{0}).put(std::uint32_t{0});
  out.put(static_cast<std::uint16_t>(kElfHeaderBytes)).put(static_cast<std::uint16_t>(kProgramHeaderBytes));
  out.put(programs).put(std::uint32_t{0}).put(std::uint16_t{0});
}

struct ProgramHeader {
  std::uint32_t type = 1;   ///< 1 load, 4 note
  std::uint32_t flags = 0;  ///< 4 read, 2 write, 1 execute
  std::uint64_t offset = 0;
  std::uint64_t virtual_address = 0;
  std::uint64_t physical = 0;
  std::uint64_t length = 0;
};

inline void put_program_header(Fields& out, const ProgramHeader& header) {
  out.put(header.type).put(header.flags).put(header.offset).put(header.virtual_address).put(header.physical);
  out.put(header.length).put(header.length).put(std::uint64_t{0});
}

}  // namespace triage
