// SPDX-License-Identifier: Apache-2.0
// Working files of a sweep: they have no name, so that nothing is left behind whatever happens.
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace triage {

/// A new empty file in `folder`, open for reading and writing, that goes away with its descriptor; kOutput where the
/// folder takes none.
Result<UniqueFd> make_unnamed_file(const std::string& folder);

}  // namespace triage
