// SPDX-License-Identifier: Apache-2.0
//   block := sequence*     sequence := token, [more literal length], literals, u16 distance, [more match length]
#include "formats/lz4_block.h"

namespace triage {
namespace {

/// A length of 15 goes on in further bytes up to one that is not 255.
std::size_t read_length(ByteCursor& c, std::size_t nibble) {
  std::size_t out = nibble;
  if (nibble != 15) return out;
  std::uint8_t more = 255;
  while (more == 255 && c.ok()) {
    more = c.le<std::uint8_t>("length");
    out += more;
  }
  return out;
}

}  // namespace

std::optional<std::string> lz4_block_decompress(Bytes block, std::uint64_t size, std::size_t limit) {
  if (size == 0 || size > limit) return std::nullopt;
  std::string out;
  out.reserve(static_cast<std::size_t>(size));
  ByteCursor c(block);
  while (!c.at_end()) {
    const auto token = c.le<std::uint8_t>("token");
    const Bytes literals = c.take(read_length(c, token >> 4), "literals");
    if (!c.ok() || literals.size() > size - out.size()) return std::nullopt;
    out += as_chars(literals);
    if (c.at_end()) break;  // the last sequence has no match
    const std::size_t distance = c.le<std::uint16_t>("distance");
    const std::size_t length = read_length(c, token & 15U) + 4;
    if (!c.ok() || distance == 0 || distance > out.size() || length > size - out.size()) return std::nullopt;
    for (std::size_t i = 0; i < length; ++i) out.push_back(out[out.size() - distance]);
  }
  if (out.size() != size) return std::nullopt;
  return out;
}

}  // namespace triage
