// SPDX-License-Identifier: Apache-2.0
// Facts of a case that are no events: volumes, content findings, and files whose content lies on another medium too.
#pragma once

#include <vector>

#include "base/result.h"
#include "reason/case_input.h"

namespace triage {

struct VolumeRow {
  VolumeFact fact;
  std::int64_t number = 0;  ///< `volume` of the views
};
Result<std::vector<VolumeRow>> read_volumes(Database& database);

/// All facts, in no order.
Result<std::vector<HeldRow>> read_facts(Database& database, const std::vector<VolumeRow>& volumes,
                                        const CaseJoins& joins);

}  // namespace triage
