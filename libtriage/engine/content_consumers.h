// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/consumer.h"

namespace triage {

/// One consumer for each registered parser.
void add_parser_consumers(Consumers& out);
/// YARA over every stream.
void add_yara_consumer(Consumers& out, const YaraRules& rules);
/// Files found by content: in regions that no file owns, in paging files; by choice in slack and existing files.
void add_carve_consumer(Consumers& out, const CarveChoice& choice, bool keep);
/// Members of archives and documents, each a stream of its own for the other consumers that look into content.
void add_unpack_consumer(Consumers& out, const ConsumerChoice& choice);

/// Thumbnails and first words of the files that are kept.
void add_preview_consumer(Consumers& out);

}  // namespace triage
