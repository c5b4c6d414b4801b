// SPDX-License-Identifier: Apache-2.0
#include "formats/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <span>

namespace triage {
namespace {

struct EndInflate {
  void operator()(z_stream* stream) const { (void)inflateEnd(stream); }  // nothing to do about a bad state
};

DeflateMeasure measure(Bytes data, std::uint64_t most, int window_bits, std::vector<std::byte>* kept = nullptr) {
  DeflateMeasure out;
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return out;
  const std::unique_ptr<z_stream, EndInflate> guard(&stream);
  std::array<Bytef, 32 * 1024> buffer;
  for (;;) {
    if (stream.avail_in == 0) {
      const std::size_t rest = data.size() - static_cast<std::size_t>(out.consumed);
      stream.avail_in = static_cast<uInt>(std::min<std::size_t>(rest, std::numeric_limits<uInt>::max()));
      // zlib's interface is not const; it does not write to its input.
      stream.next_in =
          static_cast<Bytef*>(const_cast<void*>(static_cast<const void*>(data.data() + out.consumed)));  // NOLINT
    }
    const uInt before = stream.avail_in;
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = buffer.size() - stream.avail_out;
    out.consumed += before - stream.avail_in;
    out.produced += got;
    if (kept != nullptr && out.produced <= most) {
      const Bytes piece = std::as_bytes(std::span(buffer).first(got));
      kept->insert(kept->end(), piece.begin(), piece.end());
    }
    out.crc = static_cast<std::uint32_t>(::crc32_z(out.crc, buffer.data(), got));
    if (state == Z_STREAM_END) out.end = DeflateEnd::kWhole;
    if (state == Z_BUF_ERROR || (state == Z_OK && got == 0 && before == 0)) out.end = DeflateEnd::kRanOut;
    if (state == Z_OK && out.produced > most) out.end = DeflateEnd::kLimit;
    if (state != Z_OK || out.end != DeflateEnd::kBroken) return out;
  }
}

}  // namespace

DeflateMeasure measure_deflate(Bytes data, std::uint64_t most) { return measure(data, most, -MAX_WBITS); }
DeflateMeasure measure_zlib(Bytes data, std::uint64_t most) { return measure(data, most, MAX_WBITS); }

DeflateMeasure inflate_into(Bytes data, std::uint64_t most, std::vector<std::byte>& out) {
  return measure(data, most, -MAX_WBITS, &out);
}

}  // namespace triage
