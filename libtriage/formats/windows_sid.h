// SPDX-License-Identifier: Apache-2.0
// Security identifiers and the descriptors that hold them. Spec: MS-DTYP §2.4.2.2 (SID), §2.4.6 (SECURITY_DESCRIPTOR).
#pragma once

#include <string>

#include "bytes/cursor.h"

namespace triage {

/// "S-1-5-21-…" of the SID at the start of `data`; "" where there is none.
std::string sid_text(Bytes data);

/// Owner of a self-relative security descriptor; "" where it names none.
std::string descriptor_owner(Bytes descriptor);

}  // namespace triage
