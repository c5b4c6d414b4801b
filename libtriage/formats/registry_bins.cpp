// SPDX-License-Identifier: Apache-2.0
// bin := "hbin" offset(le32) size(le32) reserved(8) time(8) spare(4) cell*      cell := size(le32: < 0 used, > 0 free)
// … Spec: msuhanov/regf "Windows registry file format specification", hive bin, cell.
#include "formats/registry_bins.h"

#include <algorithm>

#include "formats/peek.h"

namespace triage {
namespace {

bool cells_fill(Bytes bin) {
  std::uint64_t at = 32;
  while (at < bin.size()) {
    if (bin.size() - at < 4) return false;
    const auto value = le_at<std::int32_t>(bin, at);
    const std::uint64_t size = static_cast<std::uint64_t>(value < 0 ? -static_cast<std::int64_t>(value) : value);
    if (size < 8 || size % 8 != 0 || size > bin.size() - at) return false;
    at += size;
  }
  return true;
}

}  // namespace

BinWalk walk_registry_bins(Bytes data, std::uint64_t at, std::uint32_t first, std::uint64_t size) {
  BinWalk walk{at, false};
  std::uint64_t done = 0;
  while (done < size) {
    if (!holds(data, walk.end, 12)) {
      walk.ran_out = data.size() - std::min<std::uint64_t>(data.size(), walk.end) > 0 || size < std::uint64_t{1} << 31;
      return walk;
    }
    const std::uint64_t bin = le_at<std::uint32_t>(data, walk.end + 8);
    if (!has_at(data, walk.end, "hbin") || bin < 4096 || bin % 4096 != 0 || bin > 1U << 28 || bin > size - done ||
        le_at<std::uint32_t>(data, walk.end + 4) != first + done)
      return walk;
    if (!holds(data, walk.end, bin)) {
      walk.ran_out = true;
      return walk;
    }
    if (!cells_fill(part(data, walk.end, bin))) return walk;
    walk.end += bin;
    done += bin;
  }
  return walk;
}

}  // namespace triage
