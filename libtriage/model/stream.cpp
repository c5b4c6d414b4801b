// SPDX-License-Identifier: Apache-2.0
#include "model/stream.h"

#include <array>

namespace triage {

std::string_view stream_kind_name(StreamKind kind) {
  static constexpr std::array<std::string_view, 11> kNames = {
      "file", "dir", "stream", "link", "metadata", "slack", "unallocated", "unparsed", "gap", "memory", "child"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool is_region(const Stream& stream) {
  switch (stream.kind) {
    case StreamKind::kUnallocated:
    case StreamKind::kUnparsed:
    case StreamKind::kGap: return true;
    case StreamKind::kMetadata: return !stream.meta.has_value();
    default: return false;
  }
}

bool is_entry_content(const Stream& stream) {
  return stream.meta && (stream.kind == StreamKind::kFile || stream.kind == StreamKind::kNamedStream ||
                         stream.kind == StreamKind::kMetadata || stream.kind == StreamKind::kChild);
}

std::string_view recovery_method_name(RecoveryMethod method) {
  static constexpr std::array<std::string_view, 3> kNames = {"metadata", "journal", "record"};
  return kNames[static_cast<std::size_t>(method)];
}

}  // namespace triage
