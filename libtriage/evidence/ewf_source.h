// SPDX-License-Identifier: Apache-2.0
// EwfSource: E01 and Ex01 by libewf directly. libtsk's own way hides chunks whose checksum is wrong: they read as zeros
// without a word. Here they are faults.
#pragma once

#include <memory>

#include "evidence/reader.h"

namespace triage {

/// kUnreadable where libewf refuses the container.
Result<std::unique_ptr<Source>> open_ewf_source(const EvidenceSpec& spec);

}  // namespace triage
