// SPDX-License-Identifier: Apache-2.0
#include "bytes/zstd_frame.h"

#include <zstd.h>

#include "base/check.h"
#include "bytes/binary.h"

namespace triage {
namespace {

struct CompressFree {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct DecompressFree {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct FrameCompressor::State {
  std::unique_ptr<ZSTD_CCtx, CompressFree> context{ZSTD_createCCtx()};
};

FrameCompressor::FrameCompressor(int level) : state_(std::make_unique<State>()) {
  TRIAGE_CHECK(state_->context != nullptr);
  TRIAGE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_compressionLevel, level)));
  TRIAGE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1)));
}
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
  const std::size_t stored = ZSTD_findFrameCompressedSize(data.data(), data.size());
  if (ZSTD_isError(stored)) return fail(ErrorCode::kUnreadable, ZSTD_getErrorName(stored));
  const unsigned long long content = ZSTD_getFrameContentSize(data.data(), data.size());
  if (content == ZSTD_CONTENTSIZE_ERROR) return fail(ErrorCode::kUnreadable, "not a zstd frame");
  if (content == ZSTD_CONTENTSIZE_UNKNOWN) return fail(ErrorCode::kUnsupported, "the frame does not tell its size");
  return FrameShape{stored, content};
}

struct FrameDecompressor::State {
  std::unique_ptr<ZSTD_DCtx, DecompressFree> context{ZSTD_createDCtx()};
};

FrameDecompressor::FrameDecompressor() : state_(std::make_unique<State>()) { TRIAGE_CHECK(state_->context != nullptr); }
FrameDecompressor::~FrameDecompressor() = default;
FrameDecompressor::FrameDecompressor(FrameDecompressor&&) noexcept = default;
FrameDecompressor& FrameDecompressor::operator=(FrameDecompressor&&) noexcept = default;

Status FrameDecompressor::decompress(Bytes frame, std::span<std::byte> out) {
  const std::size_t size =
      ZSTD_decompressDCtx(state_->context.get(), out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(size)) return fail(ErrorCode::kUnreadable, ZSTD_getErrorName(size));
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
