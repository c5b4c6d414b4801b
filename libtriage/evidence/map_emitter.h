// SPDX-License-Identifier: Apache-2.0
// MapEmitter: counts the streams handed out, keeps the claims, and bounds the damage one evidence can report.
#pragma once

#include <map>
#include <string>

#include "evidence/reader.h"
#include "evidence/stream_map.h"

namespace triage {

class MapEmitter {
 public:
  explicit MapEmitter(MapSink& sink) : sink_(sink) {}

  /// Hands out a stream; where `owner` is set it claims its extents, or becomes a view when others have some of them.
  /// Returns its place in the order.
  std::uint64_t stream(Stream stream, bool owner);
  void volume(VolumeRecord volume) { sink_.volume(std::move(volume)); }
  void entering(ByteOffset volume_offset, std::uint64_t inode) { sink_.entering(volume_offset, inode); }
  /// At most kMaxDamages of one kind and field are kept; the last one says that more followed.
  void damage(DamageKind kind, const std::string& stream, const std::string& path, std::string field,
              std::string detail, std::optional<std::uint64_t> at = std::nullopt);
  [[nodiscard]] std::uint64_t next_sequence() const { return next_; }
  [[nodiscard]] StreamMap& claims() { return claims_; }

 private:
  static constexpr std::uint64_t kMaxDamages = 1000;
  MapSink& sink_;
  StreamMap claims_;
  std::uint64_t next_ = 0;
  std::map<std::pair<DamageKind, std::string>, std::uint64_t> damage_counts_;
};

}  // namespace triage
