// SPDX-License-Identifier: Apache-2.0
// What the readers of the single formats share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "unpack/unpack.h"

namespace triage {

/// One container being taken apart.
struct Unpacking {
  Bytes data;
  std::string_view type;
  std::string_view name;
  UnpackBudget& budget;
  UnpackSink& sink;

  /// Bytes that a member packed into `packed` bytes may have.
  [[nodiscard]] std::uint64_t allowed(std::uint64_t packed) const {
    constexpr std::uint64_t kFree = 1 << 20;
    const std::uint64_t by_ratio = kFree + std::min(packed, budget.member_bytes) * budget.ratio;
    return std::min({budget.bytes, budget.member_bytes, by_ratio});
  }
  /// Counts the member and tells it; false when no further one may come.
  bool tell(const UnpackedMember& member);
};

void unpack_zip(Unpacking& job);
void unpack_tar(Unpacking& job);
/// gzip, xz, zstd: one member.
void unpack_compressed(Unpacking& job);
/// OLE structured storage.
void unpack_cfb(Unpacking& job);
/// 7z, RAR, CAB, LHA, cpio, ar, bzip2, by libarchive.
void unpack_by_library(Unpacking& job);

/// `name` without folders and without `suffix` (compared without case).
std::string stem_of(std::string_view name, std::string_view suffix);

}  // namespace triage
