// SPDX-License-Identifier: Apache-2.0
// Tar streams as the bundle needs them: regular files only, the same bytes for the same files (POSIX.1-2017 pax
// interchange format; owner 0, mode 0600, one time for all), read back without trust.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bytes/cursor.h"

namespace triage {

class TarWriter {
 public:
  using Output = std::function<Status(std::string_view)>;
  /// `mtime`: seconds since 1970 for every entry.
  TarWriter(Output output, std::uint64_t mtime) : output_(std::move(output)), mtime_(mtime) {}
  /// Begins a file of exactly `size` bytes. The content of the one before must be whole. `path` is relative, without
  /// "..", NUL or an empty part.
  Status begin_file(std::string_view path, std::uint64_t size);
  Status write(std::string_view content);
  /// begin_file() and write() in one.
  Status file(std::string_view path, std::string_view content);
  /// Ends the last file and the archive.
  Status finish();

 private:
  Status pad();
  Output output_;
  std::uint64_t mtime_;
  std::uint64_t left_ = 0;     ///< bytes of the present file still to come
  std::uint64_t written_ = 0;  ///< of its content, for the padding
};

/// One regular file of an archive.
struct TarEntry {
  std::string path;
  std::uint64_t size = 0;
};

class TarReader {
 public:
  /// Fills as much of the span as there is; 0 at the end.
  using Input = std::function<Result<std::size_t>(std::span<std::byte>)>;
  explicit TarReader(Input input) : input_(std::move(input)) {}
  /// The next regular file; nullopt at the end. Folders are passed over, anything else (links, devices), a path that
  /// leaves the archive, a wrong checksum and a cut end are kVerification.
  Result<std::optional<TarEntry>> next();
  /// Content of the present file; 0 at its end.
  Result<std::size_t> read(std::span<std::byte> out);

 private:
  Status fill(std::span<std::byte> out, std::string_view what);
  Status skip(std::uint64_t count);
  Result<std::string> extended(std::uint64_t size);
  Input input_;
  std::uint64_t left_ = 0;
  std::uint64_t padding_ = 0;
};

/// True for a relative path without empty parts, ".", "..", NUL, CR and LF.
bool is_plain_relative_path(std::string_view path);

}  // namespace triage
