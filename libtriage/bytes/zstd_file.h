// SPDX-License-Identifier: Apache-2.0
// ZstdWriter: streams text into one zstd frame (with content checksum) that plain `zstd -d` reads.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "bytes/cursor.h"

namespace triage {

class ZstdWriter {
 public:
  /// Called with each run of compressed bytes; its Error ends the stream.
  using Output = std::function<Status(Bytes)>;
  explicit ZstdWriter(Output output, int level = 3);
  ~ZstdWriter();
  ZstdWriter(const ZstdWriter&) = delete;
  ZstdWriter& operator=(const ZstdWriter&) = delete;
  Status write(std::string_view text);
  /// Ends the frame. Nothing may be written after it.
  Status finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whole content of the zstd frames in `data`; fails (kUnreadable) on damage or when it would exceed `limit` bytes.
Result<std::string> zstd_decompress(Bytes data, std::size_t limit);

}  // namespace triage
