// SPDX-License-Identifier: Apache-2.0
// Independent zstd frames and skippable frames (RFC 8878 §3.1): what a seekable image is made of.
//   skippable frame := magic 0x184D2A50..5F u32, size u32, content; little-endian
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "bytes/cursor.h"

namespace triage {

inline constexpr std::size_t kSkippableHeaderBytes = 8;

/// Makes one frame a call, each with its content size and checksum. Equal bytes give equal frames whatever was
/// compressed before. One thread.
class FrameCompressor {
 public:
  /// `level` 1 to 19.
  explicit FrameCompressor(int level);
  ~FrameCompressor();
  FrameCompressor(FrameCompressor&&) noexcept;
  FrameCompressor& operator=(FrameCompressor&&) noexcept;
  /// Writes the frame of `content` to `out` and gives its size. REQUIRES: out.size() >= frame_bound(content.size())
  std::size_t compress(Bytes content, std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Opens one frame a call. One thread.
class FrameDecompressor {
 public:
  FrameDecompressor();
  ~FrameDecompressor();
  FrameDecompressor(FrameDecompressor&&) noexcept;
  FrameDecompressor& operator=(FrameDecompressor&&) noexcept;
  /// Content of `frame` into `out`, which it must fill exactly. kUnreadable on damage, a wrong checksum included.
  Status decompress(Bytes frame, std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The largest frame that `content_bytes` can become.
std::size_t frame_bound(std::size_t content_bytes);

/// How a frame at the start of `data` is built. kUnreadable where none stands there whole.
struct FrameShape {
  std::size_t stored_bytes = 0;
  std::uint64_t content_bytes = 0;  ///< 0 for a skippable frame
};
/// A frame that does not state its content size is kUnsupported.
Result<FrameShape> frame_shape(Bytes data);

/// The header of a skippable frame of `content_bytes`.
std::vector<std::byte> skippable_header(std::uint32_t magic, std::uint32_t content_bytes);

}  // namespace triage
