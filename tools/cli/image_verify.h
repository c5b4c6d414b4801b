// SPDX-License-Identifier: Apache-2.0
// The image branch of `triage verify`.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "store/verify.h"

namespace triage::cli {

/// Checks of the image at `path`, as those of a case. `whole` takes the digests of the whole image too; `signers` is a
/// list of keys (ssh-keygen's allowed signers), one of which must have signed, or "".
Result<std::vector<CheckResult>> verify_image_file(const Context& context, const std::string& path, bool whole,
                                                   const std::string& signers);

}  // namespace triage::cli
