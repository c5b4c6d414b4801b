// SPDX-License-Identifier: Apache-2.0
// Type by content: the short name of a format, from its first bytes.
#pragma once

#include <string_view>

#include "bytes/cursor.h"

namespace triage {

/// Lower-case short name ("jpeg", "pdf", "docx", "zip", "sqlite", "pe", "elf", "lnk", "prefetch", "evtx", "regf",
/// "text" …); "" when unknown. `head` is the beginning of the content, up to 64 KiB are looked at (of
/// OLE compound files the directory too, wherever in `head` it lies).
std::string_view type_by_content(Bytes head);

/// Usual file-name extension of a type, [a-z0-9]{1,8}; "bin" when there is none.
std::string_view extension_of_type(std::string_view type);

}  // namespace triage
