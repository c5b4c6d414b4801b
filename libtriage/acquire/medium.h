// SPDX-License-Identifier: Apache-2.0
// Medium: one attempt at a time to read a device or file, with the system's own answer. SectorReader makes exact blocks
// of it: what can be read is read, what cannot is zeros and named to the sector.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "evidence/source.h"

namespace triage {

/// Buffers for a Medium begin at a multiple of this and so do its reads where the medium is asked directly.
inline constexpr std::size_t kMediumAlignment = 4096;

class Medium {
 public:
  /// `bytes` read, or why none was.
  struct Attempt {
    std::size_t bytes = 0;
    int sys_errno = 0;
  };
  virtual ~Medium() = default;
  [[nodiscard]] virtual ByteCount size() const = 0;
  [[nodiscard]] virtual SectorSize sector_size() const = 0;
  /// Reads once, past caches where the medium lets it. REQUIRES: `at` and out.size() are multiples of the sector size;
  /// the end of the medium may lie inside.
  virtual Attempt read_once(ByteOffset at, std::span<std::byte> out) = 0;
  /// Called after an error: whether the medium itself is gone (unplugged), rather than one place of it bad.
  [[nodiscard]] virtual bool is_gone(int sys_errno) const = 0;
  /// "direct" or "buffered": how the bytes came.
  [[nodiscard]] virtual std::string_view access() const = 0;
};

/// Opens a block device (always past the page cache: it spreads one bad sector over up to 2 MiB) or a file (buffered
/// until the first error, direct from then on where its file system can). Read-only. kUnreadable when it cannot.
Result<std::unique_ptr<Medium>> open_medium(const std::string& path);

struct RetryPolicy {
  unsigned retries = 0;  ///< further passes over what a block's first pass could not read
  bool reverse = false;  ///< every other of them from the back; asks for one pass where retries is 0
};

class SectorReader {
 public:
  SectorReader(Medium& medium, RetryPolicy policy) : medium_(medium), policy_(policy) {}
  /// Fills out[0, wanted) from `at`; unreadable sectors are zeros and appended to `faults`, neighbours joined.
  /// kUnreadable when the medium is gone or became shorter.
  /// REQUIRES: `at` is a multiple of the sector size, `out` holds `wanted` rounded up to it and is aligned.
  Status read(ByteOffset at, std::span<std::byte> out, std::size_t wanted, std::vector<ReadFault>& faults);

 private:
  Status first_pass(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& bad);
  Status next_pass(std::uint64_t at, std::span<std::byte> out, bool backwards, std::vector<ReadFault>& bad);
  Medium& medium_;
  RetryPolicy policy_;
};

/// Appends, or makes the last fault longer where it ends at `at` for the same reason.
void append_fault(std::vector<ReadFault>& faults, std::uint64_t at, std::uint64_t length, int sys_errno);

}  // namespace triage
