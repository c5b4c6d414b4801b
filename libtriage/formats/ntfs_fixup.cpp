// SPDX-License-Identifier: Apache-2.0
// header := signature(4) array_offset(le16) array_count(le16) …    array := number(2) true_bytes(2)*
// Reference: libyal/libfsntfs "New Technologies File System (NTFS)" §5.1 fix-up values.
#include "formats/ntfs_fixup.h"

#include "formats/peek.h"

namespace triage {

bool fixups_hold(Bytes record) {
  constexpr std::uint64_t kSector = 512;
  const std::uint64_t array = le_at<std::uint16_t>(record, 4);
  const std::uint64_t count = le_at<std::uint16_t>(record, 6);
  if (count < 2 || (count - 1) * kSector != record.size() || array < 8 || !holds(record, array, 2 * count))
    return false;
  const auto number = le_at<std::uint16_t>(record, array);
  for (std::uint64_t sector = 1; sector < count; ++sector)
    if (le_at<std::uint16_t>(record, sector * kSector - 2) != number) return false;
  return true;
}

}  // namespace triage
