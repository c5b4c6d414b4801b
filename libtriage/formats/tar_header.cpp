// SPDX-License-Identifier: Apache-2.0
// Spec: POSIX.1-2017 pax "ustar Interchange Format"; GNU tar manual "Basic Tar Format" (base-256 sizes).
#include "formats/tar_header.h"

namespace triage {

std::optional<std::uint64_t> tar_number(Bytes field) {
  std::uint64_t value = 0;
  if ((std::to_integer<unsigned>(field[0]) & 0x80) != 0) {
    for (std::size_t i = field.size() - 8; i < field.size(); ++i)
      value = value << 8 | std::to_integer<std::uint64_t>(field[i]);
    return value;
  }
  bool digit = false;
  for (const char c : as_chars(field)) {
    if (c >= '0' && c <= '7') {
      value = value << 3 | static_cast<std::uint64_t>(c - '0');
      digit = true;
    } else if (digit || c != ' ') {
      if (c != ' ' && c != '\0') return std::nullopt;
      if (digit) break;
    }
  }
  if (!digit) return std::nullopt;
  return value;
}

bool tar_sum_holds(Bytes header) {
  const auto stored = tar_number(header.subspan(148, 8));
  std::uint64_t sum = 8 * 0x20;
  for (std::size_t i = 0; i < 512; ++i)
    if (i < 148 || i >= 156) sum += std::to_integer<std::uint64_t>(header[i]);
  return stored && *stored == sum;
}

}  // namespace triage
