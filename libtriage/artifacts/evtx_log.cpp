// SPDX-License-Identifier: Apache-2.0
// Windows event logs (EVTX, Vista and later): one event a record, live ones and what slack still holds. A chunk stands
// alone: read_chunk() depends on its bytes and on the number of the record before it only.
//   file := header(4096) chunk(65536)*, or chunks alone (carved)          record := see formats/evtx_chunk.h
// Attributes say what the file says of itself: missing record numbers, clock steps, a log that was open when copied.
// Spec: libyal/libevtx, "Windows XML Event Log (EVTX) format".
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/evtx_fields.h"
#include "artifacts/evtx_meaning.h"
#include "bytes/json.h"
#include "formats/evtx_chunk.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kFaultsPerChunk = 16;
constexpr std::uint64_t kTicksPerSecond = 10000000;
constexpr std::uint64_t kDay = 86400 * kTicksPerSecond;

/// The live record before another one, in the order of their numbers.
struct Before {
  std::uint64_t id = 0;
  std::uint64_t written = 0;
};

struct Block {
  std::size_t at = 0;
  std::size_t size = 0;
  std::optional<EvtxChunkHeader> header;
  std::optional<Before> first, last;  // live records
  std::optional<Before> before;       // of the chunk that precedes it by number
};

class ChunkReader {
 public:
  ChunkReader(const Artifact& in, EventSink& out, std::string& log_flags) : in_(in), out_(out), log_flags_(log_flags) {}
  void read_chunk(const Block& block);
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  void read_record(const Block& block, const EvtxRecord& record, BinXmlReader& reader);
  void describe(const EvtxRecord& record, Event& out) const;
  void note_order(const EvtxRecord& record, Event& out);
  void note_fault(const Block& block, const EvtxRecord& record, const BinXmlFault& fault);
  std::string data_json() const;

  const Artifact& in_;
  EventSink& out_;
  std::string& log_flags_;  // given with the first event, then empty
  std::vector<BinXmlField> fields_;
  EvtxEvent event_;
  std::optional<Before> before_;
  std::size_t faults_ = 0;
  bool complete_ = true;
};

std::string ChunkReader::data_json() const {
  std::size_t size = 2;
  for (const EvtxDatum& datum : event_.data) size += datum.name.size() + datum.value.data.size() / 2 + 8;
  std::string out;
  out.reserve(size);
  out.push_back('{');
  for (const EvtxDatum& datum : event_.data) {
    if (out.size() > 1) out.push_back(',');
    append_json_string(out, datum.name);
    out.push_back(':');
    append_json(out, datum.value);
  }
  out.push_back('}');
  return out;
}

/// System properties, in the order of the schema, then the data.
void ChunkReader::describe(const EvtxRecord& record, Event& out) const {
  const auto number = [&out](std::string_view name, const std::optional<std::uint64_t>& value) {
    if (value) out.attribute(name, *value);
  };
  const auto text = [&out](std::string_view name, const std::string& value) {
    if (!value.empty()) out.attribute(name, value);
  };
  text("provider", event_.provider);
  number("event_id", event_.event_id);
  text("log", event_.channel);
  number("level", event_.level);
  if (event_.task.value_or(0) != 0) number("task_category", event_.task);
  if (event_.opcode.value_or(0) != 0) number("opcode", event_.opcode);
  if (event_.keywords) out.attribute("keywords", fmt::format("{:#x}", *event_.keywords));
  if (event_.process_id.value_or(0) != 0) number("process_id", event_.process_id);
  if (event_.thread_id.value_or(0) != 0) number("thread_id", event_.thread_id);
  text("activity_id", event_.activity_id);
  if (event_.record_id && *event_.record_id != record.id) number("event_record_id", event_.record_id);
  // The service stamps the record some ticks after the event; only a real difference is worth a word.
  const std::uint64_t created = event_.created.value_or(record.written);
  const std::uint64_t apart = std::max(created, record.written) - std::min(created, record.written);
  if (apart >= kTicksPerSecond)
    if (const auto written = from_filetime(record.written).text()) out.attribute("written", *written);
}

