// SPDX-License-Identifier: Apache-2.0
// Cluster size of the NTFS volume that orphaned file records belonged to, and where that volume began.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/mft_record.h"
#include "recover/image_bytes.h"

namespace triage {

struct NtfsGeometry {
  std::uint64_t begin = 0;  ///< byte place of cluster 0 in the image
  std::uint64_t cluster = 0;
  bool proven = false;  ///< an index block or a record lies where the runs say
};

/// The cluster size follows from allocated sizes and cluster counts; the beginning from index blocks and file records
/// that must lie where runs point. `begin` is the first place to try. `cluster` is 0 where no record says anything.
NtfsGeometry infer_ntfs_geometry(ImageBytes& image, const std::vector<MftRecord>& records, std::uint64_t begin);

}  // namespace triage
