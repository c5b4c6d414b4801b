// SPDX-License-Identifier: Apache-2.0
#include "evidence/map_emitter.h"

namespace triage {

std::uint64_t MapEmitter::stream(Stream stream, bool owner) {
  if (!owner || !claims_.claim(stream.extents)) {
    if (owner) {
      damage(DamageKind::kRange, stream.key, stream.path, "extents",
             "blocks of this stream belong to an earlier stream or twice to itself; it is read as a view");
    }
    stream.view = true;
  }
  stream.sequence = next_;
  sink_.stream(std::move(stream));
  return next_++;
}

void MapEmitter::damage(DamageKind kind, const std::string& stream, const std::string& path, std::string field,
                        std::string detail, std::optional<std::uint64_t> at) {
  const std::uint64_t count = ++damage_counts_[{kind, field}];
  if (count > kMaxDamages) return;
  Damage damage;
  damage.stream = stream;
  damage.path = path;
  damage.at = at;
  damage.kind = kind;
  damage.field = std::move(field);
  damage.detail = count < kMaxDamages ? std::move(detail) : "more of the same follows and is not listed";
  damage.consumer = "evidence";
  sink_.damage(std::move(damage));
}

}  // namespace triage
