// SPDX-License-Identifier: Apache-2.0
// How much of each deleted file is left: blocks in use belong to others now, and of two deleted files that name the
// same blocks the one that was there later holds them.
#pragma once

#include <vector>

#include "recover/volume_facts.h"

namespace triage {

/// Sets availability, survive_percent and (where the age decides nothing) inferred of the volume's deleted entries.
void settle_claims(const VolumeFacts& volume, std::vector<HeldStream>& held);

/// When the entry was last known to hold its blocks, ns since 1970: its metadata change, else its creation on this
/// volume, else its modification.
std::optional<std::int64_t> last_alive(const Stream& stream);

}  // namespace triage
