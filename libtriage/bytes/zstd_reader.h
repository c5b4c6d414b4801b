// SPDX-License-Identifier: Apache-2.0
// ZstdReader: decompresses a stream of zstd frames in bounded memory.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "base/result.h"
#include "bytes/cursor.h"

namespace triage {

class ZstdReader {
 public:
  /// Fills as much of the span as there is; 0 at the end.
  using Input = std::function<Result<std::size_t>(std::span<std::byte>)>;
  explicit ZstdReader(Input input);
  ~ZstdReader();
  ZstdReader(const ZstdReader&) = delete;
  ZstdReader& operator=(const ZstdReader&) = delete;
  /// The next bytes, at most out.size(); 0 at the end of the last frame. kUnreadable on damage or a cut end. Frames
  /// whose window is larger than 128 MiB are refused.
  Result<std::size_t> read(std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace triage
