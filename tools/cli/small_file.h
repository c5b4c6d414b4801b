// SPDX-License-Identifier: Apache-2.0
// Keys, certificates and lists a person names on the command line.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace triage::cli {

/// Whole content of `path`. kUsage when it cannot be read or is larger than `limit` bytes.
Result<std::string> read_small_file(const std::string& path, std::size_t limit = std::size_t{1} << 20);

}  // namespace triage::cli
