// SPDX-License-Identifier: Apache-2.0
// BatchRecords: everything one batch of the sweep said. The unit that is written to the case in one transaction, and
// that --resume counts.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/records.h"

namespace triage {

/// An event with its public id (event_id()).
struct IdentifiedEvent {
  std::string id;
  Event event;
};

struct BatchRecords {
  std::vector<FileRecord> files;
  std::vector<IdentifiedEvent> events;
  std::vector<Finding> findings;
  std::vector<Damage> damages;
  std::vector<OutputRecord> outputs;
};

}  // namespace triage
