// SPDX-License-Identifier: Apache-2.0
// The update sequence of NTFS records: the last two bytes of each 512 are a number that stands in the header too.
#pragma once

#include "bytes/cursor.h"

namespace triage {

/// True when every sector of the record (FILE, INDX …) ends in its update sequence number. The record is read as it
/// lies on the disk, before the true bytes are put back.
bool fixups_hold(Bytes record);

}  // namespace triage
