// SPDX-License-Identifier: Apache-2.0
// Owners of libzstd's contexts, and its error codes as Errors.
#pragma once

#include <zstd.h>

#include <memory>

#include "base/check.h"
#include "base/result.h"

namespace triage {

struct ZstdCompressFree {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct ZstdDecompressFree {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using ZstdCompressor = std::unique_ptr<ZSTD_CCtx, ZstdCompressFree>;
using ZstdDecompressor = std::unique_ptr<ZSTD_DCtx, ZstdDecompressFree>;

/// A compressor whose frames carry a checksum.
inline ZstdCompressor make_zstd_compressor(int level) {
  ZstdCompressor context(ZSTD_createCCtx());
  TRIAGE_CHECK(context != nullptr);
  TRIAGE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level)));
  TRIAGE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1)));
  return context;
}

inline ZstdDecompressor make_zstd_decompressor() {
  ZstdDecompressor context(ZSTD_createDCtx());
  TRIAGE_CHECK(context != nullptr);
  return context;
}

/// What a call of libzstd returned, or `code` with its words.
inline Result<std::size_t> zstd_size(std::size_t returned, ErrorCode code = ErrorCode::kUnreadable) {
  if (ZSTD_isError(returned)) return fail(code, ZSTD_getErrorName(returned));
  return returned;
}

}  // namespace triage
