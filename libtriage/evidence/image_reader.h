// SPDX-License-Identifier: Apache-2.0
// ImageReader: an image or device as evidence. Volumes are found, walked and kept open for later reads.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "evidence/cached_source.h"
#include "evidence/file_system_walk.h"
#include "evidence/tsk_image.h"
#include "evidence/unlock.h"
#include "evidence/volume_walk.h"

namespace triage {

class ImageReader final : public EvidenceReader {
 public:
  /// `warnings` were met while opening and are told at the start of every map(); `keys` open encrypted volumes.
  ImageReader(std::unique_ptr<Source> source, EvidenceRecord record, std::vector<Damage> warnings,
              std::shared_ptr<const UnlockKeys> keys = nullptr);
  ~ImageReader() override;

  [[nodiscard]] const EvidenceRecord& record() const override { return record_; }
  [[nodiscard]] Source* source() override { return &through_cache_; }
  [[nodiscard]] Source* metadata_source() override { return &kept_; }
  void keep_reads_in(UniqueFd file, ByteCount limit) override { cache_.spill_into(std::move(file), limit); }
  Status map(const MapOptions& options, MapSink& sink) override;
  void read(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
            std::vector<Damage>& damages) override;
  /// Opens the one encrypted volume that `wanted` and the keys mean, without mapping anything. kUsage where no volume
  /// or more than one is meant, or no key fits.
  struct OpenedVolume {
    VolumeRecord volume;  ///< index, offset, length, encryption and how it was opened
    ByteRange plain;      ///< where its plaintext lies in source()
  };
  Result<OpenedVolume> unlock_one(const VolumeSelector& wanted);
  [[nodiscard]] ByteOffset content_begin(ByteOffset volume) const override {
    return ByteOffset{plain_begin(volume.value)};
  }
  [[nodiscard]] ByteCount bytes_read() const override { return source_.bytes_read(); }

 private:
  /// A file system over its own handle of the image. libtsk sees the whole image: volumes smaller than their file
  /// system exist, and its numbers of virtual inodes depend on where the image ends.
  struct OpenFileSystem {
    std::unique_ptr<TskImage> image;
    TskImgHandle part;  ///< APFS only: the container as this volume sees it
    TskFsHandle fs;     ///< closed first
  };
  struct OpenPool {
    std::unique_ptr<TskImage> image;
    TskPoolHandle pool;
  };
  struct OpenFile {
    std::uint64_t volume_offset = 0;
    std::uint64_t inode = 0;
    TskFileHandle file;
  };
  /// State of one map().
  struct Mapping {
    const MapOptions& options;
    MapEmitter out;
    std::uint32_t next_volume = 0;
    bool nested = false;
    std::vector<std::uint32_t> volumes_of_key = {};  ///< encrypted volumes each key was meant for, counted
    std::string lock_note = {};                      ///< why the volume at hand stays locked
    std::optional<Error> locked = {};                ///< the first volume that no key opened
    bool unlocked = false;                           ///< a key of the person opened a volume
    std::optional<Error> stop = {};                  ///< ends the map
  };
  /// What a physical volume of LVM holds.
  struct LvmLayout {
    std::string group;
    std::vector<Region> regions;      ///< logical volumes in one piece
    std::vector<std::string> unread;  ///< a sentence for each other one
  };
  void map_regions(Mapping& mapping, const std::vector<Region>& regions, ByteRange whole);
  void map_volume(Mapping& mapping, const Region& region);
  bool map_pool(Mapping& mapping, const Region& region);
  void map_pool_volume(Mapping& mapping, const Region& region, const TSK_POOL_INFO& pool,
                       const TSK_POOL_VOLUME_INFO& part, const AllocationMap& allocation);
  /// nullopt where no label of LVM stands in `region`.
  std::optional<Result<LvmLayout>> find_logical_volumes(const Region& region);
  bool map_logical_volumes(Mapping& mapping, const Region& region, VolumeRecord& volume);
  void map_file_system(Mapping& mapping, const FileSystemView& view, VolumeRecord volume);
  void map_unparsed(Mapping& mapping, const Region& region, VolumeRecord volume, const std::string& reason);
  void unlock_regions(Mapping& mapping, const std::vector<Region>& regions, const VolumeSelector& wanted,
                      std::vector<OpenedVolume>& found);
  bool unlock(Mapping& mapping, const Region& region, VolumeRecord& volume);
  std::vector<KeyToTry> keys_for(Mapping& mapping, const VolumeRecord& volume, bool& exact);
  [[nodiscard]] Status check_keys(const Mapping& mapping) const;
  [[nodiscard]] std::uint64_t plain_begin(std::uint64_t volume_offset) const;
  void emit_header(Mapping& mapping, const Region& region, const VolumeRecord& volume);
  void emit_gap(Mapping& mapping, ByteRange range);
  void report_faults(Mapping& mapping, TskImage& image);
  OpenFileSystem* open_file_system(ByteOffset offset);
  TSK_FS_FILE* open_file(const Stream& stream);
  void read_extents(const Stream& stream, std::uint64_t offset, std::span<std::byte> out, std::vector<Damage>& damages);
  void read_attribute(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
                      std::vector<Damage>& damages);
  std::vector<std::byte> peek(std::uint64_t at, std::size_t length, ByteRange range);

  CountingSource source_;
  EvidenceRecord record_;
  std::vector<Damage> warnings_;
  std::shared_ptr<const UnlockKeys> keys_;
  UnlockedSource unlocked_{source_};
  struct Unlocked {
    std::string scheme;
    std::string key_kind;
    std::string protector;
    std::uint64_t plain_begin = 0;
  };
  std::map<std::uint64_t, Unlocked> unlocked_volumes_;  // by volume offset
  CachedSource cache_;
  ThroughCache through_cache_{unlocked_, cache_};
  KeepingSource kept_{unlocked_, cache_};
  TskImage image_;                                        // the whole, for partition tables
  std::vector<OpenPool> pools_;                           // before the file systems that lie in them
  std::map<std::uint64_t, OpenFileSystem> file_systems_;  // by volume offset
  OpenFile open_file_;                                    // after the file systems: closed before them
};

/// Reads a folder as evidence.
Result<std::unique_ptr<EvidenceReader>> open_folder(const EvidenceSpec& spec);

}  // namespace triage
