// SPDX-License-Identifier: Apache-2.0
// Asks a drive by SG_IO what it is and what it hides. Commands that read only: INQUIRY (SPC-4 §6.4), ATA PASS-THROUGH
// (SAT-3 §12.2) with IDENTIFY DEVICE, READ NATIVE MAX ADDRESS EXT, DEVICE CONFIGURATION IDENTIFY, SMART READ DATA
// (ACS-2 §7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "acquire/device_dossier.h"
#include "bytes/cursor.h"

namespace triage {

/// Fills what `fd` (a block device) answers; what it does not is noted in not_asked.
void query_drive(int fd, DeviceDossier& out);

/// Facts of the 512 bytes of IDENTIFY DEVICE (ACS-2 §7.12). Strings are trimmed.
struct IdentifyFacts {
  std::string model, serial, firmware, wwn;
  std::uint64_t sectors = 0;
  bool has_hpa = false;  ///< the Host Protected Area feature set is supported
  bool has_dco = false;  ///< the Device Configuration Overlay feature set is supported
  bool has_smart = false;
};
/// nullopt where the data are not those of an ATA device.
std::optional<IdentifyFacts> parse_identify(Bytes data);
/// Address of the last sector + 1 out of DEVICE CONFIGURATION IDENTIFY data (ACS-2 table 60, words 3 to 6).
std::optional<std::uint64_t> parse_dco(Bytes data);

}  // namespace triage