void ChunkReader::note_order(const EvtxRecord& record, Event& out) {
  if (!log_flags_.empty()) out.attribute("log_flags", std::exchange(log_flags_, {}));
  if (!record.live) return;
  if (before_) {
    if (record.id > before_->id + 1) out.attribute("record_gap", record.id - before_->id - 1);
    if (before_->written >= record.written + kTicksPerSecond)
      out.attribute("clock_back", (before_->written - record.written) / kTicksPerSecond);
    if (record.written >= before_->written + kDay)
      out.attribute("quiet_before", (record.written - before_->written) / kTicksPerSecond);
  }
  before_ = Before{record.id, record.written};
}

/// A record in slack that is overwritten in part is no damage: the event itself says that it is partial.
void ChunkReader::note_fault(const Block& block, const EvtxRecord& record, const BinXmlFault& fault) {
  if (block.header && !record.live && !fault.limit) return;
  complete_ = false;
  if (++faults_ > kFaultsPerChunk) return;
  const std::size_t at = block.at + (fault.field.empty() || fault.limit ? record.at : std::min(fault.at, block.size));
  const DamageKind kind = fault.limit ? DamageKind::kLimit : DamageKind::kRange;
  const std::string_view field = fault.field.empty() ? "record size"sv : fault.field;
  out_.damage(kind, at, field,
              fmt::format("record {} at {:#x} could be read in part", record.id, block.at + record.at));
}

void ChunkReader::read_record(const Block& block, const EvtxRecord& record, BinXmlReader& reader) {
  fields_.clear();
  const std::size_t end = record.at + record.size - (record.whole ? 4 : 0);
  const BinXmlFault fault = reader.read(record.at + kEvtxRecordHeader, end, fields_);
  assemble_event(fields_, event_);
  Event out;
  out.attributes.reserve(24);
  out.when = from_filetime(event_.created.value_or(record.written));
  out.when_meaning = Meaning::kLogged;
  out.record = record.id;
  out.recovered = !record.live;
  out.partial = !fault.field.empty() || !record.whole;
  out.locator = in_.at(block.at + record.at, record.size);
  if (!event_.computer.empty()) out.host = event_.computer;
  describe(record, out);
  give_meaning(event_, out);
  if (!event_.user_sid.empty()) {
    if (!out.sid) {
      out.sid = event_.user_sid;
    } else if (*out.sid != event_.user_sid) {
      out.attribute("user_sid", event_.user_sid);
    }
  }
  if (!event_.data.empty()) out.attributes.push_back({"data", data_json(), false});
  note_order(record, out);
  if (out.partial) note_fault(block, record, fault);
  out_.event(std::move(out));
}

void ChunkReader::read_chunk(const Block& block) {
  const Bytes chunk = in_.data.subspan(block.at, block.size);
  const std::size_t free_at = block.header ? block.header->free_at : 0;
  const EvtxRecords found = evtx_records(chunk, free_at);
  BinXmlReader reader(chunk);
  before_ = block.before;
  faults_ = 0;
  for (const EvtxRecord& record : found.records) read_record(block, record, reader);
  if (faults_ > kFaultsPerChunk)
    out_.damage(DamageKind::kRange, block.at, "records",
                fmt::format("{} more records of this chunk could be read in part", faults_ - kFaultsPerChunk));
  if (block.header && found.broken_at) {
    complete_ = false;
    const bool cut = free_at > block.size && *found.broken_at + kEvtxRecordHeader > block.size;
    out_.damage(cut ? DamageKind::kTruncated : DamageKind::kBadMagic, block.at + *found.broken_at, "record",
                fmt::format("live records should go on to {:#x}", block.at + free_at));
  }
}

/// First and last live record of a chunk.
void note_live(Bytes chunk, Block& block) {
  const EvtxRecords found = evtx_records(chunk, block.header->free_at);
  for (const EvtxRecord& record : found.records) {
    if (!record.live) break;
    if (!block.first) block.first = Before{record.id, record.written};
    block.last = Before{record.id, record.written};
  }
}

/// What cannot be a chunk is kept as a block without header where it holds any byte but zero.
std::vector<Block> find_blocks(Bytes data, std::size_t begin) {
  std::vector<Block> out;
  for (std::size_t at = begin; at < data.size(); at += kEvtxChunkSize) {
    Block block;
    block.at = at;
    block.size = std::min(kEvtxChunkSize, data.size() - at);
    const Bytes chunk = data.subspan(at, block.size);
    block.header = evtx_chunk_header(chunk);
    if (block.header) {
      note_live(chunk, block);
    } else if (is_filled(chunk, 0)) {
      continue;
    }
    out.push_back(block);
  }
  return out;
}

