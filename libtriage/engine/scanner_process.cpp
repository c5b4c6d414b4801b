// SPDX-License-Identifier: Apache-2.0
#include "engine/scanner_process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <unordered_map>

#include "bytes/binary.h"
#include "engine/record_file.h"
#include "engine/sandbox.h"

namespace triage {
namespace {

constexpr std::uint64_t kRecordFileLimit = 16ULL << 30;

bool is_deleted(const Stream& stream) {
  return !stream.meta || !(stream.meta->allocated && stream.meta->name_allocated);
}

bool only_zeros(Bytes data) {
  if (data.empty() || data[0] != std::byte{0}) return false;
  return std::memcmp(data.data(), data.data() + 1, data.size() - 1) == 0;
}

/// Fills in what every record of one piece has in common, and gives events their ids.
class PieceSink final : public RecordSink {
 public:
  PieceSink(RecordFileWriter& writer, const Piece& piece, const Locator& base)
      : writer_(writer), piece_(piece), base_(base) {}

  void begin_consumer(const Consumer& consumer) {
    consumer_ = consumer.name();
    version_ = consumer.version();
  }
  void event(Event event) override {
    if (event.artifact.empty()) event.artifact = consumer_;
    if (event.artifact_version == 0) event.artifact_version = version_;
    if (event.locator.evidence.empty()) event.locator = base_;
    if (event.source.empty()) event.source = piece_.stream.path;
    event.recovered = event.recovered || is_deleted(piece_.stream);
    const std::uint32_t ordinal = ordinals_[event.artifact + '\n' + event.locator.text()]++;
    writer_.event(event_id(event, ordinal), event);
  }
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override {
    Damage damage;
    damage.at = at;
    damage.kind = kind;
    damage.field = field;
    damage.detail = std::move(detail);
    damage.consumer = consumer_;
    say(std::move(damage));
  }
  void finding(Finding finding) override {
    if (finding.path.empty()) finding.path = piece_.stream.path;
    finding.recovered = finding.recovered || is_deleted(piece_.stream);
    writer_.finding(finding);
  }
  void file(FileRecord file) override {
    file.evidence = base_.evidence;
    writer_.file(file);
  }
  void output(OutputRecord output) override { writer_.output(output); }

  void say(Damage damage) {
    damage.evidence = base_.evidence;
    damage.stream = base_.stream;
    damage.path = piece_.stream.path;
    ++damages_;
    writer_.damage(damage);
  }
  [[nodiscard]] std::uint64_t damages() const { return damages_; }

 private:
  RecordFileWriter& writer_;
  const Piece& piece_;
  const Locator& base_;
  std::string consumer_;
  std::uint16_t version_ = 0;
  std::uint64_t damages_ = 0;
  std::unordered_map<std::string, std::uint32_t> ordinals_;
};

/// A further name of a stream, or a name that is no longer in use, has a place of its own.
std::string stream_key(const Stream& stream) {
  const bool own = !stream.alias_of && (!stream.meta || stream.meta->name_allocated);
  return own ? stream.key : fmt::format("{}.l{}", stream.key, sha256_hex(stream.path).substr(0, 8));
}

struct Scanner {
  ScannerSetup& setup;
  std::vector<SlotMapping> mappings;
  std::uint64_t damages = 0;

  void run_consumer(std::uint32_t index, std::uint32_t number, const PieceData& data, PieceFacts& facts,
                    PieceSink& sink) {
    Consumer& consumer = *(*setup.consumers)[number];
    setup.breadcrumb->at_piece(index, number);
    sink.begin_consumer(consumer);
    try {
      if (consumer.wants(data, facts)) consumer.consume(data, facts, sink);
    } catch (const std::bad_alloc&) {
      sink.damage(DamageKind::kLimit, data.piece.stream_offset, "memory",
                  "the consumer asked for more memory than it may have");
    } catch (const std::exception& error) {
      sink.damage(DamageKind::kCrash, data.piece.stream_offset, "", error.what());
    }
  }

