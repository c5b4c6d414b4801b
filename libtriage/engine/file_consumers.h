// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/consumer.h"

namespace triage {

/// Digest, type and times: what later consumers build on.
void add_file_consumers(Consumers& out, const ConsumerChoice& choice);
/// Deleted content and the row of the `files` view: they tell what the others found.
void add_closing_consumers(Consumers& out, const ConsumerChoice& choice);

}  // namespace triage
