// SPDX-License-Identifier: Apache-2.0
#include "bytes/zstd_file.h"

#include <zstd.h>

#include <vector>

#include "base/check.h"

namespace triage {
namespace {

struct CompressFree {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct DecompressFree {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct ZstdWriter::State {
  Output output;
  std::unique_ptr<ZSTD_CCtx, CompressFree> context{ZSTD_createCCtx()};
  std::vector<std::byte> buffer = std::vector<std::byte>(ZSTD_CStreamOutSize());

  Status feed(std::string_view text, ZSTD_EndDirective mode) {
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    while (true) {
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context.get(), &out, &in, mode);
      if (ZSTD_isError(left)) return fail(ErrorCode::kInternal, ZSTD_getErrorName(left));
      if (out.pos > 0) TRIAGE_TRY_STATUS(output(Bytes(buffer).first(out.pos)));
      if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }
};

ZstdWriter::ZstdWriter(Output output, int level) : state_(std::make_unique<State>()) {
  TRIAGE_CHECK(state_->context != nullptr);
  state_->output = std::move(output);
  TRIAGE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_compressionLevel, level)));
  TRIAGE_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1)));
}
ZstdWriter::~ZstdWriter() = default;

Status ZstdWriter::write(std::string_view text) { return state_->feed(text, ZSTD_e_continue); }
Status ZstdWriter::finish() { return state_->feed({}, ZSTD_e_end); }

Result<std::string> zstd_decompress(Bytes data, std::size_t limit) {
  const std::unique_ptr<ZSTD_DCtx, DecompressFree> context(ZSTD_createDCtx());
  TRIAGE_CHECK(context != nullptr);
  std::string out;
  std::vector<char> buffer(ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  std::size_t left = 1;
  while (in.pos < in.size) {
    ZSTD_outBuffer step{buffer.data(), buffer.size(), 0};
    left = ZSTD_decompressStream(context.get(), &step, &in);
    if (ZSTD_isError(left)) return fail(ErrorCode::kUnreadable, ZSTD_getErrorName(left));
    if (step.pos > limit - out.size()) return fail(ErrorCode::kUnreadable, "decompressed size is over the limit");
    out.append(buffer.data(), step.pos);
  }
  if (left != 0) return fail(ErrorCode::kUnreadable, "zstd data is truncated");
  return out;
}

}  // namespace triage
