// SPDX-License-Identifier: Apache-2.0
// A whole NTFS master file table as a run of records: the folders it names, and which records carry on others.
//   table := record{n}      see formats/mft_record.h; a run cut out of a table begins with another entry than 0
// Spec: libyal/libfsntfs, "New Technologies File System" §6 (master file table), §6.4 (attribute list).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/mft_record.h"

namespace triage {

inline constexpr std::uint64_t kMftRootFolder = 5;

/// A folder's best name, as the table holds it.
struct MftFolder {
  std::string name;
  MftReference parent;
  std::uint16_t sequence = 0;
  bool in_use = false;
};

/// Indexes a table; views its bytes, which must outlive it. One thread.
class MftTable {
 public:
  /// The first record says which entry the run begins with (NTFS 3.1 and later; else 0) and how long records are (1024
  /// bytes where it does not hold).
  explicit MftTable(Bytes table);

  [[nodiscard]] std::size_t record_size() const { return record_size_; }
  [[nodiscard]] std::size_t count() const { return record_size_ == 0 ? 0 : table_.size() / record_size_; }
  /// Exactly record_size() bytes as they lie in the table. REQUIRES: index < count().
  [[nodiscard]] Bytes raw(std::size_t index) const { return table_.subspan(index * record_size_, record_size_); }
  /// Number of the entry at `index`.
  [[nodiscard]] std::uint64_t number(std::size_t index) const { return first_ + index; }
  /// The base record at `index` with what its extension records add; nullopt where no sound record stands there or it
  /// is an extension record itself. REQUIRES: index < count().
  [[nodiscard]] std::optional<MftRecord> entry(std::size_t index) const;
  /// Places of the records that carry on entry `number`.
  [[nodiscard]] std::span<const std::uint32_t> extensions(std::uint64_t number) const;

  /// The folder that `reference` means: its sequence must be the entry's, or, where the entry is no longer in use, the
  /// one before it (NTFS counts on when it frees an entry). nullptr where the entry is another thing now.
  [[nodiscard]] const MftFolder* folder(MftReference reference) const;
  /// "/a/b" of a folder, "/" for the root. nullopt where a folder on the way is not there any more or the chain loops;
  /// `*tail` then is what is known ("b/…" without a leading slash).
  std::optional<std::string> folder_path(MftReference reference, std::string* tail);

 private:
  struct Known {
    std::string text;
    bool whole = false;
  };
  const Known& resolve(MftReference reference, unsigned depth);
  void index_record(std::size_t index);

  Bytes table_;
  std::size_t record_size_ = 0;
  std::uint64_t first_ = 0;
  std::unordered_map<std::uint64_t, MftFolder> folders_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> extensions_;
  std::unordered_map<std::uint64_t, Known> paths_;  // by reference
};

}  // namespace triage
