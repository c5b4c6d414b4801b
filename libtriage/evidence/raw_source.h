// SPDX-License-Identifier: Apache-2.0
// Raw images, split raw images and block devices read by pread on read-only descriptors.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evidence/source.h"

namespace triage {

/// Opens `paths` in order as one run of bytes. kUnreadable where one cannot be opened or all are empty.
/// The sector size is the device's own, 512 for files.
Result<std::unique_ptr<Source>> open_raw_source(const std::vector<std::string>& paths);

}  // namespace triage
