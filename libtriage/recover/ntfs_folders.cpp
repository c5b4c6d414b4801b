// SPDX-License-Identifier: Apache-2.0
#include "recover/ntfs_folders.h"

#include "bytes/text.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::uint64_t kRoot = 5;
constexpr int kMaxDepth = 128;
constexpr std::size_t kMaxFolders = 1'000'000;
constexpr std::uint32_t kSmallestRecord = 0x3c + 2;
constexpr std::uint32_t kFolder = 0x10;  ///< FILE_ATTRIBUTE_DIRECTORY

MftReference reference(ByteCursor& cursor) {
  const auto raw = cursor.le<std::uint64_t>("file reference");
  return {raw & 0xffff'ffff'ffffULL, static_cast<std::uint16_t>(raw >> 48)};
}

}  // namespace

void NtfsFolders::add(const MftReference& folder, const MftReference& parent, std::string name, bool weak) {
  if (name.empty() || folder == parent || folder.number == kRoot) return;
  const auto known = names_.find(folder);
  if (known == names_.end()) {
    if (names_.size() < kMaxFolders) names_.emplace(folder, Name{parent, std::move(name)});
  } else if (!weak) {
    known->second = {parent, std::move(name)};
  }
}

/// USN_RECORD_V2 (Microsoft, winioctl.h): length, versions, file, parent, … attributes at 0x34, name at 0x38.
void NtfsFolders::add_journal_page(Bytes page) {
  ByteCursor cursor(page);
  while (cursor.remaining() >= kSmallestRecord) {
    const std::size_t at = cursor.position();
    const auto length = cursor.le<std::uint32_t>("record length");
    if (length < kSmallestRecord || length % 8 != 0 || length > page.size() - at) return;
    ByteCursor record(page.subspan(at, length));
    record.skip(4, "record length");
    const auto major = record.le<std::uint16_t>("major version");
    record.skip(2, "minor version");
    if (major == 2) {
      const MftReference file = reference(record);
      const MftReference parent = reference(record);
      record.seek(0x34, "file attributes");
      const auto attributes = record.le<std::uint32_t>("file attributes");
      const auto name_length = record.le<std::uint16_t>("name length");
      const auto name_at = record.le<std::uint16_t>("name offset");
      record.seek(name_at, "name");
      const Bytes name = record.take(name_length, "name");
      if (record.ok() && (attributes & kFolder) != 0 && name_length % 2 == 0) add(file, parent, utf16le_to_utf8(name));
    }
    cursor.seek(at + length, "next record");
  }
}

std::string NtfsFolders::path(const MftReference& folder, const VolumeFacts& volume) const {
  std::string tail;
  MftReference at = folder;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    if (at.number == kRoot) return tail;
    const auto live = volume.directories.find(at.number);
    const auto sequence = volume.sequences.find(at.number);
    if (live != volume.directories.end() && sequence != volume.sequences.end() && sequence->second == at.sequence)
      return (live->second == "/" ? "" : live->second) + tail;
    const auto known = names_.find(at);
    if (known == names_.end()) break;
    tail.insert(0, "/" + path_component(known->second.name));
    at = known->second.parent;
  }
  return "/$OrphanFiles" + tail;
}

}  // namespace triage
