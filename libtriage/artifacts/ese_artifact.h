// SPDX-License-Identifier: Apache-2.0
// What parsers of ESE databases share: how one begins, and telling what was wrong with it.
#pragma once

#include "artifacts/parser.h"
#include "formats/ese.h"

namespace triage {

inline constexpr Magic kEseMagic{4, "\xef\xcd\xab\x89"};

/// Tells the view's faults as damage; kComplete where there are none.
Outcome tell_faults(const EseView& view, EventSink& out);

}  // namespace triage
