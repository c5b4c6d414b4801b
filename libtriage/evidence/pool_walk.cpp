// SPDX-License-Identifier: Apache-2.0
// APFS: one container (pool) holds several volumes that share its blocks. Each volume is named by the place of its
// superblock, so that keys of different volumes never meet; what no volume's entry owns belongs to the container.
#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"
#include "evidence/image_reader.h"

namespace triage {

namespace {

constexpr std::size_t kMaxVolumes = 100;  // NX_MAX_FILE_SYSTEMS
constexpr std::size_t kMaxFreeRuns = 16'000'000;

/// Free blocks of the container; the rest of its blocks is in use.
AllocationMap pool_allocation(const TSK_POOL_INFO& pool, ByteRange range) {
  std::vector<ByteRange> unallocated;
  TSK_FS_ATTR_RUN* runs = tsk_pool_unallocated_runs(&pool);
  tsk_error_reset();
  for (const TSK_FS_ATTR_RUN* run = runs; run != nullptr && unallocated.size() < kMaxFreeRuns; run = run->next) {
    const std::uint64_t last = (range.end - range.begin) / pool.block_size;
    const std::uint64_t begin = std::min<std::uint64_t>(run->addr, last);
    const std::uint64_t end = begin + std::min<std::uint64_t>(run->len, last - begin);
    if (begin < end)
      unallocated.push_back({range.begin + begin * pool.block_size, range.begin + end * pool.block_size});
  }
  tsk_fs_attr_run_free(runs);
  std::sort(unallocated.begin(), unallocated.end(), [](ByteRange a, ByteRange b) { return a.begin < b.begin; });
  AllocationMap map;
  RangeSet free;
  for (const ByteRange each : unallocated) free.insert(each);
  map.allocated = free.outside(range);
  RangeSet used;
  for (const ByteRange each : map.allocated) used.insert(each);
  map.unallocated = used.outside(range);
  return map;
}

}  // namespace

void ImageReader::map_pool_volume(Mapping& mapping, const Region& region, const TSK_POOL_INFO& pool,
                                  const TSK_POOL_VOLUME_INFO& part, const AllocationMap& allocation) {
  VolumeRecord volume;
  volume.offset = ByteOffset{region.range.begin} + ByteCount{part.block * pool.block_size};
  volume.length = ByteCount{region.range.end - region.range.begin};
  volume.table = region.table;
  volume.description = region.description;
  volume.label = part.desc == nullptr ? "" : decode_name(part.desc);
  volume.file_system = "apfs";
  volume.block_size = pool.block_size;
  const bool encrypted = (part.flags & TSK_POOL_VOLUME_FLAG_ENCRYPTED) != 0;
  const bool skipped = mapping.options.skip_file_systems.contains(volume.offset.value);
  OpenFileSystem opened;
  if (!encrypted && !skipped) {
    mapping.out.entering(volume.offset, 0);
    opened.part.reset(pool.get_img_info(&pool, part.block));
    if (opened.part) {
      opened.fs.reset(tsk_fs_open_img(opened.part.get(), static_cast<TSK_OFF_T>(pool.img_offset), TSK_FS_TYPE_APFS));
    }
    tsk_error_reset();
  }
  const std::string key = fmt::format("v{}", volume.offset.value);
  volume.index = mapping.next_volume++;
  if (!opened.fs) {
    volume.status = encrypted ? "encrypted" : "unparsed";
    volume.encryption = encrypted ? "filevault" : "";
    mapping.out.volume(std::move(volume));
    mapping.out.damage(encrypted ? DamageKind::kEncrypted : DamageKind::kUnparsed, key, "", "file system",
                       encrypted ? "encrypted with FileVault; it is recognised but not opened"
                                 : "the APFS volume is not read; its blocks are scanned and carved as bytes");
    return;
  }
  FileSystemView view;
  view.fs = opened.fs.get();
  view.range = region.range;
  view.base = region.range.begin;
  view.offset = volume.offset;
  view.volume = volume.index;
  view.name = "apfs";
  volume.status = "parsed";
  mapping.out.volume(std::move(volume));
  file_systems_.insert_or_assign(view.offset.value, std::move(opened));
  FileSystemWalk(view, mapping.options, mapping.out).run_entries(allocation);
}

bool ImageReader::map_pool(Mapping& mapping, const Region& region) {
  const std::vector<std::byte> head = peek(region.range.begin, 4096, region.range);
  if (!has_at(head, 32, "NXSB")) return false;
  OpenPool container;
  container.image = std::make_unique<TskImage>(source_, cache_);
  container.pool.reset(
      tsk_pool_open_img_sing(container.image->get(), static_cast<TSK_OFF_T>(region.range.begin), TSK_POOL_TYPE_APFS));
  tsk_error_reset();
  if (!container.pool || container.pool->block_size == 0) return false;
  const TSK_POOL_INFO& pool = *container.pool;
  pools_.push_back(std::move(container));
  const AllocationMap allocation = pool_allocation(pool, region.range);
  std::size_t count = 0;
  const std::uint32_t first = mapping.next_volume;
  for (const TSK_POOL_VOLUME_INFO* part = pool.vol_list; part != nullptr && count < kMaxVolumes; part = part->next) {
    ++count;
    map_pool_volume(mapping, region, pool, *part, allocation);
  }
  if (count == 0) return false;
  FileSystemView view;
  view.range = region.range;
  view.offset = ByteOffset{region.range.begin};
  view.volume = first;
  view.name = "apfs";
  FileSystemWalk(view, mapping.options, mapping.out).run_rest(allocation);
  return true;
}

}  // namespace triage
