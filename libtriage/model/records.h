// SPDX-License-Identifier: Apache-2.0
// Records that cross from the readers of evidence to the writer of the case, besides Event, Finding and Damage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes/digest.h"
#include "model/damage.h"
#include "model/event.h"
#include "model/finding.h"
#include "model/stream.h"

namespace triage {

/// One evidence source as it was opened.
struct EvidenceRecord {
  std::string id;          ///< "e" and 16 hex digits of the content key
  std::string name;        ///< as given on the command line
  std::string format;      ///< raw, split_raw, ewf, aff, vmdk, vhd, folder, device
  std::uint64_t size = 0;  ///< bytes of the image
  std::uint32_t sector_size = 512;
  std::string key_kind;               ///< image_sha256, container_hash, device_serial, sampled, folder
  std::string key;                    ///< the value the id is made from
  std::optional<std::string> sha256;  ///< of the whole image where it was taken
  std::optional<std::string> container_md5;
  std::optional<std::string> container_sha1;
};

struct VolumeRecord {
  std::string evidence;
  std::uint32_t index = 0;
  ByteOffset offset;
  ByteCount length;
  std::string table;        ///< dos, gpt, mac, bsd, sun, none
  std::string description;  ///< the partition table's own text
  std::string file_system;  ///< ntfs …; "" when none was read; btrfs, xfs, lvm … where only recognised
  std::string status;       ///< parsed, unparsed, encrypted, unallocated
  std::string label;
  std::string serial;  ///< volume serial or UUID in hex
  std::uint32_t block_size = 0;
  std::string encryption;     ///< bitlocker, luks, filevault, possible; "" when none
  std::string unlocked_with;  ///< recovery-key, passphrase, keyfile, clear-key; "" where it was not opened
  std::string unlocked_lock;  ///< the lock that key fitted: "key slot 0", a protector's "{GUID}"
};

enum class FileGrade : std::uint8_t { kAllocated, kComplete, kLikely, kOverwritten, kNameOnly, kEmbedded, kTruncated };
std::string_view file_grade_name(FileGrade grade);

/// A row of the `files` view.
struct FileRecord {
  std::string evidence;
  std::uint64_t sequence = 0;  ///< the stream's place in the plan; 0 for carved files
  std::string stream;          ///< stream key
  std::optional<std::uint32_t> volume;
  std::string path;
  std::string raw_path;
  std::optional<std::uint64_t> inode;
  bool allocated = true;
  std::string kind;  ///< file dir stream metadata link
  std::uint64_t size = 0;
  std::optional<Digests> digests;  ///< of the content; absent for directories and content that could not be read
  std::string method;              ///< metadata journal record carved; "" for allocated entries
  std::optional<FileGrade> grade;  ///< deleted and carved entries only
  std::string type;                ///< type by content, e.g. "pdf"; "" unknown
  std::vector<Extent> runs;
  std::optional<std::uint64_t> alias_of;  ///< take the digests of that sequence
  std::uint8_t survive_percent = 100;
  bool saved = false;  ///< content lies under recovered/ or carved/
};

/// Content to be kept as recovered/ or carved/ file, named by its hash.
struct OutputRecord {
  std::string sha256;             ///< 64 hex digits of the content
  std::string extension;          ///< [a-z0-9]{1,8}
  bool carved = false;            ///< carved/, else recovered/
  std::uint64_t slot_offset = 0;  ///< where the content lies in the batch's slot
  std::uint64_t length = 0;       ///< of the whole content
  /// Pieces of a fragmented file behind the first, which is what they leave of `length`; `at` counts from the slot's
  /// start.
  std::vector<Extent> more;
  std::optional<std::int64_t> modified_nanos;  ///< the file's own times, set on the copy
  std::optional<std::int64_t> accessed_nanos;
};

}  // namespace triage
