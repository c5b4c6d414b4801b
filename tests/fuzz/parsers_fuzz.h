// SPDX-License-Identifier: Apache-2.0
// fuzz_one(): one input through the chosen parsers and carvers. Aborts where an output rule is broken.
#pragma once

#include <string_view>

#include "bytes/cursor.h"

namespace triage::fuzz {

/// Runs the parser or carver whose id is `only` (a carver as "carve:jpeg"), or all when it is empty. Throws nothing;
/// calls abort() when the output breaks a rule, so that the fuzzer keeps the input.
void fuzz_one(Bytes data, std::string_view only);

}  // namespace triage::fuzz