/// A full log overwrites its oldest chunk: the chunk before another by number may stand anywhere in the file.
void link_blocks(std::vector<Block>& blocks) {
  std::vector<Block*> order;
  for (Block& block : blocks)
    if (block.first) order.push_back(&block);
  std::stable_sort(order.begin(), order.end(),
                   [](const Block* a, const Block* b) { return a->first->id < b->first->id; });
  for (std::size_t i = 1; i < order.size(); ++i) order[i]->before = order[i - 1]->last;
}

std::string flags_text(const EvtxFileHeader& header) {
  std::string out;
  const auto add = [&](std::uint32_t flag, std::string_view name) {
    if ((header.flags & flag) == 0) return;
    if (!out.empty()) out += ", ";
    out += name;
  };
  add(kEvtxDirty, "dirty");
  add(kEvtxFull, "full");
  add(kEvtxNoChecksum, "no-checksum");
  return out;
}

/// True when nothing of the block was found wrong. An open log's last chunk is ahead of its own checksums.
bool check_block(const Block& block, bool checked, EventSink& out) {
  if (!block.header) {
    out.damage(DamageKind::kBadMagic, block.at, "chunk", "no chunk begins here; records in it are taken as recovered");
    return false;
  }
  if (block.size < kEvtxChunkSize) {
    out.damage(DamageKind::kTruncated, block.at + block.size, "chunk",
               fmt::format("{} of 65536 bytes are there", block.size));
    return false;
  }
  if (!checked || (block.header->flags & kEvtxNoChecksum) != 0) return true;
  if (!block.header->header_checksum_fits)
    out.damage(DamageKind::kChecksum, block.at + 124, "chunk header",
               "the checksum of the chunk's header does not fit");
  if (!block.header->records_checksum_fits)
    out.damage(DamageKind::kChecksum, block.at + 52, "records", "the checksum of the chunk's records does not fit");
  return block.header->header_checksum_fits && block.header->records_checksum_fits;
}

Outcome parse_evtx(const Artifact& in, EventSink& out) {
  const std::optional<EvtxFileHeader> header = evtx_file_header(in.data);
  if (!header && !has_at(in.data, 0, "ElfChnk\0"sv)) return Outcome::kNotMine;
  if (header && header->major_version != 3) {
    out.damage(DamageKind::kVersion, 38, "version",
               fmt::format("version {}.{} is not read", header->major_version, header->minor_version));
    return Outcome::kUnsupportedVersion;
  }
  std::string log_flags = header ? flags_text(*header) : std::string();
  const bool has_checksums = !header || (header->flags & kEvtxNoChecksum) == 0;
  const bool dirty = header && (header->flags & kEvtxDirty) != 0;
  bool good = true;
  if (header && has_checksums && !header->checksum_fits) {
    out.damage(DamageKind::kChecksum, 124, "file header", "the checksum of the file's header does not fit");
    good = false;
  }
  std::vector<Block> blocks = find_blocks(in.data, header ? 4096 : 0);
  link_blocks(blocks);
  std::uint64_t newest = 0;
  for (const Block& block : blocks)
    if (block.last) newest = std::max(newest, block.last->id);
  ChunkReader reader(in, out, log_flags);
  for (const Block& block : blocks) {
    const bool is_open = dirty && block.last && block.last->id == newest;
    good = check_block(block, has_checksums && !is_open, out) && good;
    reader.read_chunk(block);
  }
  if (header && in.data.size() < 4096) {
    out.damage(DamageKind::kTruncated, in.data.size(), "file header", "the header block needs 4096 bytes");
    good = false;
  }
  return good && reader.complete() ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{0, "ElfFile\0"sv}, Magic{0, "ElfChnk\0"sv}};
constexpr std::array kReferences = {
    "https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc"sv,
    "https://learn.microsoft.com/openspecs/windows_protocols/ms-even6/"sv,
    "https://learn.microsoft.com/windows/security/threat-protection/auditing/advanced-security-audit-policy-settings"sv,
    "https://learn.microsoft.com/sysinternals/downloads/sysmon"sv};

}  // namespace

extern const ArtifactParser evtx_log;
constinit const ArtifactParser evtx_log{
    .id = "windows.evtx",
    .version = 1,
    .title_en = "Windows event logs (EVTX)",
    .title_ja = "Windowsイベントログ（EVTX）",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kEvtxFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_evtx,
};

}  // namespace triage
