// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/consumer.h"

namespace triage {

/// One consumer for each registered parser.
void add_parser_consumers(Consumers& out);
/// YARA over every stream.
void add_yara_consumer(Consumers& out, const YaraRules& rules);
/// Carving of regions that no file owns.
void add_carve_consumer(Consumers& out, bool keep);

}  // namespace triage
