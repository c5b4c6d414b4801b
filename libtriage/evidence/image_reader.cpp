// SPDX-License-Identifier: Apache-2.0
#include "evidence/image_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "evidence/recognise_volume.h"
#include "evidence/volume_label.h"

namespace triage {

namespace {

constexpr std::size_t kHeadBytes = 128 * 1024;
constexpr std::size_t kSampleBytes = 64 * 1024;

std::string volume_key(ByteOffset offset) { return fmt::format("v{}", offset.value); }

}  // namespace

ImageReader::ImageReader(std::unique_ptr<Source> source, EvidenceRecord record, std::vector<Damage> warnings,
                         std::shared_ptr<const UnlockKeys> keys)
    : source_(std::move(source)),
      record_(std::move(record)),
      warnings_(std::move(warnings)),
      keys_(std::move(keys)),
      cache_(unlocked_),
      image_(source_, cache_) {}

ImageReader::~ImageReader() = default;

std::vector<std::byte> ImageReader::peek(std::uint64_t at, std::size_t length, ByteRange range) {
  if (at < range.begin || at >= range.end) return {};
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(length, range.end - at)));
  std::vector<ReadFault> faults;  // a sector that cannot be read is met and reported again by the sweep
  cache_.read_cached(at, bytes, faults);
  return bytes;
}

Status ImageReader::map(const MapOptions& options, MapSink& sink) {
  Mapping mapping{options, MapEmitter(sink)};
  for (const Damage& warning : warnings_) sink.damage(warning);
  const ByteRange whole{0, source_.size().value};
  const bool skip_table = options.skip_file_systems.contains(kPartitionTable.value);
  map_regions(mapping, find_regions(*image_.get(), skip_table, mapping.out), whole);
  report_faults(mapping, image_);
  return check_keys(mapping);
}

void ImageReader::map_regions(Mapping& mapping, const std::vector<Region>& regions, ByteRange whole) {
  std::uint64_t at = whole.begin;
  for (const Region& region : regions) {
    if (mapping.stop) return;
    emit_gap(mapping, {at, region.range.begin});
    map_volume(mapping, region);
    const auto opened = file_systems_.find(region.range.begin);
    if (opened != file_systems_.end()) report_faults(mapping, *opened->second.image);
    at = region.range.end;
  }
  emit_gap(mapping, {at, whole.end});
}

void ImageReader::emit_gap(Mapping& mapping, ByteRange range) {
  if (range.begin >= range.end) return;
  Stream stream;
  stream.key = fmt::format("gap.{}", range.begin);
  stream.kind = StreamKind::kGap;
  stream.size = ByteCount{range.end - range.begin};
  stream.extents.push_back(Extent{ByteOffset{range.begin}, stream.size, false});
  mapping.out.stream(std::move(stream), true);
}

void ImageReader::report_faults(Mapping& mapping, TskImage& image) {
  for (const ReadFault& fault : image.take_faults()) {
    mapping.out.damage(DamageKind::kUnreadable, "", "", "metadata",
                       fmt::format("{} bytes at {} of the image cannot be read and count as zeros", fault.length.value,
                                   fault.at.value),
                       fault.at.value);
  }
}

ImageReader::OpenFileSystem* ImageReader::open_file_system(ByteOffset offset) {
  const auto known = file_systems_.find(offset.value);
  if (known != file_systems_.end()) return &known->second;
  OpenFileSystem opened;
  opened.image = std::make_unique<TskImage>(source_, cache_);
  // Strong signatures first: an old FAT boot sector often stays in front of a newer file system. YAFFS2 is left out:
  // it has no signature, and libtsk reads much of the volume to guess.
  for (const TSK_FS_TYPE_ENUM type : {TSK_FS_TYPE_NTFS_DETECT, TSK_FS_TYPE_EXT_DETECT, TSK_FS_TYPE_HFS_DETECT,
                                      TSK_FS_TYPE_ISO9660_DETECT, TSK_FS_TYPE_FFS_DETECT, TSK_FS_TYPE_FAT_DETECT}) {
    opened.fs.reset(tsk_fs_open_img(opened.image->get(), static_cast<TSK_OFF_T>(plain_begin(offset.value)), type));
    tsk_error_reset();
    if (opened.fs) return &file_systems_.emplace(offset.value, std::move(opened)).first->second;
  }
  return nullptr;
}

