// SPDX-License-Identifier: Apache-2.0
#include "bytes/zstd_frame.h"

#include "bytes/binary.h"
#include "bytes/zstd_handles.h"

namespace triage {
struct FrameCompressor::State {
  ZstdCompressor context;
};

FrameCompressor::FrameCompressor(int level) : state_(new State{make_zstd_compressor(level)}) {}
FrameCompressor::~FrameCompressor() = default;
FrameCompressor::FrameCompressor(FrameCompressor&&) noexcept = default;
FrameCompressor& FrameCompressor::operator=(FrameCompressor&&) noexcept = default;

std::size_t FrameCompressor::compress(Bytes content, std::span<std::byte> out) {
  const std::size_t size =
      ZSTD_compress2(state_->context.get(), out.data(), out.size(), content.data(), content.size());
  TRIAGE_CHECK(!ZSTD_isError(size));
  return size;
}

std::size_t frame_bound(std::size_t content_bytes) { return ZSTD_compressBound(content_bytes); }

Result<FrameShape> frame_shape(Bytes data) {
  TRIAGE_TRY(const std::size_t stored, zstd_size(ZSTD_findFrameCompressedSize(data.data(), data.size())));
  const unsigned long long content = ZSTD_getFrameContentSize(data.data(), data.size());
  if (content == ZSTD_CONTENTSIZE_ERROR) return fail(ErrorCode::kUnreadable, "not a zstd frame");
  if (content == ZSTD_CONTENTSIZE_UNKNOWN) return fail(ErrorCode::kUnsupported, "the frame does not tell its size");
  return FrameShape{stored, content};
}

struct FrameDecompressor::State {
  ZstdDecompressor context = make_zstd_decompressor();
};

FrameDecompressor::FrameDecompressor() : state_(std::make_unique<State>()) {}
FrameDecompressor::~FrameDecompressor() = default;
FrameDecompressor::FrameDecompressor(FrameDecompressor&&) noexcept = default;
FrameDecompressor& FrameDecompressor::operator=(FrameDecompressor&&) noexcept = default;

Status FrameDecompressor::decompress(Bytes frame, std::span<std::byte> out) {
  TRIAGE_TRY(const std::size_t size,
             zstd_size(ZSTD_decompressDCtx(state_->context.get(), out.data(), out.size(), frame.data(), frame.size())));
  if (size != out.size()) return fail(ErrorCode::kUnreadable, "the frame holds fewer bytes than it should");
  return {};
}

std::vector<std::byte> skippable_header(std::uint32_t magic, std::uint32_t content_bytes) {
  BinaryWriter out;
  out.put(magic);
  out.put(content_bytes);
  const Bytes view = as_byte_span(out.buffer());
  return {view.begin(), view.end()};
}

}  // namespace triage
