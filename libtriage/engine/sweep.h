// SPDX-License-Identifier: Apache-2.0
// sweep(): one evidence from its first byte to its last record. The calling process supervises: it never touches
// evidence bytes. One reader process maps and reads, `jobs` scanner processes run the consumers, and what they say
// reaches the sink in the order of the plan, whatever the number of workers.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/consumer.h"
#include "engine/plan.h"
#include "evidence/reader.h"
#include "model/batch.h"
#include "model/preview.h"

namespace triage {

/// How far an earlier sweep of the same evidence came.
struct SweepStart {
  bool finished = false;  ///< nothing to do
  std::uint64_t next_batch = 0;
};

/// Where a sweep's results go. Calls come from one thread; an Error ends the sweep and is handed on.
class SweepSink {
 public:
  virtual ~SweepSink() = default;
  /// The evidence is open and its id is known.
  virtual Result<SweepStart> begin(const EvidenceRecord& evidence) = 0;
  /// The map is made. Also called on resume, with the same plan.
  virtual Status map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages,
                     std::uint64_t batches, const std::string& plan_digest) = 0;
  /// One batch: begin, its records in steps, commit. `slot_memory` holds the content of the output records.
  virtual Status begin_batch(std::uint64_t index) = 0;
  virtual Status records(BatchRecords records, int slot_memory) = 0;
  /// Contents and previews that belong to the records that come next.
  virtual Status extras(BatchExtras extras) {
    (void)extras;  // of interest to those who keep files
    return {};
  }
  virtual Status commit_batch(std::uint64_t index) = 0;
};

enum class SweepPhase : std::uint8_t { kOpening, kMapping, kHashing, kSweeping, kDone };

struct SweepProgress {
  SweepPhase phase = SweepPhase::kOpening;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t entries = 0;  ///< streams mapped
  std::uint64_t damage_count = 0;
};

/// Limits of CPU time in one step; wall-clock limits are ten times these.
struct SweepLimits {
  std::chrono::milliseconds consumer{60'000};  ///< one consumer on one piece
  std::chrono::milliseconds inode{10'000};     ///< one call into libtsk while mapping
  std::chrono::milliseconds volume{30'000};    ///< opening or closing the map of one volume, and as much again for
                                               ///< every 3 GiB of the evidence
  std::chrono::milliseconds content{60'000};   ///< reading one stream through libtsk
  std::uint64_t scanner_memory = 1ULL << 30;
  std::uint64_t reader_memory = 5ULL << 28;
};

struct SweepOptions {
  unsigned jobs = 0;  ///< scanner processes, 0 = one a processor
  PlanOptions plan;
  SweepLimits limits;
  /// One linear pass for the SHA-256 of the whole image, which names the evidence. Without it a sample does, and the
  /// ids of evidence and events are others than those of a sweep with it: a sample must not pass for the whole.
  bool image_hash = true;
  std::string work_folder = "/tmp";                    ///< where working files lie
  std::function<Consumers()> consumers;                ///< called once, before any child is made
  std::function<void(const SweepProgress&)> progress;  ///< at most five times a second
  const std::atomic<bool>* stop = nullptr;             ///< set by a signal handler
};

struct SweepSummary {
  EvidenceRecord evidence;
  bool already_finished = false;
  std::uint64_t batches = 0;
  std::uint64_t streams = 0;
  std::uint64_t bytes_read = 0;  ///< by the reader, the pass for the image hash not counted
  std::uint64_t damage_count = 0;
  std::uint64_t worker_deaths = 0;
  std::vector<std::string> missing_layers;  ///< of the sandbox, on this kernel
};

/// REQUIRES: the calling process has one thread.
Result<SweepSummary> sweep(const EvidenceSpec& spec, const SweepOptions& options, SweepSink& sink);

/// Writes the bytes of one stream to `write`; see extractor_main().
struct ExtractSummary {
  std::uint64_t bytes = 0;
  std::vector<Damage> damages;
};
Result<ExtractSummary> extract(const EvidenceSpec& spec, const std::string& wanted, const std::string& work_folder,
                               const std::function<Status(std::string_view)>& write);

/// Layers of the sandbox that this kernel lacks, tried out in a child.
std::vector<std::string> probe_sandbox();

}  // namespace triage
