// SPDX-License-Identifier: Apache-2.0
// Containers (E01, AFF, VMDK, VHD) as a Source, read by libtsk and the libyal libraries under it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evidence/reader.h"

namespace triage {

/// Opens a container of `spec.format`. kUnreadable where the library refuses it (torn, missing segment, wrong kind).
Result<std::unique_ptr<Source>> open_container_source(const EvidenceSpec& spec);

/// Hashes an EWF container carries about its content, put into `record`; what it does not carry stays empty.
void read_ewf_hashes(const EvidenceSpec& spec, EvidenceRecord& record);

/// Damage where the last segment of an E01 does not end the container: a later one is missing, or it was cut off.
std::vector<Damage> check_ewf_end(const EvidenceSpec& spec);

}  // namespace triage
