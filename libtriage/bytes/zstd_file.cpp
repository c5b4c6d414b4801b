// SPDX-License-Identifier: Apache-2.0
#include "bytes/zstd_file.h"

#include <vector>

#include "bytes/zstd_handles.h"

namespace triage {
struct ZstdWriter::State {
  Output output;
  ZstdCompressor context;
  std::vector<std::byte> buffer = std::vector<std::byte>(ZSTD_CStreamOutSize());

  Status feed(std::string_view text, ZSTD_EndDirective mode) {
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    while (true) {
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      TRIAGE_TRY(const std::size_t left,
                 zstd_size(ZSTD_compressStream2(context.get(), &out, &in, mode), ErrorCode::kInternal));
      if (out.pos > 0) TRIAGE_TRY_STATUS(output(Bytes(buffer).first(out.pos)));
      if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }
};

ZstdWriter::ZstdWriter(Output output, int level) : state_(std::make_unique<State>()) {
  state_->output = std::move(output);
  state_->context = make_zstd_compressor(level);
}
ZstdWriter::~ZstdWriter() = default;

Status ZstdWriter::write(std::string_view text) { return state_->feed(text, ZSTD_e_continue); }
Status ZstdWriter::finish() { return state_->feed({}, ZSTD_e_end); }

Result<std::string> zstd_decompress(Bytes data, std::size_t limit) {
  const ZstdDecompressor context = make_zstd_decompressor();
  std::string out;
  std::vector<char> buffer(ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  std::size_t left = 1;
  while (in.pos < in.size) {
    ZSTD_outBuffer step{buffer.data(), buffer.size(), 0};
    TRIAGE_TRY(left, zstd_size(ZSTD_decompressStream(context.get(), &step, &in)));
    if (step.pos > limit - out.size()) return fail(ErrorCode::kUnreadable, "decompressed size is over the limit");
    out.append(buffer.data(), step.pos);
  }
  if (left != 0) return fail(ErrorCode::kUnreadable, "zstd data is truncated");
  return out;
}

}  // namespace triage
