// SPDX-License-Identifier: Apache-2.0
#include "cli/case_sink.h"

#include <algorithm>
#include <set>

#include "store/preview_store.h"

namespace triage::cli {

Result<SweepStart> CaseSink::begin(const EvidenceRecord& evidence) {
  evidence_ = evidence.id;
  TRIAGE_TRY(const CaseDb::Progress progress, database_.progress(evidence.id));
  if (progress.finished) return SweepStart{true, progress.next_batch};
  if (progress.known && progress.next_batch > 0 && !resume_)
    return fail(ErrorCode::kUsage, "an earlier run of this evidence did not finish", evidence.name, 0,
                "add --resume to go on where it stopped");
  TRIAGE_TRY_STATUS(database_.begin_evidence(evidence, clock_.utc_nanos()));
  TRIAGE_TRY_STATUS(prepare_previews(database_.database()));
  TRIAGE_TRY_STATUS(overlap_.load(database_.database(), evidence.id));
  return SweepStart{false, progress.next_batch};
}

Status CaseSink::map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages,
                     std::uint64_t batches, const std::string& plan_digest) {
  counts_.damages += damages.size();
  for (const VolumeRecord& volume : volumes) {
    if (unlocked_ && !volume.unlocked_with.empty()) TRIAGE_TRY_STATUS(unlocked_(volume));
  }
  return database_.write_map(evidence_, volumes, damages, batches, plan_digest);
}

Status CaseSink::begin_batch(std::uint64_t index) {
  outputs_.clear();
  return database_.begin_batch(evidence_, index);
}

Status CaseSink::keep_outputs(BatchRecords& records, int slot_memory) {
  std::set<std::string> refused;
  for (const OutputRecord& output : records.outputs) {
    // What an allocated file holds anyway is not returned a second time.
    if (output.carved && database_.has_allocated_sha256(output.sha256)) {
      refused.insert(output.sha256);
      continue;
    }
    ContentStore& store = output.carved ? carved_ : recovered_;
    const auto kept = store.keep(slot_memory, output);
    if (!kept && kept.error().code == ErrorCode::kVerification) {
      // A worker that hostile bytes took over may claim what it likes; it must not end the run.
      Damage damage;
      damage.evidence = evidence_;
      damage.kind = DamageKind::kChecksum;
      damage.detail = "content does not have the hash its worker named; it was not kept";
      damage.consumer = output.carved ? "carve" : "recover";
      records.damages.push_back(std::move(damage));
      refused.insert(output.sha256);
      continue;
    }
    if (!kept) return tl::unexpected(kept.error());
    ++(output.carved ? counts_.carved : counts_.recovered);
    outputs_.push_back(output);
  }
  for (FileRecord& file : records.files) {
    if (!file.allocated && file.digests && refused.contains(file.digests->sha256)) file.saved = false;
  }
  // A file's record may come in a later step of the batch than its content.
  records.outputs = outputs_;
  return {};
}

Status CaseSink::extras(BatchExtras extras) {
  for (const PreviewRecord& preview : extras.previews) TRIAGE_TRY_STATUS(keep_preview(database_.database(), preview));
  return {};  // a sweep into a case keeps no unpacked content: its container is kept
}

Status CaseSink::records(BatchRecords records, int slot_memory) {
  overlap_.filter(records);
  TRIAGE_TRY_STATUS(keep_outputs(records, slot_memory));
  counts_.files += records.files.size();
  counts_.events += records.events.size();
  counts_.findings += records.findings.size();
  counts_.damages += records.damages.size();
  for (const Finding& finding : records.findings) worst_ = std::max(worst_.value_or(Severity::kInfo), finding.severity);
  return database_.add_records(records);
}

Status CaseSink::commit_batch(std::uint64_t index) {
  (void)index;  // begin_batch() has told it
  overlap_.end_batch();
  TRIAGE_TRY_STATUS(recovered_.sync());
  TRIAGE_TRY_STATUS(carved_.sync());
  return database_.commit_batch();
}

}  // namespace triage::cli
