// SPDX-License-Identifier: Apache-2.0
// ContentStore: keeps contents as files named by their hash, PREFIX/ab/<first 32 hex digits of SHA-256>.<extension>.
// Bytes are copied and hashed, never interpreted; a content that does not have the hash it came with is not kept.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bytes/digest.h"
#include "model/preview.h"
#include "store/digest_set.h"
#include "store/output_file.h"

namespace triage {

/// "ab/abcd….jpg": where a content lies below its folder. `sha256` has 64 hex digits.
std::string content_path(std::string_view sha256, std::string_view extension);
/// `extension` where it is [a-z0-9]{1,8}, else "bin".
std::string safe_extension(std::string_view extension);

class ContentStore {
 public:
  /// Below `prefix` ("3-investigation/recovered", or "" for `root` itself), made when absent. `root` is the case
  /// folder's fd and outlives this object. REQUIRES: the case's lock is held.
  static Result<ContentStore> open(int root, const std::string& prefix);

  struct Kept {
    std::string path;      ///< relative to `root`
    bool existed = false;  ///< the same content was there
  };
  /// Copies output.length bytes at output.slot_offset of `source_fd`. kVerification when their hash is another one,
  /// kUnreadable when the source is shorter, kOutput when the copy cannot be written.
  Result<Kept> keep(int source_fd, const OutputRecord& output);

  /// The same for content that lies in memory.
  Result<Kept> keep(const ContentRecord& record);

  /// A content that comes in several windows.
  class Windows {
   public:
    Status add(int source_fd, std::uint64_t offset, std::uint64_t length);

   private:
    friend class ContentStore;
    Windows(OutputFile file) : file_(std::move(file)) {}
    OutputFile file_;
    Sha256 digest_;
    std::uint64_t length_ = 0;
  };
  Result<Windows> begin_windows();
  /// `output.slot_offset` is not looked at; `output.length` is the whole length.
  Result<Kept> finish_windows(Windows windows, const OutputRecord& output);

  /// Makes everything kept since the last call durable. Call before the batch that names it is recorded.
  Status sync();

 private:
  ContentStore(int root, std::string prefix) : root_(root), prefix_(std::move(prefix)) {}
  [[nodiscard]] std::string below(const std::string& path) const {
    return prefix_.empty() ? path : prefix_ + "/" + path;
  }
  /// True where the content is there already; else its folder is.
  Result<bool> prepare(const std::string& path, const OutputRecord& output);
  Result<bool> is_kept(const std::string& path, const OutputRecord& output);
  Result<Kept> settle(OutputFile file, const std::string& found_sha256, const OutputRecord& output);

  int root_;
  std::string prefix_;
  std::bitset<256> folders_;  ///< two-digit folders that exist
  DigestPrefixSet known_;     ///< contents that this object wrote or compared
  std::uint64_t windows_count_ = 0;
  bool dirty_ = false;
};

}  // namespace triage
