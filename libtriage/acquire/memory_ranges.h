// SPDX-License-Identifier: Apache-2.0
// Which physical addresses are RAM, from /proc/iomem. Ends there are inclusive. RAM also stands on indented lines and
// with an addition in brackets (virtio-mem, kmem, dax): "  140000000-17fffffff : System RAM (virtio_mem)".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace triage {

/// Half-open run of physical addresses.
struct MemoryRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool operator==(const MemoryRange&) const = default;
};

struct IomemRam {
  std::vector<MemoryRange> ranges;  ///< in order, disjoint, neighbours joined
  bool hidden = false;              ///< every address is zero: the reader lacks CAP_SYS_ADMIN
};

/// Lines that are not understood are left out.
IomemRam parse_iomem(std::string_view text);

/// Sum of the lengths.
std::uint64_t total_bytes(const std::vector<MemoryRange>& ranges);

}  // namespace triage
