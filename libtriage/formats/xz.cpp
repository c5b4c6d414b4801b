// SPDX-License-Identifier: Apache-2.0
#include "formats/xz.h"

#include <lzma.h>

#include <array>

namespace triage {
namespace {

constexpr std::uint64_t kMaxMemory = std::uint64_t{80} << 20;

const std::uint8_t* as_octets(Bytes data) {
  return static_cast<const std::uint8_t*>(static_cast<const void*>(data.data()));
}

/// Ends the stream however the function is left.
struct Stream {
  lzma_stream state = LZMA_STREAM_INIT;
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { lzma_end(&state); }
};

}  // namespace

std::optional<std::string> xz_decompress(Bytes data, std::size_t limit) {
  Stream stream;
  if (lzma_stream_decoder(&stream.state, kMaxMemory, 0) != LZMA_OK) return std::nullopt;
  stream.state.next_in = as_octets(data);
  stream.state.avail_in = data.size();
  std::string out;
  std::array<std::uint8_t, 16384> piece{};
  for (;;) {
    stream.state.next_out = piece.data();
    stream.state.avail_out = piece.size();
    const lzma_ret result = lzma_code(&stream.state, LZMA_FINISH);
    const std::size_t got = piece.size() - stream.state.avail_out;
    if (got > limit - out.size()) return std::nullopt;
    out.append(static_cast<const char*>(static_cast<const void*>(piece.data())), got);
    if (result == LZMA_STREAM_END) return out;
    if (result != LZMA_OK || got == 0) return std::nullopt;
  }
}

}  // namespace triage
