// SPDX-License-Identifier: Apache-2.0
// Compression inside ESE columns. First byte: method in its upper five bits.
//   1: 7-bit ASCII, 2: 7-bit UTF-16; the lower three bits say how many bits of the last byte count, less one
//   3: u16 size, XPRESS (MS-XCA §2.4, plain LZ77)
// Spec: libyal/libesedb, "Extensible Storage Engine (ESE) Database File (EDB) format", "Compressed data"; MS-XCA.
#include <algorithm>

#include "formats/ese.h"

namespace triage {
namespace {

std::vector<std::byte> seven_bit(Bytes data, bool wide, std::size_t limit) {
  std::vector<std::byte> out;
  const unsigned last_bits = (std::to_integer<unsigned>(data[0]) & 7U) + 1;
  const std::size_t bits = (data.size() - 1) * 8 - (8 - last_bits);
  for (std::size_t at = 0; at + 7 <= bits && out.size() < limit; at += 7) {
    const std::size_t byte = 1 + at / 8;
    unsigned word = std::to_integer<unsigned>(data[byte]);
    if (byte + 1 < data.size()) word |= std::to_integer<unsigned>(data[byte + 1]) << 8;
    out.push_back(static_cast<std::byte>(word >> (at % 8) & 0x7f));
    if (wide) out.push_back(std::byte{0});
  }
  return out;
}

/// Length of a match beyond what its three bits say.
std::size_t long_length(ByteCursor& c, std::size_t& half_byte) {
  std::size_t length = 0;
  if (half_byte == 0) {
    half_byte = c.position();
    length = c.le<std::uint8_t>("length") & 15U;
  } else {
    length = std::to_integer<std::size_t>(c.data()[half_byte]) >> 4;
    half_byte = 0;
  }
  if (length < 15) return length;
  length = c.le<std::uint8_t>("length");
  if (length < 255) return length + 15;
  length = c.le<std::uint16_t>("length");
  if (length == 0) length = c.le<std::uint32_t>("length");
  return length >= 22 ? length - 7 : length;
}

}  // namespace

std::vector<std::byte> xpress_plain_decompress(Bytes input, std::size_t output_size) {
  std::vector<std::byte> out;
  ByteCursor c(input);
  std::uint32_t flags = 0;
  unsigned left = 0;
  std::size_t half_byte = 0;
  while (out.size() < output_size && c.ok() && !c.at_end()) {
    if (left == 0) {
      flags = c.le<std::uint32_t>("flags");
      left = 32;
    }
    --left;
    if ((flags >> left & 1U) == 0) {
      const Bytes one = c.take(1, "literal");
      if (!one.empty()) out.push_back(one[0]);
      continue;
    }
    if (c.at_end()) break;
    const auto match = c.le<std::uint16_t>("match");
    const std::size_t offset = (match >> 3) + 1U;
    std::size_t length = match & 7U;
    if (length == 7) length = 7 + long_length(c, half_byte);
    length += 3;
    if (!c.ok() || offset > out.size()) break;
    for (length = std::min(length, output_size - out.size()); length > 0; --length)
      out.push_back(out[out.size() - offset]);
  }
  return out;
}

std::optional<std::vector<std::byte>> ese_decompress(Bytes data, std::size_t limit) {
  if (data.empty()) return std::nullopt;
  const unsigned method = std::to_integer<unsigned>(data[0]) >> 3;
  if ((method == 1 || method == 2) && data.size() > 1) return seven_bit(data, method == 2, limit);
  if (method != 3 || data.size() < 3) return std::nullopt;
  ByteCursor c(data);
  c.skip(1, "method");
  const std::size_t size = std::min<std::size_t>(c.le<std::uint16_t>("size"), limit);
  std::vector<std::byte> out = xpress_plain_decompress(data.subspan(3), size);
  if (out.size() != size) return std::nullopt;
  return out;
}

}  // namespace triage
