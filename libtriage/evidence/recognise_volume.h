// SPDX-License-Identifier: Apache-2.0
// Volumes libtsk does not read: named by their signatures, or taken as possibly encrypted by their entropy.
#pragma once

#include <string>

#include "bytes/cursor.h"

namespace triage {

struct VolumeGuess {
  std::string file_system;  ///< btrfs, xfs, lvm, refs, f2fs, swap, squashfs …; "" unknown
  std::string encryption;   ///< bitlocker, luks, filevault, possible; "" none
};

/// `head` is the first 128 KiB of the volume (less when it is shorter), `middle` 64 KiB from its middle.
VolumeGuess recognise_volume(Bytes head, Bytes middle);

/// Shannon entropy of `data` in bits per byte, 0 to 8.
double entropy_of(Bytes data);

}  // namespace triage
