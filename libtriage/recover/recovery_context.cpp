// SPDX-License-Identifier: Apache-2.0
#include "recover/recovery_context.h"

#include <fmt/format.h>

#include "bytes/text.h"

namespace triage {

void RecoveryContext::add(Stream stream) {
  volume.held.push_back(held.size());
  held.push_back({std::move(stream), true, false});
}

void RecoveryContext::damage(DamageKind kind, std::string field, std::string detail) const {
  Damage one;
  one.stream = fmt::format("v{}", volume.begin());
  one.kind = kind;
  one.field = std::move(field);
  one.detail = std::move(detail);
  one.consumer = "recover";
  out.damage(std::move(one));
}

Stream recovered_stream(const VolumeFacts& volume, RecoveryMethod method, StreamKind kind) {
  Stream stream;
  stream.kind = kind;
  stream.volume = volume.record.index;
  stream.volume_offset = volume.record.offset;
  stream.file_system = volume.file_system;
  stream.method = method;
  stream.view = true;
  stream.meta.emplace();
  stream.meta->allocated = false;
  stream.meta->name_allocated = false;
  return stream;
}

std::string path_component(std::string_view raw) {
  std::string text = decode_name(raw);
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at)) text.replace(at, 1, "\\x2f");
  if (text == "." || text == "..") text.insert(0, "\\");
  return text;
}

}  // namespace triage
