// SPDX-License-Identifier: Apache-2.0
#include "engine/frame.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/check.h"
#include "bytes/binary.h"

namespace triage {
namespace {
constexpr std::size_t kHeader = 5;
constexpr std::uint8_t kLastType = static_cast<std::uint8_t>(FrameType::kScanned);
}  // namespace

std::pair<Channel, Channel> Channel::make() {
  std::array<int, 2> ends{-1, -1};
  TRIAGE_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  return {Channel(UniqueFd(ends[0])), Channel(UniqueFd(ends[1]))};
}

bool Channel::send(FrameType type, std::string_view payload) {
  TRIAGE_CHECK(payload.size() <= kMaxPayload);
  BinaryWriter header;
  header.put(static_cast<std::uint32_t>(payload.size()));
  header.put(static_cast<std::uint8_t>(type));
  for (std::string_view part : {std::string_view(header.buffer()), payload}) {
    while (!part.empty()) {
      const ssize_t sent = ::send(socket_.get(), part.data(), part.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      part.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  return true;
}

bool Channel::fill() {
  std::array<char, 256 * 1024> step;
  while (true) {
    const ssize_t got = ::recv(socket_.get(), step.data(), step.size(), MSG_DONTWAIT);
    if (got > 0) {
      buffer_.append(step.data(), static_cast<std::size_t>(got));
      // Large frames are taken in turns, so that one child cannot hold the supervisor.
      if (buffer_.size() - begin_ > 8U * 1024 * 1024) return true;
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
}

std::optional<Frame> Channel::next() {
  const std::size_t held = buffer_.size() - begin_;
  if (broken_ || held < kHeader) return std::nullopt;
  BinaryReader header(std::string_view(buffer_).substr(begin_, kHeader));
  std::uint32_t size = 0;
  std::uint8_t type = 0;
  header.get(size);
  header.get(type);
  if (size > kMaxPayload || type > kLastType) {
    broken_ = true;
    return std::nullopt;
  }
  if (held - kHeader < size) return std::nullopt;
  Frame frame{static_cast<FrameType>(type), buffer_.substr(begin_ + kHeader, size)};
  begin_ += kHeader + size;
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  } else if (begin_ > 1024 * 1024) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  return frame;
}

std::optional<Frame> Channel::receive() {
  while (true) {
    if (auto frame = next()) return frame;
    if (broken_) return std::nullopt;
    pollfd wait{socket_.get(), POLLIN, 0};
    if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return std::nullopt;
    if (!fill()) {
      // The last frames may have arrived together with the end.
      return next();
    }
  }
}

}  // namespace triage