void ImageReader::map_volume(Mapping& mapping, const Region& place) {
  Region region = place;
  VolumeRecord volume;
  volume.offset = ByteOffset{region.range.begin};
  volume.length = ByteCount{region.range.end - region.range.begin};
  volume.table = region.table;
  volume.description = region.description;
  if (mapping.options.skip_file_systems.contains(volume.offset.value)) {
    map_unparsed(mapping, region, std::move(volume), "left out, because an earlier reader died on it");
    return;
  }
  mapping.out.entering(volume.offset, 0);
  const bool unlocked = unlock(mapping, place, volume);
  if (mapping.stop) return;
  if (unlocked) {
    emit_header(mapping, place, volume);
    region.range.begin = plain_begin(place.range.begin);
  }
  if (map_pool(mapping, region)) return;
  if (map_logical_volumes(mapping, region, volume)) return;
  OpenFileSystem* opened = open_file_system(volume.offset);
  if (opened == nullptr) {
    if (!mapping.nested && !unlocked && region.table == "dos") {
      const std::vector<Region> inside = find_nested_regions(*image_.get(), region);
      if (!inside.empty()) {
        mapping.nested = true;
        map_regions(mapping, inside, region.range);
        mapping.nested = false;
        return;
      }
    }
    map_unparsed(mapping, region, std::move(volume), "no signature of a readable file system fits");
    return;
  }
  TSK_FS_INFO* fs = opened->fs.get();
  if (!mapping.lock_note.empty()) {  // BitLocker To Go shows a small readable file system in front
    mapping.out.damage(DamageKind::kEncrypted, volume_key(volume.offset), "", "file system", mapping.lock_note);
  }
  FileSystemView view;
  view.fs = fs;
  view.range = region.range;
  view.base = static_cast<std::uint64_t>(fs->offset);
  view.offset = volume.offset;
  view.direct = fs->block_pre_size == 0 && fs->block_post_size == 0 && fs->block_size != 0;
  map_file_system(mapping, view, std::move(volume));
}

void ImageReader::map_file_system(Mapping& mapping, const FileSystemView& open, VolumeRecord volume) {
  FileSystemView view = open;
  view.volume = mapping.next_volume++;
  view.name = view.fs->ftype == TSK_FS_TYPE_HFS ? "hfsplus" : tsk_fs_type_toname(view.fs->ftype);
  view.nanoseconds = holds_nanoseconds(view);
  volume.index = view.volume;
  volume.file_system = view.name;
  if (volume.status.empty()) volume.status = "parsed";
  volume.block_size = view.fs->block_size;
  mapping.out.entering(view.offset, 0);
  volume.label = volume_label(view);
  volume.serial = volume_serial(view);
  if (view.fs->last_block > view.fs->last_block_act) {
    mapping.out.damage(DamageKind::kTruncated, volume_key(view.offset), "", "file system",
                       fmt::format("it says it has {} blocks of {} bytes; the image ends after block {}",
                                   view.fs->block_count, view.fs->block_size, view.fs->last_block_act));
  }
  const AllocationMap allocation = read_allocation(view);
  mapping.out.volume(std::move(volume));
  FileSystemWalk walk(view, mapping.options, mapping.out);
  walk.run_entries(allocation);
  walk.run_rest(allocation);
}

void ImageReader::map_unparsed(Mapping& mapping, const Region& region, VolumeRecord volume, const std::string& reason) {
  const ByteRange range = region.range;
  const std::uint64_t middle = range.begin + (range.end - range.begin) / 2;
  const VolumeGuess guess = recognise_volume(peek(range.begin, kHeadBytes, range), peek(middle, kSampleBytes, range));
  volume.index = mapping.next_volume++;
  volume.file_system = guess.file_system;
  const bool unlocked = !volume.unlocked_with.empty();
  if (!unlocked) volume.encryption = guess.encryption;
  volume.status = unlocked || guess.encryption.empty() ? "unparsed" : "encrypted";
  Stream stream;
  stream.key = volume_key(volume.offset) + ".unparsed";
  stream.kind = StreamKind::kUnparsed;
  stream.volume = volume.index;
  stream.volume_offset = volume.offset;
  stream.file_system = guess.file_system;
  stream.size = ByteCount{range.end - range.begin};
  stream.extents.push_back(Extent{ByteOffset{range.begin}, stream.size, false});
  mapping.out.volume(std::move(volume));
  if (guess.encryption == "possible") {
    mapping.out.damage(DamageKind::kEncrypted, stream.key, "", "file system",
                       "no file system is recognised and the bytes look random: possibly encrypted");
  } else if (!guess.encryption.empty()) {
    mapping.out.damage(DamageKind::kEncrypted, stream.key, "", "file system",
                       mapping.lock_note.empty()
                           ? "encrypted with " + guess.encryption + "; it is recognised but not opened"
                           : mapping.lock_note);
  } else {
    const std::string what =
        guess.file_system.empty() ? "no file system is recognised" : guess.file_system + " is not read by this build";
    mapping.out.damage(DamageKind::kUnparsed, stream.key, "", "file system",
                       what + "; scanned and carved as bytes (" + reason + ")");
  }
  mapping.out.stream(std::move(stream), true);
}

}  // namespace triage
