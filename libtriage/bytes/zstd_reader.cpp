// SPDX-License-Identifier: Apache-2.0
#include "bytes/zstd_reader.h"

#include <vector>

#include "bytes/zstd_handles.h"

namespace triage {
struct ZstdReader::State {
  Input input;
  ZstdDecompressor context = make_zstd_decompressor();
  std::vector<std::byte> buffer = std::vector<std::byte>(ZSTD_DStreamInSize());
  ZSTD_inBuffer in{buffer.data(), 0, 0};
  std::size_t wanted = 0;  ///< 0 between frames
  bool ended = false;
};

ZstdReader::ZstdReader(Input input) : state_(std::make_unique<State>()) { state_->input = std::move(input); }
ZstdReader::~ZstdReader() = default;

Result<std::size_t> ZstdReader::read(std::span<std::byte> out) {
  State& state = *state_;
  ZSTD_outBuffer step{out.data(), out.size(), 0};
  while (step.pos < step.size) {
    if (state.in.pos == state.in.size && !state.ended) {
      TRIAGE_TRY(const std::size_t count, state.input(std::span(state.buffer)));
      state.in = {state.buffer.data(), count, 0};
      state.ended = count == 0;
    }
    const std::size_t before = step.pos;
    const bool fed = state.in.pos < state.in.size;
    // Between frames there is nothing to flush; an empty call would begin a frame that never comes.
    if (!fed && state.wanted == 0) break;
    TRIAGE_TRY(state.wanted, zstd_size(ZSTD_decompressStream(state.context.get(), &step, &state.in)));
    if (!fed && step.pos == before) return fail(ErrorCode::kUnreadable, "zstd data is truncated");
  }
  return step.pos;
}

}  // namespace triage
