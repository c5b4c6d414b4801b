// SPDX-License-Identifier: Apache-2.0
// Copies a file of the case to a place outside of it.
#pragma once

#include <string>

#include "base/result.h"

namespace triage::cli {

/// `name` lies below `case_dir`. A file that is at `to` already stays (kOutput).
Status copy_out(const std::string& case_dir, const std::string& name, const std::string& to);

}  // namespace triage::cli
