// SPDX-License-Identifier: Apache-2.0
#include "acquire/output_stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace triage {
namespace {

constexpr std::uint64_t kPushBytes = 8U << 20;

tl::unexpected<Error> write_error(const std::string& path, std::uint64_t at, int error) {
  std::string next;
  if (error == ENOSPC || error == EDQUOT) next = "make room, then go on with --resume";
  return fail(ErrorCode::kOutput, "the image cannot be written at byte " + std::to_string(at), path, error,
              std::move(next));
}

}  // namespace

Status write_file_at(int fd, std::uint64_t at, Bytes data, const std::string& path) {
  while (!data.empty()) {
    const ssize_t got = ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return write_error(path, at, got < 0 ? errno : EIO);
    data = data.subspan(static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<OutputStream> OutputStream::create(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) {
    return fail(ErrorCode::kOutput, "the image cannot be made", path, errno,
                errno == EEXIST ? "nothing is overwritten: choose another name, or go on with --resume" : "");
  }
  const int number = fd.get();
  return OutputStream(path, std::move(fd), number, true);
}

Result<OutputStream> OutputStream::reopen(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) return fail(ErrorCode::kOutput, "the unfinished image cannot be opened", path, errno);
  const int number = fd.get();
  return OutputStream(path, std::move(fd), number, true);
}

OutputStream OutputStream::to_descriptor(int fd) { return {"-", UniqueFd(), fd, false}; }

Status OutputStream::write(Bytes data) {
  if (is_file_) {
    TRIAGE_TRY_STATUS(write_file_at(fd_, position_, data, path_));
    position_ += data.size();
    return {};
  }
  while (!data.empty()) {
    const ssize_t got = ::write(fd_, data.data(), data.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return write_error(path_, position_, got < 0 ? errno : EIO);
    data = data.subspan(static_cast<std::size_t>(got));
    position_ += static_cast<std::uint64_t>(got);
  }
  return {};
}

Status OutputStream::write_hole(std::uint64_t count) {
  if (is_file_) {
    if (::ftruncate(fd_, static_cast<off_t>(position_ + count)) != 0) return write_error(path_, position_, errno);
    position_ += count;
    return {};
  }
  static constexpr std::array<std::byte, 65536> kZeros{};
  while (count > 0) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(count, kZeros.size()));
    TRIAGE_TRY_STATUS(write(Bytes(kZeros).first(step)));
    count -= step;
  }
  return {};
}

Status OutputStream::read_back(std::uint64_t at, std::span<std::byte> out) const {
  if (read_file_at(fd_, at, out) == out.size()) return {};
  return fail(ErrorCode::kOutput, "the unfinished image ends at byte " + std::to_string(at), path_);
}

Status OutputStream::patch(std::uint64_t at, Bytes data) { return write_file_at(fd_, at, data, path_); }

Status OutputStream::cut(std::uint64_t end) {
  if (::ftruncate(fd_, static_cast<off_t>(end)) != 0) return write_error(path_, end, errno);
  position_ = end;
  pushed_ = end;
  return {};
}

void OutputStream::push() {
  if (!is_file_ || position_ - pushed_ < kPushBytes) return;
  // Keeps the pages that wait for the disk few; sync() is what says that they arrived.
  (void)::sync_file_range(fd_, static_cast<off_t>(pushed_), static_cast<off_t>(position_ - pushed_),
                          SYNC_FILE_RANGE_WRITE);
  pushed_ = position_;
}

Status OutputStream::sync() {
  if (!is_file_ || ::fdatasync(fd_) == 0) return {};
  return write_error(path_, position_, errno);
}

}  // namespace triage
