// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <fmt/format.h>

#include <system_error>

namespace triage {

std::string Error::text() const {
  std::string out = message;
  if (!where.empty()) out += fmt::format(": {}", where);
  if (sys_errno != 0) out += fmt::format(" ({})", std::generic_category().message(sys_errno));
  return out;
}

}  // namespace triage
