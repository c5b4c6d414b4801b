// SPDX-License-Identifier: Apache-2.0
// OutputStream: bytes of an image to a new file or to standard output, front to back.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "bytes/cursor.h"
#include "bytes/read_file.h"

namespace triage {

/// pwrite of all of `data`. kOutput with the system's reason.
Status write_file_at(int fd, std::uint64_t at, Bytes data, const std::string& path);

class OutputStream {
 public:
  /// A file that must not exist yet (kOutput when it does).
  static Result<OutputStream> create(const std::string& path);
  /// A file of an earlier run; writing goes on at `end`, what stands behind it is cut off by cut().
  static Result<OutputStream> reopen(const std::string& path);
  /// Standard output by its descriptor, which stays open. Nothing can be read back.
  static OutputStream to_descriptor(int fd);

  Status write(Bytes data);
  /// `count` zeros; a hole where the stream is a file.
  Status write_hole(std::uint64_t count);
  Status read_back(std::uint64_t at, std::span<std::byte> out) const;
  /// Overwrites bytes already written.
  Status patch(std::uint64_t at, Bytes data);
  /// Sets the place where writing goes on and cuts the rest off.
  Status cut(std::uint64_t end);
  /// Starts writing back without waiting (every few MiB), or waits until all is stored.
  void push();
  Status sync();
  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] bool is_file() const { return is_file_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  OutputStream(std::string path, UniqueFd owned, int fd, bool is_file)
      : path_(std::move(path)), owned_(std::move(owned)), fd_(fd), is_file_(is_file) {}
  std::string path_;
  UniqueFd owned_;
  int fd_ = -1;
  bool is_file_ = true;
  std::uint64_t position_ = 0;
  std::uint64_t pushed_ = 0;
};

}  // namespace triage
