// SPDX-License-Identifier: Apache-2.0
#include "formats/journal.h"

#include <algorithm>

#include "bytes/text.h"
#include "bytes/zstd_file.h"
#include "formats/lz4_block.h"
#include "formats/peek.h"
#include "formats/xz.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kObjectHeader = 16;
constexpr std::size_t kEntryHeader = 64;
constexpr std::size_t kSmallestHeader = 208;
constexpr std::size_t kMaxPayload = std::size_t{8} << 20;  // of one field, decompressed
constexpr std::size_t kBaseWork = std::size_t{64} << 20;   // bytes decompressed or copied out of one file, plus …
constexpr std::size_t kWorkPerByte = 32;                   // … this for each byte of it
constexpr std::size_t kMaxFaults = 64;
enum ObjectType : std::uint8_t { kUnused = 0, kData = 1, kEntry = 3, kLastType = 7 };
enum ObjectFlag : std::uint8_t { kXz = 1, kLz4 = 2, kZstd = 4 };

JournalHeader read_header(Bytes data) {
  JournalHeader out;
  out.incompatible_flags = le_at<std::uint32_t>(data, 12);
  out.state = le_at<std::uint8_t>(data, 16);
  out.machine_id = to_hex(data.subspan(40, 16));
  out.header_size = le_at<std::uint64_t>(data, 88);
  out.arena_size = le_at<std::uint64_t>(data, 96);
  out.tail_object_at = le_at<std::uint64_t>(data, 136);
  out.entry_count = le_at<std::uint64_t>(data, 152);
  out.tail_seqnum = le_at<std::uint64_t>(data, 160);
  out.head_seqnum = le_at<std::uint64_t>(data, 168);
  return out;
}

std::size_t aligned(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

}  // namespace

JournalReader::JournalReader(Bytes data) : data_(data) {
  if (!has_at(data, 0, "LPKSHHRH"sv) || data.size() < kSmallestHeader) return;
  header_ = read_header(data);
  compact_ = (header_->incompatible_flags & kJournalCompact) != 0;
  at_ = header_->header_size >= kSmallestHeader && header_->header_size % 8 == 0 && header_->header_size <= data.size()
            ? static_cast<std::size_t>(header_->header_size)
            : kSmallestHeader;
  work_left_ = kBaseWork + kWorkPerByte * data.size();
}

bool JournalReader::spend(std::size_t bytes) {
  if (bytes >= work_left_) {
    work_left_ = 0;
    return false;
  }
  work_left_ -= bytes;
  return true;
}

std::optional<JournalFault> JournalReader::take_fault() {
  if (faults_.empty()) return std::nullopt;
  const JournalFault out = faults_.front();
  faults_.pop_front();
  return out;
}

bool JournalReader::read_entry(std::size_t at, std::size_t size, JournalEntry& entry) {
  if (size < kEntryHeader) return false;
  entry.at = at;
  entry.size = size;
  entry.seqnum = le_at<std::uint64_t>(data_, at + 16);
  entry.realtime = le_at<std::uint64_t>(data_, at + 24);
  entry.monotonic = le_at<std::uint64_t>(data_, at + 32);
  entry.boot_id = part(data_, at + 40, 16);
  entry.items_at = at + kEntryHeader;
  entry.item_count = (size - kEntryHeader) / (compact_ ? 4 : 16);
  return true;
}

/// After damage: the next place that begins like an object and whose successor does too.
bool JournalReader::resync() {
  const auto size_at = [this](std::size_t at) -> std::size_t {
    const auto type = le_at<std::uint8_t>(data_, at);
    const auto size = le_at<std::uint64_t>(data_, at + 8);
    const bool plain = le_at<std::uint16_t>(data_, at + 2) == 0 && le_at<std::uint32_t>(data_, at + 4) == 0;
    if (type == kUnused || type > kLastType || !plain || size < kObjectHeader || size > data_.size() - at) return 0;
    return static_cast<std::size_t>(size);
  };
  for (std::size_t at = aligned(at_) + 8; at + kObjectHeader <= data_.size(); at += 8) {
    const std::size_t size = size_at(at);
    if (size == 0) continue;
    const std::size_t after = at + aligned(size);
    if (after + kObjectHeader <= data_.size() && size_at(after) == 0 && le_at<std::uint64_t>(data_, after) != 0)
      continue;
    at_ = at;
    return true;
  }
  return false;
}

bool JournalReader::next(JournalEntry& entry) {
  unpacked_.clear();
  if (!header_) return false;
  while (at_ + kObjectHeader <= data_.size()) {
    const auto type = le_at<std::uint8_t>(data_, at_);
    const auto size = le_at<std::uint64_t>(data_, at_ + 8);
    if (type == kUnused && size == 0 && at_ > header_->tail_object_at) return false;  // space kept for later
    if (type == kUnused || type > kLastType || size < kObjectHeader || size > data_.size() - at_) {
      const bool cut = type != kUnused && type <= kLastType && size > data_.size() - at_ &&
                       size <= header_->arena_size;  // a whole file would hold it
      if (faults_.size() < kMaxFaults) faults_.push_back({at_, "object", cut});
      if (!resync()) {
        at_ = data_.size();
        return false;
      }
      continue;
    }
    const std::size_t at = at_;
    at_ += aligned(static_cast<std::size_t>(size));
    if (type == kEntry && read_entry(at, static_cast<std::size_t>(size), entry)) return true;
  }
  if (at_ <= header_->tail_object_at && faults_.size() < kMaxFaults) faults_.push_back({data_.size(), "object", true});
  at_ = data_.size();
  return false;
}

std::optional<std::string_view> JournalReader::payload(std::uint64_t at) {
  if (at == 0 || !holds(data_, at, kObjectHeader) || le_at<std::uint8_t>(data_, at) != kData) return std::nullopt;
  const auto flags = le_at<std::uint8_t>(data_, at + 1);
  const auto size = le_at<std::uint64_t>(data_, at + 8);
  const std::size_t skipped = compact_ ? 72 : 64;
  if (size < skipped || !holds(data_, at, size)) return std::nullopt;
  const Bytes raw = data_.subspan(static_cast<std::size_t>(at) + skipped, static_cast<std::size_t>(size) - skipped);
  if ((flags & (kXz | kLz4 | kZstd)) == 0) return as_chars(raw);
  std::optional<std::string> plain;
  if ((flags & kZstd) != 0) {
    if (Result<std::string> out = zstd_decompress(raw, kMaxPayload); out) plain = std::move(*out);
  } else if ((flags & kLz4) != 0) {
    plain = lz4_block_decompress(part(raw, 8, raw.size()), le_at<std::uint64_t>(raw, 0), kMaxPayload);
  } else {
    plain = xz_decompress(raw, kMaxPayload);
  }
  if (!plain || !spend(plain->size() + raw.size())) return std::nullopt;
  return unpacked_.emplace_back(*std::move(plain));
}

std::optional<std::string_view> JournalReader::item(const JournalEntry& entry, std::size_t index) {
  if (work_left_ == 0 || index >= entry.item_count) return std::nullopt;
  const std::uint64_t at = compact_ ? le_at<std::uint32_t>(data_, entry.items_at + 4 * index)
                                    : le_at<std::uint64_t>(data_, entry.items_at + 16 * index);
  return payload(at);
}

}  // namespace triage
