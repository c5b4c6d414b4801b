// SPDX-License-Identifier: Apache-2.0
// CaseSink: what a sweep finds goes into a case, its content into recovered/ and carved/.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/sweep.h"
#include "store/carved_overlap.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/content_store.h"

namespace triage::cli {

class CaseSink final : public SweepSink {
 public:
  /// All outlive the sink. `resume`: unfinished evidence is gone on with instead of refused.
  CaseSink(CaseDb& database, ContentStore& recovered, ContentStore& carved, const Clock& clock, bool resume)
      : database_(database), recovered_(recovered), carved_(carved), clock_(clock), resume_(resume) {}

  Result<SweepStart> begin(const EvidenceRecord& evidence) override;
  Status map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages, std::uint64_t batches,
             const std::string& plan_digest) override;
  Status begin_batch(std::uint64_t index) override;
  Status records(BatchRecords records, int slot_memory) override;
  Status extras(BatchExtras extras) override;
  Status commit_batch(std::uint64_t index) override;

  /// Hears of each encrypted volume that was opened, before any of its streams is read.
  void on_unlocked(std::function<Status(const VolumeRecord&)> listener) { unlocked_ = std::move(listener); }

  struct Counts {
    std::uint64_t files = 0, events = 0, findings = 0, damages = 0, recovered = 0, carved = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Most severe finding so far; nullopt when there is none.
  [[nodiscard]] const std::optional<Severity>& worst() const { return worst_; }

 private:
  Status keep_outputs(BatchRecords& records, int slot_memory);

  CaseDb& database_;
  ContentStore& recovered_;
  ContentStore& carved_;
  const Clock& clock_;
  bool resume_;
  std::string evidence_;
  std::vector<OutputRecord> outputs_;  ///< of the open batch
  CarvedOverlap overlap_;
  Counts counts_;
  std::optional<Severity> worst_;
  std::function<Status(const VolumeRecord&)> unlocked_;
};

}  // namespace triage::cli
