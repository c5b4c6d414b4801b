// SPDX-License-Identifier: Apache-2.0
#include "engine/consumer.h"

#include "engine/content_consumers.h"
#include "engine/file_consumers.h"

namespace triage {

Consumers make_consumers(const ConsumerChoice& choice) {
  Consumers out;
  add_file_consumers(out, choice);
  if (choice.parsers) add_parser_consumers(out);
  if (choice.yara != nullptr) add_yara_consumer(out, *choice.yara);
  if (choice.carve) add_carve_consumer(out, choice.carving, choice.recover);
  add_closing_consumers(out, choice);
  if (choice.unpack) add_unpack_consumer(out, choice);
  if (choice.previews) add_preview_consumer(out);
  return out;
}

}  // namespace triage
