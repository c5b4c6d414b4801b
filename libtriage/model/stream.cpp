// SPDX-License-Identifier: Apache-2.0
#include "model/stream.h"

#include <array>

namespace triage {

std::string_view stream_kind_name(StreamKind kind) {
  static constexpr std::array<std::string_view, 11> kNames = {
      "file", "dir", "stream", "link", "metadata", "slack", "unallocated", "unparsed", "gap", "memory", "child"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace triage
