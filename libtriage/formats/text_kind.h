// SPDX-License-Identifier: Apache-2.0
// Kinds of text, told from the first bytes of a file.
#pragma once

#include <string_view>

#include "bytes/cursor.h"

namespace triage {

/// "html" "xml" "svg" "plist" "json" "eml" "mbox" "ics" "vcard" "pem" "ssh-key" "pgp" "script" "reg" … where the
/// text says so, else its character set: "text" (ASCII and UTF-8), "text-utf16", "text-cp932", "text-euc-jp",
/// "text-iso2022jp", "text-8bit". "" when it is no text. `cut`: the file goes on after `head`.
std::string_view text_kind(Bytes head, bool cut);

}  // namespace triage
