// SPDX-License-Identifier: Apache-2.0
// Making children, talking with them and writing what they found. Blame is in supervisor_blame.cpp.
#include "engine/supervisor.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "bytes/digest.h"
#include "engine/record_file.h"
#include "engine/unnamed_file.h"
#include "model/codec.h"

namespace triage {
namespace {

constexpr std::uint64_t kCompanionRoom = 64ULL << 20;
constexpr std::uint64_t kMostKeptReads = 4ULL << 30;
constexpr auto kTick = std::chrono::milliseconds{100};
constexpr auto kProgressEvery = std::chrono::milliseconds{200};

/// A quarter of the free space at most: the case's own files come first.
ByteCount room_for_reads(const UniqueFd& file) {
  struct statvfs place {};
  if (::fstatvfs(file.get(), &place) != 0) return ByteCount{0};
  return ByteCount{std::min<std::uint64_t>(kMostKeptReads, place.f_bavail / 4 * place.f_frsize)};
}

}  // namespace

Supervisor::Supervisor(const EvidenceSpec& spec, const SweepOptions& options, SweepSink& sink)
    : spec_(spec), options_(options), sink_(sink), map_blame_(spec.name) {}

Status Supervisor::prepare() {
  const unsigned jobs = options_.jobs != 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  const PlanOptions& plan = options_.plan;
  const std::uint64_t capacity = std::max(plan.max_file, plan.window + plan.region_carry) + kCompanionRoom;
  for (unsigned i = 0; i < jobs + 2; ++i) {
    TRIAGE_TRY(Slot slot, Slot::make(capacity, options_.work_folder));
    slots_.push_back(std::move(slot));
  }
  work_.resize(slots_.size());
  consumers_ = options_.consumers ? options_.consumers() : make_consumers({});
  // OpenSSL and libc load what they need before the sandbox closes the file system.
  (void)sha256_hex(std::string_view{});
  summary_.missing_layers = probe_sandbox();
  reader_breadcrumb_ = &make_shared_breadcrumb();
  scanners_.resize(jobs);
  for (Worker& worker : scanners_) worker.breadcrumb = &make_shared_breadcrumb();
  return {};
}

void Supervisor::start_hasher() {
  hash_sampled_ = !options_.image_hash;
  hash_pending_ = spec_.format != EvidenceFormat::kFolder;
  if (!hash_pending_) return;
  hasher_ = ChildProcess([this](Channel channel) { return hasher_main(channel, spec_, hash_sampled_); });
}

Status Supervisor::start_reader() {
  // Every reader plans anew, into a file of its own.
  TRIAGE_TRY(UniqueFd store, make_unnamed_file(options_.work_folder));
  TRIAGE_TRY(UniqueFd reads, make_unnamed_file(options_.work_folder));
  volumes_.clear();
  map_damages_.clear();
  plan_.reset();
  mapped_entries_ = 0;
  reader_breadcrumb_->idle();
  reader_ = ChildProcess([&](Channel channel) {
    ReaderSetup setup;
    setup.channel = std::move(channel);
    setup.spec = spec_;
    setup.slots = &slots_;
    setup.breadcrumb = reader_breadcrumb_;
    setup.map = map_blame_.options();
    setup.plan = options_.plan;
    setup.plan_store = std::move(store);
    setup.read_store_limit = room_for_reads(reads);
    setup.read_store = std::move(reads);
    setup.skip_streams = skip_streams_;
    setup.memory_limit = options_.limits.reader_memory;
    return reader_main(setup);
  });
  return {};
}

void Supervisor::start_scanner(Worker& worker) {
  worker.slot.reset();
  worker.breadcrumb->idle();
  Breadcrumb* breadcrumb = worker.breadcrumb;
  worker.process = ChildProcess([this, breadcrumb](Channel channel) {
    ScannerSetup setup;
    setup.channel = std::move(channel);
    setup.slots = &slots_;
    setup.breadcrumb = breadcrumb;
    setup.consumers = &consumers_;
    setup.memory_limit = options_.limits.scanner_memory;
    return scanner_main(setup);
  });
}

void Supervisor::take_hasher_frames() {
  if (!hash_pending_ || !hasher_.running()) return;
  const bool alive = hasher_.channel().fill();
  while (auto frame = hasher_.channel().next()) {
    BinaryReader in(frame->payload);
    if (frame->type == FrameType::kHashed) in.get(hashed_bytes_);
    if (frame->type == FrameType::kImageHash) {
      std::string digest;
      in.get(digest);
      summary_.evidence.key = digest;
      if (!hash_sampled_) summary_.evidence.sha256 = digest;
      hash_pending_ = false;
    }
  }
  if (!alive) {
    hasher_.kill_and_wait();
    hash_pending_ = false;
  }
}

/// The evidence is named by its content: image hash, container hash, a sample, or a folder's list.
void Supervisor::set_identity() {
  EvidenceRecord& evidence = summary_.evidence;
  if (spec_.format == EvidenceFormat::kFolder) {
    evidence.key_kind = "folder";
    evidence.key = sha256_hex(fmt::format("{}\n{}", plan_->digest, plan_->streams));
  } else if (evidence.sha256) {
    evidence.key_kind = "image_sha256";
    evidence.key = *evidence.sha256;
  } else if (!evidence.key.empty()) {
    evidence.key_kind = "sampled";
  } else {
    // The hasher died: what is left is the container's own hash, or the size.
    evidence.key_kind = evidence.container_sha1 || evidence.container_md5 ? "container_hash" : "size";
    evidence.key = evidence.container_sha1.value_or(evidence.container_md5.value_or(std::to_string(evidence.size)));
  }
  evidence.id =
      "e" + sha256_hex(evidence.key_kind == "image_sha256" ? evidence.key : evidence.key_kind + ":" + evidence.key)
                .substr(0, 16);
}

Status Supervisor::begin_sweep() {
  if (sweeping_ || !plan_ || hash_pending_) return {};
  const bool first = summary_.evidence.id.empty();
  if (first) set_identity();
  summary_.batches = plan_->batches;
  summary_.streams = plan_->streams;
  map_damages_.insert(map_damages_.end(), blamed_.begin(), blamed_.end());
  for (Damage& damage : map_damages_) damage.evidence = summary_.evidence.id;
  for (VolumeRecord& volume : volumes_) volume.evidence = summary_.evidence.id;
  if (first) {
    TRIAGE_TRY(const SweepStart start, sink_.begin(summary_.evidence));
    if (start.finished) {
      summary_.already_finished = true;
      finished_ = true;
      return {};
    }
    next_batch_ = next_commit_ = start.next_batch;
    summary_.damage_count += map_damages_.size();
    TRIAGE_TRY_STATUS(sink_.map(volumes_, map_damages_, plan_->batches, plan_->digest));
  }
  sweeping_ = true;
  for (Worker& worker : scanners_) {
    if (!worker.process.running()) start_scanner(worker);
  }
  send_start();
  return {};
}

void Supervisor::send_start() {
  BinaryWriter start;
  start.put(next_batch_);
  std::vector<std::uint32_t> free;
  for (std::uint32_t i = 0; i < work_.size(); ++i) {
    if (work_[i].state == SlotState::kFree) free.push_back(i);
  }
  start.put(static_cast<std::uint32_t>(free.size()));
  for (const std::uint32_t slot : free) start.put(slot);
  (void)reader_.channel().send(FrameType::kStart, start.buffer());  // a dead reader shows in take_reader_frames
}

Status Supervisor::reader_frame(const Frame& frame) {
  BinaryReader in(frame.payload);
  switch (frame.type) {
    case FrameType::kOpened: {
      EvidenceRecord record;
      decode(in, record);
      record.key = summary_.evidence.key;
      record.sha256 = summary_.evidence.sha256;
      record.id = summary_.evidence.id;
      record.key_kind = summary_.evidence.key_kind;
      record.name = spec_.name;
      summary_.evidence = record;
      opened_ = true;
      break;
    }
    case FrameType::kVolume: decode(in, volumes_.emplace_back()); break;
    case FrameType::kDamage: decode(in, map_damages_.emplace_back()); break;
    case FrameType::kMapping: in.get(mapped_entries_); break;
    case FrameType::kPlan:
      plan_ = decode_plan_reply(frame.payload);
      if (!plan_) return fail(ErrorCode::kInternal, "the reader's plan cannot be read");
      return begin_sweep();
    case FrameType::kBatch: {
      std::uint64_t bytes = 0, index = 0;
      std::uint32_t slot = 0;
      in.get(bytes);
      in.get(index);
      in.get(slot);
      if (!in.ok() || slot >= work_.size() || index != next_batch_ || work_[slot].state != SlotState::kFree)
        return fail(ErrorCode::kInternal, "the reader handed over a batch out of turn");
      SlotWork& work = work_[slot];
      work = SlotWork{};
      work.state = SlotState::kWaiting;
      work.batch = index;
      work.bytes = bytes;
      work.request.evidence = summary_.evidence.id;
      work.request.batch = frame.payload.substr(sizeof bytes);
      ++next_batch_;
      return {};
    }
    case FrameType::kSwept:
      in.get(summary_.bytes_read);
      summary_.bytes_read += earlier_bytes_;
      finished_ = true;
      break;
    case FrameType::kFailed: {
      Error error;
      decode(in, error);
      return tl::unexpected(error);
    }
    default: return fail(ErrorCode::kInternal, "the reader sent a frame that is none of its own");
  }
  if (!in.ok()) return fail(ErrorCode::kInternal, "the reader sent a frame that cannot be read");
  return {};
}

Status Supervisor::take_reader_frames() {
  if (!reader_.running()) return {};
  const bool alive = reader_.channel().fill();
  while (auto frame = reader_.channel().next()) TRIAGE_TRY_STATUS(reader_frame(*frame));
  if (reader_.channel().broken()) return fail(ErrorCode::kInternal, "the reader sent nonsense");
  if (!alive && !finished_) return reader_died(DamageKind::kCrash);
  return {};
}

Status Supervisor::scanner_frames(Worker& worker) {
  if (!worker.process.running()) return {};
  const bool alive = worker.process.channel().fill();
  while (auto frame = worker.process.channel().next()) {
    const auto reply = decode_scan_reply(frame->payload);
    if (frame->type != FrameType::kScanned || !reply || !worker.slot)
      return fail(ErrorCode::kInternal, "a scanner sent a frame that cannot be read");
    if (!reply->error.empty()) return fail(ErrorCode::kOutput, "a worker cannot write its records", reply->error);
    SlotWork& work = work_[*worker.slot];
    work.state = SlotState::kDone;
    work.record_bytes = reply->record_bytes;
    work.damages = reply->damages;
    worker.slot.reset();
  }
  if (!alive || worker.process.channel().broken()) return scanner_died(worker, DamageKind::kCrash);
  return {};
}

void Supervisor::dispatch() {
  for (Worker& worker : scanners_) {
    if (worker.slot || !worker.process.running()) continue;
    // The oldest batch first: it is the one that holds up the record.
    std::optional<std::uint32_t> oldest;
    for (std::uint32_t i = 0; i < work_.size(); ++i) {
      if (work_[i].state == SlotState::kWaiting && (!oldest || work_[i].batch < work_[*oldest].batch)) oldest = i;
    }
    if (!oldest) return;
    work_[*oldest].state = SlotState::kScanning;
    worker.slot = oldest;
    worker.process.note_step(worker.breadcrumb->steps.load());
    (void)worker.process.channel().send(FrameType::kScan, encode_scan_request(work_[*oldest].request));
  }
}

Status Supervisor::commit_slot(std::uint32_t index) {
  SlotWork& work = work_[index];
  TRIAGE_TRY_STATUS(sink_.begin_batch(work.batch));
  RecordFileReader reader(slots_[index].records_fd(), work.record_bytes);
  bool more = true;
  while (more) {
    TRIAGE_TRY(BatchRecords records, reader.next(more));
    if (BatchExtras extras = reader.take_extras(); !extras.empty()) TRIAGE_TRY_STATUS(sink_.extras(std::move(extras)));
    TRIAGE_TRY_STATUS(sink_.records(std::move(records), slots_[index].memory_fd()));
  }
  TRIAGE_TRY_STATUS(sink_.commit_batch(work.batch));
  summary_.damage_count += work.damages;
  bytes_done_ += work.bytes;
  work.state = SlotState::kFree;
  ++next_commit_;
  BinaryWriter free;
  free.put(index);
  if (reader_.running()) (void)reader_.channel().send(FrameType::kSlotFree, free.buffer());
  return {};
}

Status Supervisor::commit_ready() {
  while (true) {
    const auto ready = std::find_if(work_.begin(), work_.end(), [this](const SlotWork& work) {
      return work.state == SlotState::kDone && work.batch == next_commit_;
    });
    if (ready == work_.end()) return {};
    TRIAGE_TRY_STATUS(commit_slot(static_cast<std::uint32_t>(ready - work_.begin())));
  }
}

void Supervisor::wait_for_something() {
  std::vector<pollfd> waits;
  if (reader_.running()) waits.push_back({reader_.channel().fd(), POLLIN, 0});
  if (hasher_.running() && hash_pending_) waits.push_back({hasher_.channel().fd(), POLLIN, 0});
  for (Worker& worker : scanners_) {
    if (worker.process.running()) waits.push_back({worker.process.channel().fd(), POLLIN, 0});
  }
  (void)::poll(waits.data(), waits.size(), static_cast<int>(kTick.count()));  // EINTR and timeout: look around again
}

void Supervisor::report_progress(bool force) {
  const auto now = std::chrono::steady_clock::now();
  if (!options_.progress || (!force && now - last_progress_ < kProgressEvery)) return;
  last_progress_ = now;
  SweepProgress progress;
  progress.entries = mapped_entries_;
  progress.damage_count = summary_.damage_count;
  if (sweeping_) {
    progress.phase = finished_ && next_commit_ == summary_.batches ? SweepPhase::kDone : SweepPhase::kSweeping;
    progress.bytes_done = bytes_done_;
    progress.bytes_total = plan_ ? plan_->bytes : 0;
  } else if (opened_ && !plan_) {
    progress.phase = SweepPhase::kMapping;
  } else if (plan_) {
    progress.phase = SweepPhase::kHashing;
    progress.bytes_done = hashed_bytes_;
    progress.bytes_total = summary_.evidence.size;
  }
  options_.progress(progress);
}

Status Supervisor::turn() {
  wait_for_something();
  take_hasher_frames();
  TRIAGE_TRY_STATUS(take_reader_frames());
  TRIAGE_TRY_STATUS(begin_sweep());
  for (Worker& worker : scanners_) TRIAGE_TRY_STATUS(scanner_frames(worker));
  TRIAGE_TRY_STATUS(watch());
  dispatch();
  TRIAGE_TRY_STATUS(commit_ready());
  report_progress(false);
  return {};
}

Result<SweepSummary> Supervisor::run() {
  TRIAGE_TRY_STATUS(prepare());
  start_hasher();
  TRIAGE_TRY_STATUS(start_reader());
  while (!(finished_ && (summary_.already_finished || next_commit_ == summary_.batches))) {
    if (interrupted())
      return fail(ErrorCode::kInterrupted, "stopped; what is finished is kept", spec_.name, 0,
                  "run the same command with --resume to go on");
    TRIAGE_TRY_STATUS(turn());
  }
  report_progress(true);
  return summary_;
}

}  // namespace triage
