// SPDX-License-Identifier: Apache-2.0
// EvidenceReader: opens one evidence, maps it into streams and reads their bytes. It runs in the sandboxed reader
// process: libtsk and libewf see hostile bytes here and nowhere else.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "evidence/source.h"
#include "evidence/unlock_keys.h"
#include "model/damage.h"
#include "model/records.h"
#include "model/stream.h"

namespace triage {

/// Receives the map of one evidence while it is made. Volumes come before their streams; streams come in a fixed order
/// that depends on the evidence only. `sequence` is the place in that order, counted from 0 over the whole map();
/// `alias_of` names the same numbers.
class MapSink {
 public:
  virtual ~MapSink() = default;
  virtual void volume(VolumeRecord volume) = 0;
  virtual void stream(Stream stream) = 0;
  /// `damage.evidence` is filled in by the receiver.
  virtual void damage(Damage damage) = 0;
  /// Breadcrumb: called before every call into a library that could die or hang on `inode` of the file system at
  /// `volume_offset` (inode 0: opening the volume itself, its labels and its table of used blocks; volume offset
  /// 2^64-1: the partition table). What is heard last goes into MapOptions of the next reader: inode 0 into
  /// skip_file_systems, others into skip_inodes.
  virtual void entering(ByteOffset volume_offset, std::uint64_t inode) = 0;
};

/// What an earlier reader died on; see MapSink::entering.
struct MapOptions {
  std::set<std::pair<std::uint64_t, std::uint64_t>> skip_inodes;  ///< (volume offset, inode): name kept, content not
  std::set<std::uint64_t> skip_file_systems;                      ///< volume offsets that stay unparsed
  std::uint64_t max_entries = 50'000'000;                         ///< directory entries per file system
};

/// How an image file reads by its first bytes and its name.
enum class EvidenceFormat : std::uint8_t { kRaw, kSplitRaw, kEwf, kAff, kVmdk, kVhd, kDevice, kFolder, kZst };
std::string_view evidence_format_name(EvidenceFormat format);

/// One evidence as recognised before anything is parsed. Segment paths are in order.
struct EvidenceSpec {
  std::string name;  ///< as given by the person
  EvidenceFormat format = EvidenceFormat::kRaw;
  std::vector<std::string> paths;  ///< the file, all its segments, the device or the folder
  /// Opens encrypted volumes while mapping; nullptr: only those with a clear key are opened.
  std::shared_ptr<const UnlockKeys> keys = nullptr;
};

/// Recognises `path` by content (and by name for split raw). kUnreadable where it cannot be opened, is empty or is
/// neither a file, a block device nor a folder.
Result<EvidenceSpec> recognise_evidence(const std::string& path);

class EvidenceReader {
 public:
  virtual ~EvidenceReader() = default;
  /// Format, size, sector size, container hashes; `id`, `key` and `key_kind` are still empty.
  [[nodiscard]] virtual const EvidenceRecord& record() const = 0;
  /// The bytes of the image; nullptr for a folder.
  [[nodiscard]] virtual Source* source() = 0;
  /// The same bytes for small reads while the map is made: what is read here is kept (up to 64 MiB), so that the
  /// sweep need not read it again. nullptr for a folder.
  [[nodiscard]] virtual Source* metadata_source() = 0;
  /// What map() reads and memory cannot hold goes into `file`, at most `limit` bytes of it, so that a later read of the
  /// same bytes need not ask the medium again. Called before map(); without it such bytes are read twice.
  virtual void keep_reads_in(UniqueFd file, ByteCount limit) = 0;
  /// Walks the whole evidence once. Owned extents of all streams, volumes' regions and gaps are a partition of the
  /// image. What cannot be read becomes damage; an Error is a broken `spec`, or keys that open no volume (kUsage).
  virtual Status map(const MapOptions& options, MapSink& sink) = 0;
  /// Fills `out` with the stream's bytes from `offset`; what cannot be read is zeros and damage (`at` in the stream).
  /// Streams with extents are read straight from the source; those without go through libtsk, so the caller's
  /// breadcrumb is the stream. Works without map(), too.
  virtual void read(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
                    std::vector<Damage>& damages) = 0;
  /// Where the content of the volume at `volume` begins in source(): behind the header of an unlocked LUKS volume, at
  /// the volume itself else.
  [[nodiscard]] virtual ByteOffset content_begin(ByteOffset volume) const { return volume; }
  /// Bytes asked of the medium so far.
  [[nodiscard]] virtual ByteCount bytes_read() const = 0;
};

/// Opens what recognise_evidence() found. Libraries open files by path, read-only.
Result<std::unique_ptr<EvidenceReader>> open_evidence(const EvidenceSpec& spec);

/// One encrypted volume, opened.
struct DecryptedVolume {
  std::unique_ptr<Source> plain;  ///< its plaintext from the first byte
  VolumeRecord volume;            ///< its place, and what kind of key opened which lock
};
/// The plaintext of one encrypted volume of an image or device, opened by `spec.keys`: what `image --decrypted` copies.
/// kUsage where `wanted` means no volume or several, or no key fits; kUnsupported for a folder.
Result<DecryptedVolume> open_decrypted(const EvidenceSpec& spec, const VolumeSelector& wanted);

}  // namespace triage
