// SPDX-License-Identifier: Apache-2.0
// Output never lands on the evidence (DESIGN.md §7): not inside a folder given as evidence, not on a file system that
// lives on the evidence's block device (its partitions, holders or a loop backing).
#pragma once

#include <string>

#include "base/result.h"
#include "evidence/reader.h"

namespace triage {

/// kUsage when writing to `output` (which need not exist yet) would write on `evidence`.
Status check_output_place(const std::string& output, const EvidenceSpec& evidence);

}  // namespace triage
