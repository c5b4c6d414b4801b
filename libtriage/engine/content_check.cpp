// SPDX-License-Identifier: Apache-2.0
#include "engine/content_check.h"

namespace triage {

std::optional<CarveResult> validate_by_type(std::string_view type, Bytes content) {
  if (type.empty()) return std::nullopt;
  for (const Carver* carver : all_carvers()) {
    if (carver->id != type && carver->extension != type) continue;
    const CarveResult result = carver->validate(content);
    if (result.grade != CarveGrade::kNone) return result;
  }
  return std::nullopt;
}

ContentJudgement check_content(std::string_view type, Bytes content) {
  const auto result = validate_by_type(type, content);
  if (!result) return {};
  const bool whole = result->grade == CarveGrade::kComplete && result->length.value <= content.size();
  if (!whole) return {ContentVerdict::kBroken, 0};
  return {ContentVerdict::kWhole, result->length.value};
}

}  // namespace triage
