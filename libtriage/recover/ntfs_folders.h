// SPDX-License-Identifier: Apache-2.0
// What folders of an NTFS volume were called, also those whose file record is used again: by their reference (number
// and sequence), as index slack, the log file and the change journal still name them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "bytes/cursor.h"
#include "formats/mft_record.h"
#include "recover/volume_facts.h"

namespace triage {

class NtfsFolders {
 public:
  /// A folder's name (UTF-8) and its parent. What comes later replaces what came before, unless `weak`.
  void add(const MftReference& folder, const MftReference& parent, std::string name, bool weak = false);
  /// Names of folders and files in one page (4096 bytes) of a change journal, versions 2 only; others are passed over.
  void add_journal_page(Bytes page);
  /// "/a/b" of the folder ("" for the root) by what is known and by the folders of `volume` in use; where a folder on
  /// the way is not known, "/$OrphanFiles" and what is known behind it.
  [[nodiscard]] std::string path(const MftReference& folder, const VolumeFacts& volume) const;
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  struct Name {
    MftReference parent;
    std::string name;
  };
  std::map<MftReference, Name> names_;
};

}  // namespace triage
