// SPDX-License-Identifier: Apache-2.0
// FileListing: the sink of `triage list`. One line a file or a volume, written as it is found.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "cli/output.h"
#include "cli/plain_sweep.h"

namespace triage::cli {

struct FileListingChoice {
  bool volumes = false;  ///< volumes instead of files
  bool allocated = true;
  bool deleted = true;
};

class FileListing final : public PlainSink {
 public:
  /// `context` and `out` outlive the listing.
  FileListing(const Context& context, Output& out, FileListingChoice choice)
      : context_(context), out_(out), choice_(choice) {}

  /// The line with the columns' names; JSON has none.
  void title();
  Status map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages, std::uint64_t batches,
             const std::string& plan_digest) override;
  Status end() override;

 protected:
  Status take(BatchRecords& records, int slot_memory) override;
  [[nodiscard]] bool wanted() const override { return out_.wanted(); }

 private:
  void print(const FileRecord& file);
  void print(const VolumeRecord& volume);

  const Context& context_;
  Output& out_;
  FileListingChoice choice_;
  /// Further names (hard links) come before the file that owns the content: they wait for its digest.
  std::vector<FileRecord> further_names_;
  std::unordered_map<std::uint64_t, std::optional<Digests>> owners_;  ///< by sequence; those that names wait for
};

/// Schema triage.file.v1: evidence volume path inode allocated kind size sha256 runs type.
std::string file_json(const FileRecord& file);
/// Schema triage.volume.v1, names as in the `volumes` view.
std::string volume_json(const VolumeRecord& volume);
/// "[[offset,length,sparse],…]", bytes of the image.
std::string runs_json(const std::vector<Extent>& runs);

}  // namespace triage::cli
