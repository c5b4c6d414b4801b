// SPDX-License-Identifier: Apache-2.0
#include "engine/reader_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>

#include "bytes/digest.h"
#include "engine/content_check.h"
#include "engine/piece.h"
#include "engine/sandbox.h"
#include "engine/slot_filler.h"
#include "evidence/unlock_crypto.h"
#include "model/codec.h"
#include "recover/recovering_sink.h"

namespace triage {
namespace {

constexpr std::uint64_t kPlanFileLimit = 16ULL << 30;
constexpr std::uint64_t kSamples = 1024;  ///< of a sampled identity
constexpr std::size_t kSampleBytes = 4096;
constexpr std::uint64_t kUnlockMemory = 4ULL << 30;  ///< Argon2 asks for up to 4 GiB

/// Hands the map on: volumes and damage to the supervisor, streams into the plan.
class PlanningSink final : public MapSink {
 public:
  PlanningSink(Channel& channel, Breadcrumb& breadcrumb, Plan& plan)
      : channel_(channel), breadcrumb_(breadcrumb), plan_(plan) {}
  void volume(VolumeRecord volume) override { send(FrameType::kVolume, volume); }
  void damage(Damage damage) override { send(FrameType::kDamage, damage); }
  void entering(ByteOffset volume_offset, std::uint64_t inode) override {
    breadcrumb_.at_inode(volume_offset.value, inode);
  }
  void stream(Stream stream) override {
    if (!status_) return;
    status_ = plan_.add(std::move(stream));
    if (plan_.stream_count() % 1000 == 0) {
      BinaryWriter out;
      out.put(plan_.stream_count());
      (void)channel_.send(FrameType::kMapping, out.buffer());  // progress only; a dead supervisor shows later
    }
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  template <typename T>
  void send(FrameType type, const T& record) {
    BinaryWriter out;
    encode(out, record);
    (void)channel_.send(type, out.buffer());
  }
  Channel& channel_;
  Breadcrumb& breadcrumb_;
  Plan& plan_;
  Status status_;
};

int send_error(Channel& channel, const Error& error) {
  BinaryWriter out;
  encode(out, error);
  (void)channel.send(FrameType::kFailed, out.buffer());
  return 0;
}

void confine(const EvidenceSpec& spec, const Channel& channel, const std::vector<int>& keep, std::uint64_t memory) {
  SandboxPolicy policy;
  policy.readable = spec.paths;
  policy.keep = keep;
  policy.keep.push_back(channel.fd());
  policy.address_space = memory;
  policy.file_size = kPlanFileLimit;
  (void)enter_sandbox(policy);
  // libtsk converts FAT times through the process's zone; here it is always UTC.
  ::setenv("TZ", "UTC0", 1);
}

/// A process that opens encrypted volumes keeps the keys' descriptor and has the memory their derivation asks for.
void confine_reader(const ReaderSetup& setup, std::vector<int> keep, std::uint64_t memory) {
  prepare_unlock_crypto();
  if (setup.spec.keys) {
    keep.push_back(setup.spec.keys->fd());
    memory += kUnlockMemory;
  }
  confine(setup.spec, setup.channel, keep, memory);
}

/// What files that share their bytes may cost again: enough for any disk in use, and an end for a hostile one.
std::uint64_t shared_limit_of(ByteCount image) {
  return 4 * std::min<std::uint64_t>(image.value, 1ULL << 60) + (1ULL << 30);
}

/// Runs `body`; what escapes it ends the process with a clear Error.
template <typename Body>
int guarded(Channel& channel, Body&& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return send_error(
        channel, Error{ErrorCode::kUnreadable, "the evidence asks for more memory than a reader may have", {}, 0, {}});
  } catch (const std::exception& error) {
    return send_error(channel, Error{ErrorCode::kInternal, error.what(), {}, 0, {}});
  }
}

Result<std::unique_ptr<EvidenceReader>> open_and_tell(ReaderSetup& setup) {
  setup.breadcrumb->at_inode(0, 0);
  TRIAGE_TRY(std::unique_ptr<EvidenceReader> reader, open_evidence(setup.spec));
  BinaryWriter opened;
  encode(opened, reader->record());
  (void)setup.channel.send(FrameType::kOpened, opened.buffer());
  return reader;
}

Status map_into(ReaderSetup& setup, EvidenceReader& reader, Plan& plan) {
  PlanningSink sink(setup.channel, *setup.breadcrumb, plan);
  RecoveringSink recovering(sink, reader, setup.map, check_content);
  TRIAGE_TRY_STATUS(reader.map(setup.map, recovering));
  recovering.finish();
  TRIAGE_TRY_STATUS(sink.status());
  TRIAGE_TRY_STATUS(plan.finish());
  setup.breadcrumb->idle();
  return {};
}

int sweep(ReaderSetup& setup, EvidenceReader& reader, Plan& plan) {
  BinaryWriter reply;
  reply.put(plan.batch_count());
  reply.put(plan.stream_count());
  reply.put(plan.total_bytes());
  reply.put(std::string_view(plan.digest()));
  (void)setup.channel.send(FrameType::kPlan, reply.buffer());
  SlotFiller filler(setup, reader, plan);
  std::vector<std::uint32_t> free;
  std::uint64_t next = 0;
  bool started = false;
  while (true) {
    while (!started || (next < plan.batch_count() && !filler.may_fill(next, free.size()))) {
      const auto frame = setup.channel.receive();
      if (!frame) return 0;
      BinaryReader in(frame->payload);
      if (frame->type == FrameType::kStart) {
        in.get(next);
        free.resize(in.get_count(sizeof(std::uint32_t)));
        for (std::uint32_t& slot : free) in.get(slot);
        if (!in.ok()) return 1;
        started = true;
      } else if (frame->type == FrameType::kSlotFree) {
        std::uint32_t slot = 0;
        in.get(slot);
        if (slot < setup.slots->size()) free.push_back(slot);
      }
    }
    if (next >= plan.batch_count()) break;
    // The lowest free slot, so that a sweep touches as few as it needs.
    const auto lowest = std::min_element(free.begin(), free.end());
    const std::uint32_t slot = *lowest;
    free.erase(lowest);
    auto batch = filler.fill(next, slot);
    if (!batch) return send_error(setup.channel, batch.error());
    BinaryWriter ready;
    ready.put(plan.batch_bytes(next));
    ready.buffer() += encode_batch(*batch);
    if (!setup.channel.send(FrameType::kBatch, ready.buffer())) return 0;
    ++next;
  }
  BinaryWriter done;
  done.put(reader.bytes_read().value);
  (void)setup.channel.send(FrameType::kSwept, done.buffer());
  while (setup.channel.receive()) {
  }
  return 0;
}

}  // namespace

std::optional<PlanReply> decode_plan_reply(std::string_view payload) {
  BinaryReader in(payload);
  PlanReply reply;
  in.get(reply.batches);
  in.get(reply.streams);
  in.get(reply.bytes);
  in.get(reply.digest);
  if (!in.ok()) return std::nullopt;
  return reply;
}

void encode(BinaryWriter& out, const EvidenceRecord& record) {
  out.put(std::string_view(record.name));
  out.put(std::string_view(record.format));
  out.put(record.size);
  out.put(record.sector_size);
  out.put(std::string_view(record.key_kind));
  out.put(std::string_view(record.key));
  out.put(record.container_md5);
  out.put(record.container_sha1);
}

void decode(BinaryReader& in, EvidenceRecord& record) {
  in.get(record.name);
  in.get(record.format);
  in.get(record.size);
  in.get(record.sector_size);
  in.get(record.key_kind);
  in.get(record.key);
  in.get(record.container_md5);
  in.get(record.container_sha1);
}

void encode(BinaryWriter& out, const Error& error) {
  out.put(static_cast<std::uint8_t>(error.code));
  out.put(std::string_view(error.message));
  out.put(std::string_view(error.where));
  out.put(static_cast<std::uint32_t>(error.sys_errno));
  out.put(std::string_view(error.next_step));
}

void decode(BinaryReader& in, Error& error) {
  std::uint8_t code = 0;
  std::uint32_t number = 0;
  in.get(code);
  in.get(error.message);
  in.get(error.where);
  in.get(number);
  in.get(error.next_step);
  error.code =
      code <= static_cast<std::uint8_t>(ErrorCode::kInternal) ? static_cast<ErrorCode>(code) : ErrorCode::kInternal;
  error.sys_errno = static_cast<int>(number);
}

int reader_main(ReaderSetup& setup) {
  return guarded(setup.channel, [&] {
    std::vector<int> keep{setup.plan_store.get(), setup.read_store.get()};
    std::uint64_t slots_bytes = 0;
    for (const Slot& slot : *setup.slots) {
      keep.push_back(slot.memory_fd());
      slots_bytes += slot.capacity();
    }
    confine_reader(setup, std::move(keep), slots_bytes + setup.memory_limit);
    auto reader = open_and_tell(setup);
    if (!reader) return send_error(setup.channel, reader.error());
    (*reader)->keep_reads_in(std::move(setup.read_store), setup.read_store_limit);
    if (!setup.plan.shared_limit && (*reader)->source() != nullptr)
      setup.plan.shared_limit = shared_limit_of((*reader)->source()->size());
    Plan plan(setup.plan, std::move(setup.plan_store));
    // The slots' address space is taken while the map is made, so that the limit means the same memory throughout.
    std::vector<SlotMapping> reserved;
    for (const Slot& slot : *setup.slots) reserved.emplace_back(slot.memory_fd(), slot.capacity(), true);
    if (auto mapped = map_into(setup, **reader, plan); !mapped) return send_error(setup.channel, mapped.error());
    reserved.clear();
    return sweep(setup, **reader, plan);
  });
}

int hasher_main(Channel& channel, const EvidenceSpec& spec, bool sampled) {
  return guarded(channel, [&] {
    confine(spec, channel, {}, 4ULL << 30);
    auto reader = open_evidence(spec);
    if (!reader) return send_error(channel, reader.error());
    Source* source = (*reader)->source();
    if (source == nullptr) return 0;
    Sha256 digest;
    std::vector<std::byte> buffer(4U << 20);
    std::vector<ReadFault> faults;
    const std::uint64_t size = source->size().value;
    if (sampled) {
      buffer.resize(kSampleBytes);
      digest.update(fmt::format("{}\n", size));
    }
    const std::uint64_t stride = sampled ? std::max<std::uint64_t>(kSampleBytes, size / kSamples) : 0;
    for (std::uint64_t at = 0; at < size;) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at));
      source->read(ByteOffset{at}, std::span(buffer).first(step), faults);
      digest.update(Bytes(buffer).first(step));
      at += sampled ? stride : step;
      BinaryWriter done;
      done.put(at);
      if (at % (64U << 20) == 0 && !channel.send(FrameType::kHashed, done.buffer())) return 0;
    }
    BinaryWriter out;
    out.put(std::string_view(digest.finish_hex()));
    out.put(static_cast<std::uint64_t>(faults.size()));
    (void)channel.send(FrameType::kImageHash, out.buffer());
    return 0;
  });
}

