// SPDX-License-Identifier: Apache-2.0
// SYSTEMTIME, the broken-down time of Windows. Spec: MS-DTYP §2.3.13.
#pragma once

#include "bytes/cursor.h"
#include "model/timestamp.h"

namespace triage {

/// 16 bytes: year, month, day of week, day, hour, minute, second, millisecond (u16 each). Where it is stored it is
/// almost always local time of the machine, whose zone is told elsewhere: basis unknown. Not set when the year is 0.
Timestamp from_systemtime(Bytes data);

}  // namespace triage