  void run_piece(std::uint32_t index, const Batch& batch, const ScanRequest& request, RecordFileWriter& writer) {
    const Piece& piece = batch.pieces[index];
    Piece named = piece;
    named.stream.key = stream_key(piece.stream);
    Locator base;
    base.evidence = request.evidence;
    base.stream = named.stream.key;
    const Bytes slot = mappings[batch.slot].bytes();
    const PieceData data{named, slot.subspan(piece.slot_offset, piece.length), slot, base,
                         only_zeros(slot.subspan(piece.slot_offset, piece.length))};
    PieceSink sink(writer, named, base);
    PieceFacts facts;
    facts.digests = piece.digests;
    facts.keep_preview = [&writer](const PreviewRecord& record) { writer.preview(record); };
    facts.keep_content = [&writer](const ContentRecord& record) { writer.content(record); };
    facts.view_spans = piece.known_views;
    if (index == 0) {
      for (const Piece& other : batch.pieces) {
        if (other.view && other.slot_offset >= piece.slot_offset)
          facts.view_spans.push_back({other.slot_offset - piece.slot_offset, other.length, false});
      }
    }
    for (const Damage& damage : piece.damages) sink.say(damage);
    for (std::uint32_t number = 0; number < setup.consumers->size(); ++number) {
      const std::string_view name = (*setup.consumers)[number]->name();
      const auto out = std::find_if(request.exclusions.begin(), request.exclusions.end(), [&](const Exclusion& e) {
        return e.piece == index && (e.consumer == name || e.consumer == "*");
      });
      if (out != request.exclusions.end()) {
        Damage damage;
        damage.at = piece.stream_offset;
        damage.kind = out->kind;
        damage.detail = out->detail;
        damage.consumer = name;
        if (out->consumer != "*" || number == 0) sink.say(std::move(damage));
        continue;
      }
      run_consumer(index, number, data, facts, sink);
    }
    damages += sink.damages();
  }
};

std::optional<ScanRequest> decode_scan_request(std::string_view payload) {
  BinaryReader in(payload);
  ScanRequest request;
  in.get(request.evidence);
  request.exclusions.resize(in.get_count(10));
  for (Exclusion& exclusion : request.exclusions) {
    std::uint8_t kind = 0;
    in.get(exclusion.piece);
    in.get(exclusion.consumer);
    in.get(kind);
    in.get(exclusion.detail);
    exclusion.kind = static_cast<DamageKind>(std::min<std::size_t>(kind, kDamageKindCount - 1));
  }
  in.get(request.batch);
  if (!in.ok()) return std::nullopt;
  return request;
}

std::uint64_t address_space_now() {
  std::uint64_t pages = 0;
  if (FILE* statm = std::fopen("/proc/self/statm", "re")) {
    unsigned long value = 0;
    if (std::fscanf(statm, "%lu", &value) == 1) pages = value;
    std::fclose(statm);
  }
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string encode_scan_request(const ScanRequest& request) {
  BinaryWriter out;
  out.put(std::string_view(request.evidence));
  out.put(static_cast<std::uint32_t>(request.exclusions.size()));
  for (const Exclusion& exclusion : request.exclusions) {
    out.put(exclusion.piece);
    out.put(std::string_view(exclusion.consumer));
    out.put(static_cast<std::uint8_t>(exclusion.kind));
    out.put(std::string_view(exclusion.detail));
  }
  out.put(std::string_view(request.batch));
  return std::move(out.buffer());
}

std::optional<ScanReply> decode_scan_reply(std::string_view payload) {
  BinaryReader in(payload);
  ScanReply reply;
  in.get(reply.batch);
  in.get(reply.record_bytes);
  in.get(reply.damages);
  in.get(reply.error);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return reply;
}

int scanner_main(ScannerSetup& setup) {
  Scanner scanner{setup, {}, 0};
  SandboxPolicy policy;
  policy.keep.push_back(setup.channel.fd());
  for (const Slot& slot : *setup.slots) {
    scanner.mappings.emplace_back(slot.memory_fd(), slot.capacity(), false);
    policy.keep.push_back(slot.records_fd());
  }
  policy.address_space = address_space_now() + setup.memory_limit;
  policy.file_size = kRecordFileLimit;
  (void)enter_sandbox(policy);  // what the kernel lacks is probed and said once by the supervisor
  while (auto frame = setup.channel.receive()) {
    if (frame->type != FrameType::kScan) return 1;
    const auto request = decode_scan_request(frame->payload);
    if (!request) return 1;
    const auto batch = decode_batch(request->batch, setup.slots->front().capacity());
    if (!batch || batch->slot >= setup.slots->size()) return 1;
    RecordFileWriter writer((*setup.slots)[batch->slot].records_fd());
    scanner.damages = 0;
    for (std::uint32_t i = 0; i < batch->pieces.size(); ++i) scanner.run_piece(i, *batch, *request, writer);
    setup.breadcrumb->idle();
    const auto size = writer.finish();
    BinaryWriter reply;
    reply.put(batch->index);
    reply.put(size ? *size : std::uint64_t{0});
    reply.put(scanner.damages);
    reply.put(std::string_view(size ? std::string() : size.error().text()));
    if (!setup.channel.send(FrameType::kScanned, reply.buffer())) return 0;
  }
  return 0;
}

}  // namespace triage
