// SPDX-License-Identifier: Apache-2.0
// Supervisor: the state of one sweep. It decides who reads what, who is to blame, and what is written when.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/child_process.h"
#include "engine/map_blame.h"
#include "engine/reader_process.h"
#include "engine/scanner_process.h"
#include "engine/slot.h"
#include "engine/sweep.h"

namespace triage {

class Supervisor {
 public:
  Supervisor(const EvidenceSpec& spec, const SweepOptions& options, SweepSink& sink);
  Result<SweepSummary> run();

 private:
  enum class SlotState : std::uint8_t { kFree, kWaiting, kScanning, kDone };
  struct SlotWork {
    SlotState state = SlotState::kFree;
    std::uint64_t batch = 0;
    std::uint64_t bytes = 0;
    ScanRequest request;
    std::uint64_t record_bytes = 0;
    std::uint64_t damages = 0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, unsigned> timeouts;  ///< (piece, consumer)
    unsigned deaths = 0;
  };
  struct Worker {
    ChildProcess process;
    Breadcrumb* breadcrumb = nullptr;
    std::optional<std::uint32_t> slot;
  };

  Status prepare();
  void start_hasher();
  Status start_reader();
  void start_scanner(Worker& worker);

  Status turn();
  Status take_reader_frames();
  Status reader_frame(const Frame& frame);
  Status reader_died(DamageKind kind);
  void take_hasher_frames();
  Status scanner_frames(Worker& worker);
  Status scanner_died(Worker& worker, DamageKind kind);
  Status begin_sweep();
  void send_start();
  void dispatch();
  Status commit_ready();
  Status commit_slot(std::uint32_t index);
  Status watch();
  void report_progress(bool force);
  void set_identity();
  void wait_for_something();
  [[nodiscard]] bool interrupted() const { return options_.stop != nullptr && options_.stop->load(); }

  const EvidenceSpec& spec_;
  const SweepOptions& options_;
  SweepSink& sink_;
  SweepSummary summary_;

  Consumers consumers_;
  std::vector<Slot> slots_;
  std::vector<SlotWork> work_;
  std::vector<Worker> scanners_;
  ChildProcess reader_;
  Breadcrumb* reader_breadcrumb_ = nullptr;
  ChildProcess hasher_;
  bool hash_pending_ = false;
  bool hash_sampled_ = false;
  std::uint64_t hashed_bytes_ = 0;

  MapBlame map_blame_;
  std::vector<std::uint64_t> skip_streams_;
  unsigned reader_deaths_ = 0;
  std::vector<VolumeRecord> volumes_;
  std::vector<Damage> map_damages_;
  std::vector<Damage> blamed_;
  bool opened_ = false;
  std::optional<PlanReply> plan_;
  bool sweeping_ = false;
  bool finished_ = false;
  std::uint64_t next_batch_ = 0;  ///< next one the reader will fill
  std::uint64_t next_commit_ = 0;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t mapped_entries_ = 0;
  std::uint64_t earlier_bytes_ = 0;  ///< read by readers that died
  std::chrono::steady_clock::time_point last_progress_{};
};

}  // namespace triage
