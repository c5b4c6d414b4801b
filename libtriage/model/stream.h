// SPDX-License-Identifier: Apache-2.0
// Stream: a run of bytes of evidence with one owner. The reader describes it, the scanners get the description with
// the bytes.
//
// Stream keys (the STREAM part of a Locator) name a physical place:
//   v<volume offset>.i<inode>.a<attribute type>-<attribute id>     content or named stream of a file-system entry
//   v<volume offset>.i<inode>.a<type>-<id>.slack                   bytes after its end up to the end of its last unit
//   v<volume offset>.n<parent inode>-<16 hex of the name's SHA-256>  an entry whose inode is gone (name only)
//   v<volume offset>.unalloc | .meta | .unparsed                   the joined unallocated blocks, metadata blocks …
//   v<volume offset>.j<byte offset>.i<inode>                       a deleted file by a journal's copy of its inode
//   v<volume offset>.r<byte offset>.a<type>-<id>                   attribute of an MFT record outside the MFT, at it
//   gap.<byte offset>                                              bytes no volume owns
//   f<16 hex digits of the SHA-256 of the relative path>           a file of a folder given as evidence
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "model/timestamp.h"

namespace triage {

/// A run of image bytes. `sparse` runs have no place: they read as zeros.
struct Extent {
  ByteOffset at;
  ByteCount length;
  bool sparse = false;
  bool operator==(const Extent&) const = default;
};

enum class StreamKind : std::uint8_t {
  kFile,         ///< content of a file
  kDirectory,    ///< a directory (its own bytes where they lie in data blocks)
  kNamedStream,  ///< NTFS named $DATA, resource fork, extended attribute
  kLink,         ///< symbolic link and special files
  kMetadata,     ///< file-system structures
  kSlack,        ///< from the end of a file to the end of its last block
  kUnallocated,  ///< joined unallocated blocks of one volume
  kUnparsed,     ///< a volume whose file system was not read
  kGap,          ///< bytes outside every volume
  kMemory,
  kChild,  ///< unpacked from another stream
};
std::string_view stream_kind_name(StreamKind kind);

/// MACB stamps of one metadata structure.
struct EntryTimes {
  Timestamp modified;
  Timestamp accessed;
  Timestamp changed;
  Timestamp created;
  bool operator==(const EntryTimes&) const = default;
};

/// What the file system says about an entry.
struct EntryMeta {
  std::uint64_t inode = 0;
  std::uint64_t parent_inode = 0;
  std::uint32_t sequence = 0;
  bool allocated = true;       ///< the metadata structure is in use
  bool name_allocated = true;  ///< the directory entry is in use
  std::optional<std::uint32_t> mode;
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
  std::optional<std::string> sid;  ///< owner on NTFS
  std::optional<std::string> link_target;
  EntryTimes times;                           ///< NTFS $STANDARD_INFORMATION, inode times …
  std::optional<EntryTimes> file_name_times;  ///< NTFS $FILE_NAME
  std::optional<Timestamp> deleted;           ///< ext deletion time
  std::optional<Timestamp> backed_up;         ///< HFS+ backup time
};

/// What of the content can be had.
enum class Availability : std::uint8_t {
  kWhole,        ///< every byte is there
  kOverwritten,  ///< some blocks belong to others now; survive_percent says how many are left
  kNameOnly,     ///< only the name or the metadata is left
  kEncrypted,    ///< the file system holds it encrypted
};

/// What told where a deleted file's content lies.
enum class RecoveryMethod : std::uint8_t {
  kMetadata,  ///< the file system's own metadata
  kJournal,   ///< an older copy of it in the journal
  kRecord,    ///< a record outside the metadata, left by a previous format or a moved table
};
std::string_view recovery_method_name(RecoveryMethod method);

struct Stream {
  std::uint64_t sequence = 0;  ///< place in the plan, from 0
  std::string key;
  StreamKind kind = StreamKind::kFile;
  std::optional<std::uint32_t> volume;      ///< index into the evidence's volumes
  std::optional<ByteOffset> volume_offset;  ///< first byte of the volume in the image
  std::string file_system;                  ///< "ntfs", "ext4" …; empty outside one
  std::string path;      ///< UTF-8; "/docs/a.txt", named stream "/a.txt:name"; "" for regions without a name
  std::string raw_path;  ///< the bytes as found where `path` had to be changed, else empty
  ByteCount size;        ///< of the content in bytes
  std::optional<EntryMeta> meta;
  std::vector<Extent> extents;  ///< of the content, in order; empty for resident, compressed or empty content
  /// Resident content (at most 64 KiB): the map has seen it already, so it is not read again.
  std::string inline_content;
  Availability availability = Availability::kWhole;
  std::uint8_t survive_percent = 100;
  RecoveryMethod method = RecoveryMethod::kMetadata;  ///< deleted entries only
  /// The place of the content was worked out and not stated: only content that validates proves it.
  bool inferred = false;
  std::uint64_t slack_bytes = 0;
  /// Sequence of the stream that owns the content where this is a further name of it (hard link).
  std::optional<std::uint64_t> alias_of;
  /// The extents belong to other streams too (deleted entry, further name, cross-linked blocks): reading them reads
  /// those bytes again. The extents of all streams that are no views are a partition of the image.
  bool view = false;
};

/// A run of the medium that no directory entry names: unallocated blocks, an unparsed volume, a gap, blocks of
/// file-system structures.
bool is_region(const Stream& stream);
/// The content of a directory entry: a file, a named stream, a metadata file.
bool is_entry_content(const Stream& stream);

}  // namespace triage
