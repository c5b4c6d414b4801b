// SPDX-License-Identifier: Apache-2.0
// ImageReader and LVM: a physical volume, in a partition or in an opened LUKS volume, becomes its logical volumes. One
// that lies in a single piece is a volume like a partition; others are named and their bytes are swept as they lie.
#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"
#include "evidence/image_reader.h"
#include "evidence/lvm_metadata.h"

namespace triage {

namespace {

constexpr std::size_t kLabelBytes = 2048;

std::string words_of(const LogicalVolume& logical) {
  if (!logical.whole) {
    return fmt::format("it is not plain, or lies on other physical volumes too ({})",
                       logical.type.empty() ? "no segment" : escape_terminal(logical.type));
  }
  return fmt::format("it lies in {} pieces", logical.pieces.size());
}

}  // namespace

std::optional<Result<ImageReader::LvmLayout>> ImageReader::find_logical_volumes(const Region& region) {
  if (!has_lvm_label(peek(region.range.begin, kLabelBytes, region.range))) return std::nullopt;
  const std::uint64_t room = region.range.end - region.range.begin;
  auto group = read_lvm([&](std::uint64_t at, std::size_t length) -> std::vector<std::byte> {
    if (at >= room) return {};
    return peek(region.range.begin + at, length, region.range);
  });
  if (!group) return tl::unexpected(group.error());
  LvmLayout out;
  out.group = to_valid_utf8(group->name);
  for (const LogicalVolume& logical : group->logicals) {
    const std::string name = out.group + "/" + to_valid_utf8(logical.name);
    if (!logical.whole || logical.pieces.size() != 1) {
      out.unread.push_back(fmt::format("logical volume {} is not read as one: {}", name, words_of(logical)));
      continue;
    }
    const ByteRange piece = logical.pieces.front();
    const std::uint64_t begin = std::min(piece.begin, room);
    const std::uint64_t end = std::min(piece.end, room);
    if (end != piece.end) out.unread.push_back(fmt::format("logical volume {} ends behind the physical volume", name));
    if (begin < end) out.regions.push_back({{region.range.begin + begin, region.range.begin + end}, "lvm", name});
  }
  std::stable_sort(out.regions.begin(), out.regions.end(),
                   [](const Region& a, const Region& b) { return a.range.begin < b.range.begin; });
  std::uint64_t taken = 0;
  std::erase_if(out.regions, [&](const Region& one) {
    const bool overlaps = one.range.begin < taken;
    if (overlaps) out.unread.push_back(fmt::format("logical volume {} overlaps another", one.description));
    taken = std::max(taken, one.range.end);
    return overlaps;
  });
  return out;
}

/// True when `region` is a physical volume whose metadata can be read; its record and all in it are told then.
bool ImageReader::map_logical_volumes(Mapping& mapping, const Region& region, VolumeRecord& volume) {
  auto found = find_logical_volumes(region);
  if (!found) return false;
  const std::string key = fmt::format("v{}", volume.offset.value);
  if (!*found) {
    mapping.out.damage(DamageKind::kUnparsed, key, "", "lvm", found->error().message);
    return false;
  }
  const LvmLayout& layout = **found;
  volume.index = mapping.next_volume++;
  volume.file_system = "lvm";
  volume.status = "parsed";
  volume.label = layout.group;
  mapping.out.volume(std::move(volume));
  for (const std::string& words : layout.unread) mapping.out.damage(DamageKind::kUnparsed, key, "", "lvm", words);
  map_regions(mapping, layout.regions, region.range);
  return true;
}

}  // namespace triage
