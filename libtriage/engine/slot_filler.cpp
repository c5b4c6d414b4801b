// SPDX-License-Identifier: Apache-2.0
#include "engine/slot_filler.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace triage {
namespace {

constexpr std::uint64_t kLargeBatch = 64ULL << 20;
constexpr std::uint64_t kKeptMemory = 16ULL << 20;

/// The extents of `length` bytes at `offset` of the stream.
std::vector<Extent> extents_of_range(const Stream& stream, std::uint64_t offset, std::uint64_t length) {
  std::vector<Extent> out;
  std::uint64_t at = 0;
  for (const Extent& extent : stream.extents) {
    const std::uint64_t end = (ByteCount{at} + extent.length).value;
    const std::uint64_t from = std::max(at, offset);
    const std::uint64_t to = std::min(end, offset + length);
    if (from < to) out.push_back({extent.at + ByteCount{from - at}, ByteCount{to - from}, extent.sparse});
    at = end;
    if (at >= offset + length) break;
  }
  return out;
}

Damage why_not_read(const PlannedPiece& part) {
  Damage damage;
  damage.kind = part.over_limit ? DamageKind::kLimit : DamageKind::kCrash;
  damage.detail = part.over_limit ? "its bytes belong to other files too, and the budget for reading bytes again is "
                                    "used up; its content is neither read nor hashed"
                                  : "the library that reads this content died or hung on it";
  damage.consumer = "reader";
  return damage;
}

}  // namespace

SlotFiller::SlotFiller(ReaderSetup& setup, EvidenceReader& reader, const Plan& plan)
    : setup_(setup),
      reader_(reader),
      plan_(plan),
      high_water_(setup.slots->size(), 0),
      skip_streams_(setup.skip_streams.begin(), setup.skip_streams.end()) {
  for (const Slot& slot : *setup.slots) mappings_.emplace_back(slot.memory_fd(), slot.capacity(), true);
}

bool SlotFiller::may_fill(std::uint64_t batch, std::size_t free_slots) const {
  if (free_slots == 0) return false;
  return plan_.batch_bytes(batch) <= kLargeBatch || free_slots == setup_.slots->size();
}

/// Gives memory of an earlier large batch back to the system.
void SlotFiller::release_memory(std::uint32_t slot, std::uint64_t used) {
  std::uint64_t& high = high_water_[slot];
  const std::uint64_t keep = std::max(used, kKeptMemory);
  if (high > keep + kKeptMemory) {
    const std::uint64_t from = (keep + 4095) & ~std::uint64_t{4095};
    (void)::fallocate((*setup_.slots)[slot].memory_fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                      static_cast<off_t>(from), static_cast<off_t>(high - from));  // only saves memory
    high = keep;
  }
  high = std::max(high, used);
}

void SlotFiller::place_extents(const Stream& stream, std::uint64_t offset, std::uint64_t length,
                               std::uint64_t slot_offset, std::span<std::byte> slot) {
  std::uint64_t done = 0;
  for (const Extent& extent : extents_of_range(stream, offset, length)) {
    const std::uint64_t at = slot_offset + done;
    done += extent.length.value;
    if (extent.sparse) {
      std::memset(slot.data() + at, 0, extent.length.value);
      continue;
    }
    if (!segments_.empty()) {
      Segment& last = segments_.back();
      if (last.image_offset + last.length == extent.at.value && last.slot_offset + last.length == at &&
          last.shared == stream.view) {
        last.length += extent.length.value;
        continue;
      }
    }
    segments_.push_back({extent.at.value, extent.length.value, at, stream.view});
  }
  // What the extents do not cover (a file longer than its runs) reads as zeros.
  if (done < length) std::memset(slot.data() + slot_offset + done, 0, length - done);
}

