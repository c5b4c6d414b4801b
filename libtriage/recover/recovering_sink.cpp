// SPDX-License-Identifier: Apache-2.0
#include "recover/recovering_sink.h"

#include <fmt/format.h>

#include <algorithm>

#include "recover/claims.h"
#include "recover/ext_indirect.h"

namespace triage {

namespace {

constexpr std::uint64_t kMaxHeldBytes = 256ULL << 20;
constexpr std::size_t kMaxDirectories = 2'000'000;
constexpr std::size_t kMaxDatedRuns = 2'000'000;
/// Recovery may read this part of the image beside what the sweep reads, and never less than the minimum.
constexpr std::uint64_t kReadShare = 4;
constexpr std::uint64_t kLeastRead = 64ULL << 20;

bool is_ext(const VolumeFacts& volume) { return volume.file_system.starts_with("ext"); }
bool is_fat(const VolumeFacts& volume) { return volume.file_system.find("fat") != std::string::npos; }
bool is_ntfs(const VolumeFacts& volume) { return volume.file_system == "ntfs"; }

std::uint64_t memory_of(const Stream& stream) {
  return sizeof(HeldStream) + stream.path.size() + stream.raw_path.size() + stream.key.size() +
         stream.inline_content.size() + stream.extents.size() * sizeof(Extent);
}

ByteCount size_of(const std::vector<Extent>& extents) {
  ByteCount size{0};
  for (const Extent& extent : extents) size = size + extent.length;
  return size;
}

/// The parts of `extents` inside and outside of `taken`, in their order.
std::pair<std::vector<Extent>, std::vector<Extent>> split_at(const std::vector<Extent>& extents,
                                                             const RangeSet& taken) {
  std::pair<std::vector<Extent>, std::vector<Extent>> out;
  for (const Extent& extent : extents) {
    const ByteRange whole{extent.at.value, (extent.at + extent.length).value};
    RangeSet open;
    for (const ByteRange part : taken.outside(whole)) {
      open.insert(part);
      append_extent(out.second, Extent{ByteOffset{part.begin}, ByteCount{part.end - part.begin}, false});
    }
    for (const ByteRange part : open.outside(whole))
      append_extent(out.first, Extent{ByteOffset{part.begin}, ByteCount{part.end - part.begin}, false});
  }
  return out;
}

/// The blocks of `files` in their order, as far as all of a file's are free and no other's; they go into `told`.
std::vector<Extent> blocks_of_files(const std::vector<IndirectFile>& files, const ExtLayout& layout,
                                    const std::vector<Extent>& free, RangeSet& told) {
  RangeSet open;
  for (const Extent& extent : free) open.insert({extent.at.value, (extent.at + extent.length).value});
  std::vector<Extent> out;
  for (const IndirectFile& file : files) {
    RangeSet own;
    const bool fits = std::all_of(file.blocks.begin(), file.blocks.end(), [&](std::uint64_t block) {
      const ByteRange range{layout.place(block), layout.place(block + 1)};
      const bool good = open.outside(range).empty() && !told.overlaps(range) && !own.overlaps(range);
      own.insert(range);
      return good;
    });
    if (!fits) continue;
    for (const std::uint64_t block : file.blocks) {
      told.insert({layout.place(block), layout.place(block + 1)});
      append_extent(out, Extent{ByteOffset{layout.place(block)}, ByteCount{layout.block_size}, false});
    }
  }
  return out;
}

}  // namespace

void RecoveringSink::volume(VolumeRecord volume) {
  VolumeFacts facts;
  facts.record = volume;
  facts.content = reader_.content_begin(volume.offset).value;
  facts.file_system = volume.file_system;
  if (volumes_.size() <= volume.index) volumes_.resize(volume.index + std::size_t{1});
  volumes_[volume.index] = std::move(facts);
  out_.volume(std::move(volume));
}

void RecoveringSink::note(const Stream& stream) {
  if (!stream.volume || *stream.volume >= volumes_.size()) return;
  VolumeFacts& volume = volumes_[*stream.volume];
  if (stream.kind == StreamKind::kUnallocated || stream.kind == StreamKind::kUnparsed) {
    for (const Extent& extent : stream.extents)
      volume.free.insert({extent.at.value, (extent.at + extent.length).value});
  }
  if (!stream.meta || !stream.meta->allocated || !stream.meta->name_allocated) return;
  if (is_ntfs(volume) && stream.path == "/$MFT" && stream.kind != StreamKind::kSlack) volume.table = stream.extents;
  if (is_ntfs(volume) && stream.path == "/$LogFile" && stream.kind != StreamKind::kSlack)
    volume.log_file = stream.extents;
  if (is_ntfs(volume) && stream.path == "/$Extend/$UsnJrnl:$J") volume.change_journal = stream.extents;
  if (volume.file_system == "ext4" && stream.kind == StreamKind::kFile && stream.meta->times.created.utc_nanos) {
    for (const Extent& extent : stream.extents) {
      if (extent.sparse || volume.dated_runs.size() >= kMaxDatedRuns) continue;
      volume.dated_runs.push_back(
          {{extent.at.value, (extent.at + extent.length).value}, *stream.meta->times.created.utc_nanos});
    }
  }
  if (stream.kind != StreamKind::kDirectory || volume.directories.size() >= kMaxDirectories) return;
  if (!is_ext(volume) && !is_ntfs(volume)) return;
  volume.directories.emplace(stream.meta->inode, stream.path);
  if (is_ntfs(volume)) volume.sequences.emplace(stream.meta->inode, stream.meta->sequence);
  if (volume.directory_runs.size() >= kMaxDirectories) return;
  for (const Extent& extent : stream.extents) {
    if (!extent.sparse)
      volume.directory_runs.push_back({{extent.at.value, (extent.at + extent.length).value}, stream.meta->inode});
  }
}

/// The place that a stream of the map gets in the order handed out, where it is not held.
std::uint64_t RecoveringSink::sequence_after(std::uint64_t sequence) const {
  const auto before = std::lower_bound(held_sequences_.begin(), held_sequences_.end(), sequence);
  return sequence - static_cast<std::uint64_t>(before - held_sequences_.begin());
}

/// Unallocated blocks of ext2 and ext3 without those that only point at others, and without those that these put in the
/// order of a file: both become regions of their own.
void RecoveringSink::take_out_indirect_blocks(Stream& unallocated) {
  const VolumeFacts& volume = volumes_[*unallocated.volume];
  if (volume.file_system != "ext2" && volume.file_system != "ext3") return;
  Source* source = reader_.metadata_source();
  if (source == nullptr || options_.skip_inodes.contains({volume.begin(), kRecoveryInode})) return;
  out_.entering(volume.record.offset, kRecoveryInode);
  ImageBytes image(*source, kLeastRead);
  ImageBytes probe(*reader_.source(), std::max(source->size().value / kReadShare, kLeastRead));
  const auto layout = read_ext_layout(image, volume.content);
  if (!layout) return;
  IndirectBlocks found = find_indirect_blocks(probe, *layout, unallocated.extents);
  if (found.cut) {
    RecoveryContext{image, volumes_[*unallocated.volume], held_, out_}.damage(
        DamageKind::kLimit, "indirect blocks", "the search for those of deleted files ended at its budget");
  }
  if (found.blocks.empty()) return;
  RangeSet maps;
  for (const auto& [block, pointers] : found.blocks) maps.insert({layout->place(block), layout->place(block + 1)});
  const auto [map_blocks, data] = split_at(unallocated.extents, maps);
  RangeSet told;
  std::vector<Extent> files = blocks_of_files(indirect_files(found.blocks, *layout), *layout, data, told);
  std::vector<Extent> rest = split_at(data, told).second;
  if (rest.empty()) return;
  add_region(unallocated, "indirect", StreamKind::kMetadata, map_blocks);
  if (!files.empty()) add_region(unallocated, "unalloc.files", StreamKind::kUnallocated, std::move(files));
  unallocated.extents = std::move(rest);
  unallocated.size = size_of(unallocated.extents);
  volumes_[*unallocated.volume].indirect = std::move(found.blocks);
}

/// A region of the volume of `like`, told at the end.
void RecoveringSink::add_region(const Stream& like, std::string_view name, StreamKind kind,
                                std::vector<Extent> extents) {
  Stream region = like;
  region.key = fmt::format("v{}.{}", volumes_[*like.volume].begin(), name);
  region.kind = kind;
  region.extents = std::move(extents);
  region.size = size_of(region.extents);
  later_.push_back(std::move(region));
}

void RecoveringSink::stream(Stream stream) {
  note(stream);
  if (stream.kind == StreamKind::kUnallocated && stream.volume && *stream.volume < volumes_.size())
    take_out_indirect_blocks(stream);
  const bool deleted = stream.meta && !stream.meta->allocated && stream.volume && *stream.volume < volumes_.size();
  if (!deleted || full_) {
    if (stream.alias_of) {
      const bool of_held = std::binary_search(held_sequences_.begin(), held_sequences_.end(), *stream.alias_of);
      stream.alias_of = of_held ? std::nullopt : std::optional(sequence_after(*stream.alias_of));
    }
    stream.sequence = passed_++;
    out_.stream(std::move(stream));
    return;
  }
  held_bytes_ += memory_of(stream);
  held_sequences_.push_back(stream.sequence);
  volumes_[*stream.volume].held.push_back(held_.size());
  held_.push_back({std::move(stream), false, false});
  if (held_bytes_ < kMaxHeldBytes) return;
  full_ = true;
  Damage damage;
  damage.kind = DamageKind::kLimit;
  damage.field = "deleted entries";
  damage.detail =
      fmt::format("more than {} deleted entries; the rest is taken as the file system lists it", held_.size());
  damage.consumer = "recover";
  out_.damage(std::move(damage));
}

void RecoveringSink::recover(VolumeFacts& volume) {
  Source* source = reader_.metadata_source();
  if (source == nullptr || volume.record.length.value == 0) return;
  if (options_.skip_inodes.contains({volume.begin(), kRecoveryInode})) {
    Damage damage;
    damage.stream = fmt::format("v{}", volume.begin());
    damage.kind = DamageKind::kSkipped;
    damage.field = "recovery";
    damage.detail = "deleted files are taken as the file system lists them, because an earlier reader died here";
    damage.consumer = "recover";
    out_.damage(std::move(damage));
    return;
  }
  out_.entering(volume.record.offset, kRecoveryInode);
  ImageBytes image(*source, std::max(source->size().value / kReadShare, kLeastRead));
  ImageBytes probe(*reader_.source(), std::max(source->size().value / kReadShare, kLeastRead));
  RecoveryContext context{image, volume, held_, out_, check_};
  if (is_ext(volume)) recover_ext(context, probe);
  if (!volume.indirect.empty()) recover_ext_orphans(context, probe);
  if (is_ntfs(volume)) recover_ntfs_names(context);
  if (is_fat(volume)) recover_fat_chains(context, probe);
  if (volume.record.encryption.empty() || !volume.record.unlocked_with.empty()) recover_ntfs_records(context, probe);
  const bool unparsed = volume.record.status == "unparsed";
  if (is_ext(volume) || is_ntfs(volume) || is_fat(volume) || unparsed) settle_claims(volume, held_);
  if (!unparsed) return;
  // Which blocks were in use nobody says there: only content that validates proves a file.
  for (const std::size_t index : volume.held) held_[index].stream.inferred = true;
}

void RecoveringSink::let_go() {
  for (Stream& stream : later_) {
    stream.sequence = passed_++;
    out_.stream(std::move(stream));
  }
  later_.clear();
  const std::uint64_t first = passed_;
  std::uint64_t index = 0;
  for (HeldStream& held : held_) {
    Stream& stream = held.stream;
    stream.sequence = first + index++;
    if (stream.alias_of && !held.added) {
      const auto found = std::lower_bound(held_sequences_.begin(), held_sequences_.end(), *stream.alias_of);
      const bool of_held = found != held_sequences_.end() && *found == *stream.alias_of;
      stream.alias_of = of_held ? first + static_cast<std::uint64_t>(found - held_sequences_.begin())
                                : sequence_after(*stream.alias_of);
    }
    out_.stream(std::move(stream));
  }
  passed_ += index;
  held_.clear();
}

void RecoveringSink::finish() {
  for (VolumeFacts& volume : volumes_) recover(volume);
  let_go();
}

}  // namespace triage
