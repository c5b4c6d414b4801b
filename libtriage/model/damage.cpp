// SPDX-License-Identifier: Apache-2.0
#include "model/damage.h"

#include <array>

namespace triage {

std::string_view damage_kind_name(DamageKind kind) {
  static constexpr std::array<std::string_view, kDamageKindCount> kNames = {
      "truncated", "bad_magic", "checksum",   "range",    "limit",     "crash",
      "timeout",   "version",   "unreadable", "unparsed", "encrypted", "skipped"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace triage
