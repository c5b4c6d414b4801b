// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648 section 4), through OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

/// With padding, without line breaks.
std::string to_base64(Bytes data);
/// Bytes of a padded base64 text without blanks; nullopt when it is not one, or not the one to_base64() would write.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace triage
