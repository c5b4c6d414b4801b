// SPDX-License-Identifier: Apache-2.0
// What a shell link says, as events: shared by shortcuts (lnk.cpp) and jump lists (jumplist.cpp).
#pragma once

#include <array>
#include <functional>

#include "artifacts/parser.h"
#include "formats/lnk_view.h"

namespace triage {

/// The event of a link without its time, place and action.
Event describe_lnk(const LnkView& link);

/// One event per distinct stamp of the target, or one without a time where it has none. `place` makes the locator of
/// `length` bytes at `at` of the link.
void give_lnk_stamps(const LnkView& link, const Event& plain,
                     const std::function<Locator(std::uint64_t at, std::uint64_t length)>& place, EventSink& out);

/// Fields that describe_lnk() may use.
inline constexpr std::array kLnkFields = {
    FieldSpec{"drive_type", "", "kind of drive the target lay on: fixed, removable, remote, cd-rom, ram disk"},
    FieldSpec{"volume_serial", "hex", "serial number of the target's volume"},
    FieldSpec{"volume_label", "", "label of the target's volume"},
    FieldSpec{"share_device", "", "drive letter the share was mounted as"},
    FieldSpec{"machine", "", "NetBIOS name of the machine the target was last known on"},
    FieldSpec{"mac", "hex", "network card address in the file droid, where it holds one"},
    FieldSpec{"volume_droid", "hex", "object id of the target's volume"},
    FieldSpec{"file_droid", "hex", "object id of the target"},
    FieldSpec{"birth_file_droid", "hex", "object id the target was born with, where it is another"},
    FieldSpec{"description", "", "comment of the shortcut"},
    FieldSpec{"relative_path", "", "path of the target from the shortcut"},
    FieldSpec{"working_dir", "", "working directory for the target"},
    FieldSpec{"arguments", "", "command line arguments"},
    FieldSpec{"target_inode", "count", "MFT entry of the target"},
    FieldSpec{"target_sequence", "count", "sequence number of that MFT entry"}};

}  // namespace triage
