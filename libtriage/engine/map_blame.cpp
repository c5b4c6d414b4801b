// SPDX-License-Identifier: Apache-2.0
#include "engine/map_blame.h"

#include <fmt/format.h>

namespace triage {
namespace {

constexpr unsigned kMaxDeathsOfVolume = 12;
constexpr unsigned kWeightOfTimeout = 4;  ///< a hang costs its whole limit: three of them are enough

}  // namespace

Result<Damage> MapBlame::blame(const Breadcrumb& breadcrumb, DamageKind kind) {
  const std::uint64_t volume = breadcrumb.volume_offset.load();
  const std::uint64_t inode = breadcrumb.inode.load();
  const std::string_view verb = kind == DamageKind::kTimeout ? "hung" : "died";
  Damage damage;
  damage.kind = kind;
  damage.consumer = "libtsk";
  unsigned& deaths = deaths_of_volume_[volume];
  deaths += kind == DamageKind::kTimeout ? kWeightOfTimeout : 1;
  if (inode == 0 || deaths > kMaxDeathsOfVolume) {
    if (!options_.skip_file_systems.insert(volume).second)
      return fail(ErrorCode::kUnreadable, fmt::format("the reader {} on this evidence again and again", verb),
                  evidence_);
    damage.stream = fmt::format("v{}", volume);
    damage.detail =
        fmt::format("the file system library {} on the volume at {}; it is scanned and carved as bytes", verb, volume);
    return damage;
  }
  if (!options_.skip_inodes.emplace(volume, inode).second)
    return fail(ErrorCode::kUnreadable, fmt::format("the reader {} on the same file twice", verb), evidence_);
  damage.stream = fmt::format("v{}.i{}", volume, inode);
  damage.detail =
      fmt::format("the file system library {} on inode {}; its name is kept, its content is not read", verb, inode);
  return damage;
}

std::chrono::milliseconds reader_limit(const SweepLimits& limits, const Breadcrumb& breadcrumb,
                                       std::uint64_t image_size) {
  switch (breadcrumb.phase.load()) {
    case 1:
      if (breadcrumb.inode.load() != 0) return limits.inode;
      return limits.volume * (1 + static_cast<int>(image_size >> 30) / 3);
    case 2: return limits.content;
    default: return std::chrono::milliseconds{0};
  }
}

}  // namespace triage
