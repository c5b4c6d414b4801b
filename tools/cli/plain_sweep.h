// SPDX-License-Identifier: Apache-2.0
// Sweeps that fill no case: `list`, `scan`, `carve`, `recover`. A PlainSink counts the damage; what is done with the
// rest is up to the command's own sink.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/context.h"
#include "engine/sweep.h"

namespace triage::cli {

/// Counts damage by kind and keeps the first lines for people.
class DamageTally {
 public:
  void add(const Damage& damage);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// What could not be read, on stderr; with -v the single places as well. Says nothing when there is nothing.
  void tell(const Context& context) const;

 private:
  std::array<std::uint64_t, kDamageKindCount> counts_{};
  std::vector<std::string> places_;  ///< escaped; the first ones only
  std::uint64_t total_ = 0;
};

/// Takes every batch from the beginning; nothing is resumed.
class PlainSink : public SweepSink {
 public:
  Result<SweepStart> begin(const EvidenceRecord& evidence) override;
  Status map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages, std::uint64_t batches,
             const std::string& plan_digest) override;
  Status begin_batch(std::uint64_t index) override;
  Status records(BatchRecords records, int slot_memory) final;
  Status commit_batch(std::uint64_t index) override;

  /// One evidence is done.
  virtual Status end() { return {}; }
  [[nodiscard]] const DamageTally& damage() const { return damage_; }
  /// True once nobody wants the output any more: the sweep was ended early and that is no failure.
  [[nodiscard]] bool given_up() const { return given_up_; }

 protected:
  virtual Status take(BatchRecords& records, int slot_memory) = 0;
  /// False ends the sweep.
  [[nodiscard]] virtual bool wanted() const { return true; }
  [[nodiscard]] const EvidenceRecord& evidence() const { return evidence_; }

 private:
  EvidenceRecord evidence_;
  DamageTally damage_;
  bool given_up_ = false;
};

/// What a plain sweep reads and does.
struct PlainSweep {
  ConsumerChoice consumers;
  bool files = true;        ///< allocated files
  bool deleted = true;      ///< deleted files by their metadata; without them carving finds them by content alone
  bool regions = true;      ///< unallocated space, gaps, unparsed volumes
  bool contents = true;     ///< false: descriptions only
  std::string work_folder;  ///< "" = $TMPDIR or /tmp
};

/// Sweeps every evidence into `sink`, then tells the damage. kDamaged when there was any.
Result<ExitCode> sweep_plainly(const Context& context, const std::vector<EvidenceSpec>& specs, const PlainSweep& plan,
                               PlainSink& sink);

/// Where working files lie when there is no case: $TMPDIR or /tmp.
std::string temporary_folder();

}  // namespace triage::cli
