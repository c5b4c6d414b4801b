// SPDX-License-Identifier: Apache-2.0
#include "model/sink.h"

#include <fmt/format.h>

#include <array>

namespace triage {

void EventSink::fault(const ByteCursor& cursor, std::uint64_t base) {
  if (cursor.ok()) return;
  const ByteCursor::Fault& fault = *cursor.fault();
  const std::uint64_t at = base + fault.at;
  if (fault.wanted == 0) {
    damage(DamageKind::kRange, at, fault.field, fmt::format("{} has a value that cannot be", fault.field));
    return;
  }
  const std::size_t left = fault.at <= cursor.size() ? cursor.size() - fault.at : 0;
  damage(DamageKind::kTruncated, at, fault.field,
         fmt::format("{} needs {} bytes, {} are left", fault.field, fault.wanted, left));
}

std::string_view file_grade_name(FileGrade grade) {
  static constexpr std::array<std::string_view, 7> kNames = {"allocated", "complete", "likely",   "overwritten",
                                                             "name_only", "embedded", "truncated"};
  return kNames[static_cast<std::size_t>(grade)];
}

}  // namespace triage
