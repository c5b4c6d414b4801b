// SPDX-License-Identifier: Apache-2.0
// Label and serial of a volume, from the places its file system keeps them.
#pragma once

#include <string>

#include "evidence/file_system.h"

namespace triage {

/// UTF-8 label; "" where there is none or the file system keeps none that we read.
std::string volume_label(const FileSystemView& view);

/// FAT, exFAT and NTFS serials as numbers in hex (most significant digit first), UUIDs in hex; "" unknown.
std::string volume_serial(const FileSystemView& view);

/// ext: inodes of 256 bytes or more hold nanoseconds and the creation time. True for other file systems.
bool holds_nanoseconds(const FileSystemView& view);

}  // namespace triage
