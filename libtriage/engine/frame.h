// SPDX-License-Identifier: Apache-2.0
// Channel: framed messages over a socket pair between the supervisor and one child.
//   frame := length:u32le type:u8 payload[length]
// A child is not trusted: a frame over the limit closes the channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace triage {

enum class FrameType : std::uint8_t {
  // reader → supervisor
  kOpened,  ///< EvidenceRecord facts
  kVolume,
  kDamage,     ///< met while mapping
  kMapping,    ///< entries so far, for progress
  kPlan,       ///< the plan is ready
  kBatch,      ///< a slot is filled
  kSwept,      ///< no batch is left
  kFailed,     ///< an Error; the child ends
  kImageHash,  ///< hasher: digests of the whole image
  kHashed,     ///< hasher: bytes so far
  kContent,    ///< extract: a run of bytes
  // supervisor → reader
  kStart,
  kSlotFree,
  // supervisor → scanner and back
  kScan,
  kScanned,
};

struct Frame {
  FrameType type = FrameType::kFailed;
  std::string payload;
};

class Channel {
 public:
  static constexpr std::size_t kMaxPayload = 512U * 1024 * 1024;

  Channel() = default;
  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}
  /// Two connected ends.
  static std::pair<Channel, Channel> make();

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] bool open() const { return socket_.valid(); }
  void close() { socket_.reset(); }

  /// Blocks until the whole frame is handed over. False when the other end is gone.
  bool send(FrameType type, std::string_view payload);
  /// Blocks for the next frame. nullopt when the other end is gone or sent nonsense.
  std::optional<Frame> receive();
  /// Reads what is there without blocking. False when the other end is gone.
  bool fill();
  /// The next whole frame of what fill() read; nullopt when none is complete. `broken()` tells nonsense.
  std::optional<Frame> next();
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  UniqueFd socket_;
  std::string buffer_;
  std::size_t begin_ = 0;
  bool broken_ = false;
};

}  // namespace triage
