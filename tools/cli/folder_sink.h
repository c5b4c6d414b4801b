// SPDX-License-Identifier: Apache-2.0
// FolderSink: what `triage recover` and `triage carve` keep without a case: DIR/ab/<32 hex>.<ext> and
// DIR/recovered.jsonl, the same files and lines as in a case's recovered/ and carved/, and DIR/recovered.dfxml.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "cli/plain_sweep.h"
#include "store/carved_overlap.h"
#include "store/content_store.h"
#include "store/dfxml.h"
#include "store/digest_set.h"
#include "store/output_file.h"

namespace triage::cli {

class FolderSink final : public PlainSink {
 public:
  enum class Kept { kCarved, kDeleted };
  /// DIR must be absent (its parent is there) or empty, else kUsage. It is made 0700. `images`: names of the evidence.
  static Result<std::unique_ptr<FolderSink>> open(const std::string& dir, Kept kept,
                                                  const std::vector<std::string>& images);

  Status commit_batch(std::uint64_t index) override;
  Status extras(BatchExtras extras) override;
  /// Makes the two indexes appear. Call also when the sweep failed: what was kept until then stays described.
  Status finish();

  [[nodiscard]] std::uint64_t lines() const { return line_count_; }
  [[nodiscard]] std::uint64_t files() const { return file_count_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 protected:
  Status take(BatchRecords& records, int slot_memory) override;

 private:
  explicit FolderSink(Kept kept) : carved_(kept == Kept::kCarved) {}
  Status keep(const BatchRecords& records, int slot_memory);

  bool carved_;
  UniqueFd folder_;
  std::optional<ContentStore> store_;
  std::optional<OutputFile> index_;
  std::optional<OutputFile> dfxml_file_;
  std::optional<DfxmlWriter> dfxml_;
  DigestPrefixSet allocated_;  ///< contents of allocated files of the batches before
  std::vector<std::string> batch_allocated_;
  std::map<std::string, std::string> batch_paths_;  ///< sha256 → path below DIR
  CarvedOverlap overlap_;
  std::uint64_t line_count_ = 0;
  std::uint64_t file_count_ = 0;
  std::uint64_t bytes_ = 0;
};

/// One line of recovered.jsonl, keys as write_recovered_index() has them.
std::string recovered_json(const FileRecord& file, const std::string& evidence, const std::string& kept_as);

}  // namespace triage::cli
