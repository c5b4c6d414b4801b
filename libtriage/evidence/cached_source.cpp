// SPDX-License-Identifier: Apache-2.0
#include "evidence/cached_source.h"

#include <algorithm>

namespace triage {

const CachedSource::Slot* CachedSource::find(std::uint64_t block) {
  const auto found = index_.find(block);
  if (found == index_.end()) return nullptr;
  Slot& slot = slots_[found->second];
  slot.used = true;
  return &slot;
}

/// Second-chance replacement: the hand spares what was read since it last came by.
CachedSource::Slot& CachedSource::take_slot() {
  if (slots_.size() < kBlockCount) return slots_.emplace_back();
  while (slots_[hand_].used) {
    slots_[hand_].used = false;
    hand_ = (hand_ + 1) % kBlockCount;
  }
  Slot& slot = slots_[hand_];
  hand_ = (hand_ + 1) % kBlockCount;
  if (slot.filled) index_.erase(slot.block);
  slot.filled = false;
  return slot;
}

/// Reads blocks first..last in one go. A block with a fault is not kept: whoever reads it next meets the fault itself.
void CachedSource::fill(std::uint64_t first, std::uint64_t last, std::vector<ReadFault>& faults) {
  const std::uint64_t begin = first * kBlockBytes;
  const std::uint64_t end = std::min<std::uint64_t>((last + 1) * kBlockBytes, inner_.size().value);
  std::vector<std::byte> bytes(static_cast<std::size_t>(end - begin));
  std::vector<ReadFault> met;
  inner_.read(ByteOffset{begin}, bytes, met);
  for (std::uint64_t block = first; block <= last; ++block) {
    const std::uint64_t at = block * kBlockBytes;
    const auto hit = [at](const ReadFault& fault) {
      return fault.at.value < at + kBlockBytes && (fault.at + fault.length).value > at;
    };
    if (std::any_of(met.begin(), met.end(), hit)) continue;
    const std::size_t from = static_cast<std::size_t>(at - begin);
    const std::size_t length = std::min(kBlockBytes, bytes.size() - from);
    Slot& slot = take_slot();
    const auto part = std::span(bytes).subspan(from, length);
    slot.bytes.assign(part.begin(), part.end());
    slot.block = block;
    slot.filled = true;
    slot.used = true;
    index_[block] = static_cast<std::size_t>(&slot - slots_.data());
  }
  faults.insert(faults.end(), met.begin(), met.end());
}

void CachedSource::forget() {
  slots_.clear();
  index_.clear();
  hand_ = 0;
}

void CachedSource::read_cached(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
  const std::uint64_t size = inner_.size().value;
  if (out.empty() || at >= size || out.size() > size - at) {
    inner_.read(ByteOffset{at}, out, faults);  // names what lies past the end
    return;
  }
  const std::uint64_t last = (at + out.size() - 1) / kBlockBytes;
  std::uint64_t block = at / kBlockBytes;
  while (block <= last) {
    if (index_.contains(block)) {
      ++block;
      continue;
    }
    std::uint64_t to = block;
    while (to < last && to - block < 63 && !index_.contains(to + 1)) ++to;
    fill(block, to, faults);
    block = to + 1;
  }
  read_through(at, out, faults);
}

void CachedSource::read_through(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
  std::size_t pending = 0;  // bytes at the front of `out` to be asked of the source
  std::size_t done = 0;
  const auto flush = [&] {
    if (pending == 0) return;
    inner_.read(ByteOffset{at + done - pending}, out.subspan(done - pending, pending), faults);
    pending = 0;
  };
  while (done < out.size()) {
    const std::uint64_t place = at + done;
    const std::size_t inside = static_cast<std::size_t>(place % kBlockBytes);
    const std::size_t length = std::min(kBlockBytes - inside, out.size() - done);
    const Slot* slot = find(place / kBlockBytes);
    if (slot != nullptr && inside <= slot->bytes.size() && length <= slot->bytes.size() - inside) {
      flush();
      std::copy_n(slot->bytes.begin() + static_cast<std::ptrdiff_t>(inside), length,
                  out.begin() + static_cast<std::ptrdiff_t>(done));
      done += length;
      continue;
    }
    done += length;
    pending += length;
  }
  flush();
}

}  // namespace triage
