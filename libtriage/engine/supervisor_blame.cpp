// SPDX-License-Identifier: Apache-2.0
// Who is to blame when a child dies or hangs, and how the sweep goes on without the guilty part.
#include "engine/supervisor.h"

namespace triage {
namespace {

constexpr unsigned kMaxReaderDeaths = 200;
constexpr unsigned kMaxDeathsOfBatch = 64;

}  // namespace

Status Supervisor::reader_died(DamageKind kind) {
  reader_.kill_and_wait();
  ++summary_.worker_deaths;
  const std::uint32_t phase = reader_breadcrumb_->phase.load();
  if (!opened_)
    return fail(ErrorCode::kUnreadable,
                kind == DamageKind::kTimeout ? "opening the evidence takes for ever"
                                             : "the library that opens the evidence died on it",
                spec_.name);
  if (++reader_deaths_ > kMaxReaderDeaths)
    return fail(ErrorCode::kUnreadable, "the reader died too often on this evidence", spec_.name);
  if (phase == 2) {
    const std::uint64_t sequence = reader_breadcrumb_->sequence.load();
    for (const std::uint64_t known : skip_streams_) {
      if (known == sequence)
        return fail(ErrorCode::kUnreadable, "the reader died on the same stream twice", spec_.name);
    }
    skip_streams_.push_back(sequence);
  } else if (phase == 1) {
    TRIAGE_TRY(Damage damage, map_blame_.blame(*reader_breadcrumb_, kind));
    blamed_.push_back(std::move(damage));
  } else {
    return fail(ErrorCode::kInternal, "the reader died outside any library call", spec_.name);
  }
  sweeping_ = false;
  return start_reader();
}

Status Supervisor::scanner_died(Worker& worker, DamageKind kind) {
  worker.process.kill_and_wait();
  ++summary_.worker_deaths;
  const std::uint32_t piece = worker.breadcrumb->piece.load();
  const std::uint32_t consumer = worker.breadcrumb->consumer.load();
  if (worker.slot) {
    SlotWork& work = work_[*worker.slot];
    ++work.deaths;
    work.state = SlotState::kWaiting;
    const bool known = piece != Breadcrumb::kNone && consumer < consumers_.size();
    // A time-out is tried once more before it counts: a busy machine must not change the result.
    const bool again = known && kind == DamageKind::kTimeout && work.timeouts[{piece, consumer}]++ == 0;
    if (work.deaths > kMaxDeathsOfBatch || (!known && work.deaths > 2)) {
      for (std::uint32_t i = 0; i < 4096; ++i)
        work.request.exclusions.push_back({i, "*", kind, "workers died on this batch again and again"});
      if (work.deaths > kMaxDeathsOfBatch + 4)
        return fail(ErrorCode::kInternal, "a batch kills every worker", spec_.name);
    } else if (known && !again) {
      work.request.exclusions.push_back(
          {piece, std::string(consumers_[consumer]->name()), kind,
           kind == DamageKind::kTimeout ? "it used up its time on this stream" : "it died on this stream"});
    }
  }
  start_scanner(worker);
  return {};
}

Status Supervisor::watch() {
  for (Worker& worker : scanners_) {
    if (worker.slot && worker.process.running() &&
        worker.process.over_limit(*worker.breadcrumb, options_.limits.consumer))
      TRIAGE_TRY_STATUS(scanner_died(worker, DamageKind::kTimeout));
  }
  if (!reader_.running() || finished_) return {};
  const auto limit = reader_limit(options_.limits, *reader_breadcrumb_, summary_.evidence.size);
  if (limit.count() == 0) return {};
  if (reader_.over_limit(*reader_breadcrumb_, limit)) return reader_died(DamageKind::kTimeout);
  return {};
}

}  // namespace triage
