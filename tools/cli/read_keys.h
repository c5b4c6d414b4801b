// SPDX-License-Identifier: Apache-2.0
// The keys of --unlock, read from files, descriptors or the terminal. A secret is never an argument; messages never
// repeat what stands after KIND:, because a secret may have been typed there by mistake.
#pragma once

#include <memory>

#include "base/result.h"
#include "cli/context.h"
#include "evidence/unlock_keys.h"

namespace triage::cli {

/// nullptr when no --unlock was given. kUsage: not VOLUME=KIND:FILE, a file that cannot be read, an impossible key.
Result<std::shared_ptr<const UnlockKeys>> read_keys(const Context& context);

}  // namespace triage::cli
