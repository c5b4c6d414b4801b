// SPDX-License-Identifier: Apache-2.0
// APFS: one container (pool) holds several volumes that share its blocks. Each volume is named by the place of its
// superblock, so that keys of different volumes never meet.
#include <fmt/format.h>

#include "evidence/image_reader.h"

namespace triage {

bool ImageReader::map_pool(Mapping& mapping, const Region& region) {
  (void)mapping;  // containers are not opened yet
  (void)region;
  return false;
}

}  // namespace triage
