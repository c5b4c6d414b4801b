// SPDX-License-Identifier: Apache-2.0
// OutputFile: a file that is there whole or not at all. Written as NAME.part beneath a folder fd, then fsync, rename,
// fsync of the folder. No part of the path may be a symbolic link or leave the folder (openat2 RESOLVE_BENEATH).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "bytes/cursor.h"

namespace triage {

/// Opens `path` (relative) beneath `folder` with open(2) flags and mode 0600; follows no link.
Result<UniqueFd> open_beneath(int folder, const std::string& path, int flags);
/// Makes every missing folder of `path` beneath `folder` with mode 0700.
Status make_folders_beneath(int folder, const std::string& path);
/// Whole content of a file beneath `folder`; kUnreadable when absent, kVerification when larger than `limit`.
Result<std::string> read_beneath(int folder, const std::string& path, std::size_t limit);
/// SHA-256 of a file beneath `folder`, lower-case hex.
Result<std::string> sha256_beneath(int folder, const std::string& path);

class OutputFile {
 public:
  enum class Existing {
    kRefuse,   ///< a file of that name is kOutput at commit
    kReplace,  ///< replaced in one step; for what is rebuilt from case.db
  };
  /// Creates NAME.part; one left by a killed run is taken away. REQUIRES: the case's lock is held; `folder` outlives
  /// it.
  static Result<OutputFile> create(int folder, const std::string& path, Existing existing);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  /// Takes the unfinished file away unless commit() succeeded.
  ~OutputFile();

  Status write(Bytes data);
  Status write(std::string_view text) { return write(as_byte_span(text)); }
  /// For copying and times; what write() buffered is not there before flush().
  [[nodiscard]] int fd() const { return fd_.get(); }
  Status flush();
  /// Makes the file appear under its name. `durable` false leaves syncing to the caller (ContentStore::sync).
  Status commit(bool durable = true);
  /// Same, under another name, known only now. The folder of `path` must exist.
  Status commit_as(const std::string& path, bool durable = true);

 private:
  OutputFile(int folder, std::string path, Existing existing, UniqueFd fd);
  [[nodiscard]] tl::unexpected<Error> error(const char* doing) const;
  Status write_all(std::string_view text);

  int folder_;
  std::string path_;
  Existing existing_;
  UniqueFd fd_;
  std::string buffer_;
  bool active_ = true;
};

}  // namespace triage