int extractor_main(ReaderSetup& setup, const std::string& wanted) {
  return guarded(setup.channel, [&] {
    confine_reader(setup, {setup.plan_store.get()}, setup.memory_limit);
    auto reader = open_and_tell(setup);
    if (!reader) return send_error(setup.channel, reader.error());
    setup.plan.contents = false;
    Plan plan(setup.plan, std::move(setup.plan_store));
    if (auto mapped = map_into(setup, **reader, plan); !mapped) return send_error(setup.channel, mapped.error());
    std::optional<Stream> best;
    for (std::uint64_t i = 0; i < plan.stream_count(); ++i) {
      auto stream = plan.stream(i);
      if (!stream) return send_error(setup.channel, stream.error());
      const std::string with_volume =
          fmt::format("v{}:{}", stream->volume_offset.value_or(ByteOffset{}).value, stream->path);
      if (stream->key != wanted && stream->path != wanted && with_volume != wanted) continue;
      const bool live = !stream->meta || (stream->meta->allocated && stream->meta->name_allocated);
      if (!best || live) best = *stream;
      if (live) break;
    }
    if (!best)
      return send_error(setup.channel, Error{ErrorCode::kUsage, "no such stream in this evidence", wanted, 0,
                                             "triage list EVIDENCE shows every path and stream key"});
    std::vector<std::byte> buffer(1U << 20);
    std::vector<Damage> damages;
    for (std::uint64_t at = 0; at < best->size.value;) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), best->size.value - at));
      setup.breadcrumb->at_content(best->sequence);
      (*reader)->read(*best, at, std::span(buffer).first(step), damages);
      if (!setup.channel.send(FrameType::kContent, as_chars(Bytes(buffer).first(step)))) return 0;
      at += step;
    }
    for (const Damage& damage : damages) {
      BinaryWriter out;
      encode(out, damage);
      (void)setup.channel.send(FrameType::kDamage, out.buffer());
    }
    (void)setup.channel.send(FrameType::kSwept, {});
    return 0;
  });
}

}  // namespace triage