void SlotFiller::take_carry(const PlannedPiece& planned, Piece& piece, const Stream& stream,
                            std::span<std::byte> slot) {
  if (planned.carry == 0) return;
  const std::uint64_t end = planned.stream_offset + planned.carry;
  if (carry_end_ == end && carry_sequence_ == planned.entry && carry_.size() >= planned.carry) {
    std::memcpy(slot.data() + piece.slot_offset, carry_.data() + (carry_.size() - planned.carry), planned.carry);
  } else if (!stream.extents.empty() && reader_.source() != nullptr) {
    place_extents(stream, planned.stream_offset, planned.carry, piece.slot_offset, slot);
  } else {
    reader_.read(stream, planned.stream_offset, slot.subspan(piece.slot_offset, planned.carry), piece.damages);
  }
}

void SlotFiller::keep_carry(const PlannedPiece& planned, const Piece& piece, std::span<std::byte> slot) {
  if (planned.whole || planned.last || planned.view) {
    if (planned.last && !planned.view) carry_end_ = 0;
    return;
  }
  const std::uint64_t size = std::min<std::uint64_t>(piece.length, setup_.plan.region_carry);
  const auto tail = slot.subspan(piece.slot_offset + piece.length - size, size);
  carry_.assign(tail.begin(), tail.end());
  carry_sequence_ = planned.entry;
  carry_end_ = planned.stream_offset + planned.length;
}

void SlotFiller::place(const Stream& stream, const PlannedPiece& planned, Piece& piece, std::span<std::byte> slot) {
  take_carry(planned, piece, stream, slot);
  const std::uint64_t from = planned.stream_offset + planned.carry;
  const std::uint64_t length = planned.length - planned.carry;
  const std::uint64_t at = piece.slot_offset + planned.carry;
  place_content(stream, from, at, length, piece.damages, slot);
}

/// Content that lies in extents is read later, with its neighbours; resident content is here; the rest comes through
/// the file system library.
void SlotFiller::place_content(const Stream& stream, std::uint64_t from, std::uint64_t at, std::uint64_t length,
                               std::vector<Damage>& damages, std::span<std::byte> slot) {
  if (!stream.extents.empty() && reader_.source() != nullptr) {
    place_extents(stream, from, length, at, slot);
  } else if (from + length <= stream.inline_content.size()) {
    std::memcpy(slot.data() + at, stream.inline_content.data() + from, length);
  } else {
    setup_.breadcrumb->at_content(stream.sequence);
    reader_.read(stream, from, slot.subspan(at, length), damages);
    setup_.breadcrumb->idle();
  }
}

void SlotFiller::read_segments(std::span<std::byte> slot, std::vector<Piece>& pieces) {
  std::vector<ReadFault> faults;
  for (const Segment& segment : segments_) {
    faults.clear();
    // A deleted file in pieces lies in a region that is swept later.
    Source& source = segment.shared ? *reader_.metadata_source() : *reader_.source();
    source.read(ByteOffset{segment.image_offset}, slot.subspan(segment.slot_offset, segment.length), faults);
    for (const ReadFault& fault : faults) {
      const std::uint64_t begin = segment.slot_offset + (fault.at.value - segment.image_offset);
      const std::uint64_t end = begin + fault.length.value;
      for (Piece& piece : pieces) {
        const std::uint64_t from = std::max(begin, piece.slot_offset);
        const std::uint64_t to = std::min(end, piece.slot_offset + piece.length);
        if (from >= to) continue;
        Damage damage;
        damage.at = piece.stream_offset + (from - piece.slot_offset);
        damage.kind = DamageKind::kUnreadable;
        damage.detail =
            fmt::format("{} bytes at image offset {} cannot be read ({}); taken as zeros", to - from, fault.at.value,
                        fault.sys_errno == 0 ? "past the end" : std::strerror(fault.sys_errno));
        damage.consumer = "reader";
        piece.damages.push_back(std::move(damage));
      }
    }
  }
  segments_.clear();
}

