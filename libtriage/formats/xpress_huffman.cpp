// SPDX-License-Identifier: Apache-2.0
// LZ77+Huffman decompression.  Little-endian; bits are taken from the top of 16-bit units.  Spec: MS-XCA §2.2.4.
//   data  := block*            one block for each 64 KiB of output
//   block := lengths(256)      512 code lengths of 4 bits, low half first; symbol 0-255 literal, 256+ match
//            bits              symbols and match offsets, with the long match lengths as whole bytes in between
//   match := 256 + 16 * offset bits + length - 3; length 15 goes on in a byte, 255 there in 16 bits, 0 there in 32
#include "formats/xpress_huffman.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace triage {
namespace {

constexpr std::size_t kSymbolCount = 512;
constexpr std::size_t kTableBytes = 256;
constexpr std::size_t kBlockOutput = 65536;
constexpr unsigned kMaxBits = 15;
constexpr std::size_t kDecodeSize = std::size_t{1} << kMaxBits;

/// For each 15-bit prefix: symbol and the length of its code (0: no code begins like this).
struct Decoder {
  struct Entry {
    std::uint16_t symbol = 0;
    std::uint8_t bits = 0;
  };
  std::vector<Entry> entries = std::vector<Entry>(kDecodeSize);

  /// False when the lengths over-subscribe the code space or leave a part of it without a code.
  bool build(Bytes lengths) {
    std::array<std::uint8_t, kSymbolCount> bits{};
    for (std::size_t i = 0; i < lengths.size() && 2 * i + 1 < kSymbolCount; ++i) {
      const auto both = std::to_integer<unsigned>(lengths[i]);
      bits[2 * i] = static_cast<std::uint8_t>(both & 0x0f);
      bits[2 * i + 1] = static_cast<std::uint8_t>(both >> 4);
    }
    std::size_t next = 0;
    for (unsigned length = 1; length <= kMaxBits; ++length) {
      for (std::size_t symbol = 0; symbol < kSymbolCount; ++symbol) {
        if (bits[symbol] != length) continue;
        const std::size_t count = std::size_t{1} << (kMaxBits - length);
        if (count > kDecodeSize - next) return false;
        const Entry entry{static_cast<std::uint16_t>(symbol), static_cast<std::uint8_t>(length)};
        std::fill_n(entries.begin() + static_cast<std::ptrdiff_t>(next), count, entry);
        next += count;
      }
    }
    return next == kDecodeSize;
  }
};

/// The bit reader of §2.2.4: 32 bits ahead, refilled by 16. Past the end zeros come; more than the look-ahead is a
/// fault.
class BitReader {
 public:
  explicit BitReader(ByteCursor& cursor) : cursor_(cursor) {
    next_ = unit() << 16;
    next_ |= unit();
  }
  [[nodiscard]] std::uint32_t peek(unsigned count) const { return count == 0 ? 0 : next_ >> (32 - count); }
  void consume(unsigned count) {
    next_ = count == 0 ? next_ : next_ << count;
    extra_ -= static_cast<int>(count);
    if (extra_ < 0) {
      next_ |= unit() << -extra_;
      extra_ += 16;
    }
  }
  /// Units wanted beyond the end; the reader runs two ahead of what is used.
  [[nodiscard]] bool exhausted() const { return missing_ > 2; }

 private:
  std::uint32_t unit() {
    if (cursor_.remaining() < 2) {
      ++missing_;
      return 0;
    }
    return cursor_.le<std::uint16_t>("bits");
  }
  ByteCursor& cursor_;
  std::uint32_t next_ = 0;
  int extra_ = 16;
  unsigned missing_ = 0;
};

/// Length of a match whose 4-bit length is 15, without the least length 3.
std::size_t long_length(ByteCursor& cursor) {
  std::size_t length = cursor.le<std::uint8_t>("match length");
  if (length < 255) return length + 15;
  length = cursor.le<std::uint16_t>("match length");
  if (length == 0) length = cursor.le<std::uint32_t>("match length");
  if (length < 15) cursor.reject("match length");
  return length;
}

/// Decodes one block: until `out` holds 64 KiB more, or `output_size` bytes. False on a fault.
bool decode_block(ByteCursor& cursor, const Decoder& decoder, std::size_t output_size, std::string& out) {
  const std::size_t block_end = out.size() + std::min(output_size - out.size(), kBlockOutput);
  BitReader bits(cursor);
  while (out.size() < block_end) {
    const Decoder::Entry entry = decoder.entries[bits.peek(kMaxBits)];
    bits.consume(entry.bits);
    if (bits.exhausted()) return false;
    if (entry.symbol < 256) {
      out.push_back(static_cast<char>(entry.symbol));
      continue;
    }
    const unsigned match = entry.symbol - 256U;
    std::size_t length = match & 0x0f;
    if (length == 15) length = long_length(cursor);
    length += 3;
    const unsigned offset_bits = match >> 4;
    const std::size_t offset = bits.peek(offset_bits) + (std::size_t{1} << offset_bits);
    bits.consume(offset_bits);
    if (!cursor.ok() || offset > out.size()) return false;
    // A match may run past its block but never past the whole output.
    length = std::min(length, output_size - out.size());
    for (std::size_t i = 0; i < length; ++i) out.push_back(out[out.size() - offset]);
  }
  return true;
}

}  // namespace

XpressResult xpress_huffman_decompress(Bytes input, std::size_t output_size) {
  XpressResult result;
  ByteCursor cursor(input);
  Decoder decoder;
  while (result.output.size() < output_size) {
    result.fault_at = cursor.position();
    const Bytes lengths = cursor.take(kTableBytes, "code lengths");
    if (!cursor.ok() || !decoder.build(lengths)) return result;
    const bool good = decode_block(cursor, decoder, output_size, result.output);
    result.fault_at = cursor.position();
    if (!good) return result;
  }
  result.complete = true;
  result.stop_at = cursor.position();
  return result;
}

}  // namespace triage
