// SPDX-License-Identifier: Apache-2.0
// Judges content by its type's own structure: what grades recovered files and chooses between places they may have.
#pragma once

#include <optional>
#include <string_view>

#include "carve/carver.h"
#include "recover/recovery_context.h"

namespace triage {

/// The validator of `type` (as type_by_content() names it, or an extension) on content that begins a file; nullopt
/// where no format of that name is registered or it is another format after all.
std::optional<CarveResult> validate_by_type(std::string_view type, Bytes content);

/// The same as a verdict; see ContentCheck.
ContentJudgement check_content(std::string_view type, Bytes content);

}  // namespace triage