void SlotFiller::read_companions(std::uint64_t sequence, Piece& piece, std::uint64_t& used, std::span<std::byte> slot) {
  for (const auto& [suffix, companion] : plan_.companions(sequence)) {
    auto stream = plan_.stream(companion);
    if (!stream || skip_streams_.contains(companion) || stream->size.value > slot.size() - used) continue;
    // The map has read a master file table already and keeps it.
    if (stream->file_system == "ntfs" && stream->meta && stream->meta->inode == 0) stream->view = true;
    const std::uint64_t length = stream->size.value;
    place_content(*stream, 0, used, length, piece.damages, slot);
    piece.companions.push_back({suffix, used, length});
    used += length;
  }
}

void SlotFiller::digest_window(const Stream& stream, const PlannedPiece& planned, Piece& piece,
                               std::span<std::byte> slot) {
  if (planned.whole || !is_entry_content(stream)) return;
  const std::uint64_t begin = planned.stream_offset + planned.carry;
  if (begin == 0) running_.emplace(RunningDigest{planned.entry, 0, {}});
  if (!running_ || running_->sequence != planned.entry || running_->next_offset != begin) {
    // A resumed run begins in the middle of the file: what came before is read again.
    running_.emplace(RunningDigest{planned.entry, 0, {}});
    std::vector<std::byte> buffer(4U << 20);
    std::vector<Damage> ignored;  // recorded when those windows were read
    for (std::uint64_t at = 0; at < begin;) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), begin - at));
      reader_.read(stream, at, std::span(buffer).first(step), ignored);
      running_->digests.update(Bytes(buffer).first(step));
      at += step;
    }
  }
  running_->digests.update(slot.subspan(piece.slot_offset + planned.carry, planned.length - planned.carry));
  running_->next_offset = planned.stream_offset + planned.length;
  if (planned.last) {
    if (running_->next_offset == stream.size.value) piece.digests = running_->digests.finish();
    running_.reset();
  }
}

Result<Batch> SlotFiller::fill(std::uint64_t index, std::uint32_t slot_index) {
  const std::span<const PlannedPiece> planned = plan_.batch(index);
  const std::span<std::byte> slot = mappings_[slot_index].bytes();
  Batch batch;
  batch.index = index;
  batch.slot = slot_index;
  batch.pieces.reserve(planned.size());
  std::vector<Stream> streams;
  streams.reserve(planned.size());
  std::uint64_t used = 0;
  std::uint64_t region_begin = 0;
  for (const PlannedPiece& part : planned) {
    TRIAGE_TRY(Stream stream, plan_.stream(part.entry));
    Piece& piece = batch.pieces.emplace_back();
    piece.length = part.length;
    piece.stream_offset = part.stream_offset;
    piece.carry = part.carry;
    piece.whole = part.whole;
    piece.last = part.last;
    piece.view = part.view;
    if (part.entry == planned.front().entry) piece.known_views = plan_.known_views(index);
    piece.resident_records = plan_.resident_records(stream);
    piece.readable = part.readable && !skip_streams_.contains(part.entry);
    if (!piece.readable) {
      piece.length = 0;
      piece.carry = 0;
      if (part.readable || part.over_limit) piece.damages.push_back(why_not_read(part));
    } else if (part.view) {
      piece.slot_offset = region_begin + part.view_offset;
    } else {
      if (part.length > slot.size() - used) return fail(ErrorCode::kInternal, "a batch does not fit its slot");
      piece.slot_offset = used;
      if (part.entry == planned.front().entry) region_begin = used;
      used += part.length;
      place(stream, part, piece, slot);
      read_companions(part.entry, piece, used, slot);
    }
    piece.stream = stream;
    piece.stream.inline_content.clear();  // it lies in the slot
    if (!part.whole && !stream.meta) piece.stream.extents = extents_of_range(stream, part.stream_offset, part.length);
    streams.push_back(std::move(stream));
  }
  read_segments(slot, batch.pieces);
  for (std::size_t i = 0; i < planned.size(); ++i) {
    Piece& piece = batch.pieces[i];
    if (!piece.readable || piece.view) continue;
    digest_window(streams[i], planned[i], piece, slot);
    keep_carry(planned[i], piece, slot);
  }
  release_memory(slot_index, used);
  return batch;
}

}  // namespace triage
