// SPDX-License-Identifier: Apache-2.0
#include "evidence/cached_source.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace triage {

namespace {

constexpr std::uint64_t kLongestFill = 64;  // blocks asked of the medium at once
constexpr std::uint64_t kMostAhead = 16;    // blocks read ahead

}  // namespace

void CachedSource::spill_into(UniqueFd file, ByteCount limit) {
  file_ = std::move(file);
  file_blocks_ = limit.value / kBlockBytes;
}

std::size_t CachedSource::block_size(std::uint64_t block) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, inner_.size().value - block * kBlockBytes));
}

/// Second-chance replacement: the hand spares what was read since it last came by.
CachedSource::Slot& CachedSource::take_slot(std::uint64_t block) {
  std::size_t number = slots_.size();
  if (number < blocks_) {
    slots_.emplace_back();
  } else {
    while (slots_[hand_].used) {
      slots_[hand_].used = false;
      hand_ = (hand_ + 1) % blocks_;
    }
    number = hand_;
    hand_ = (hand_ + 1) % blocks_;
  }
  Slot& slot = slots_[number];
  if (slot.filled) {
    spill(slot);
    index_.erase(slot.block);
  }
  slot.block = block;
  slot.filled = slot.used = true;
  index_[block] = number;
  return slot;
}

void CachedSource::spill(const Slot& slot) {
  if (!file_.valid() || spilled_.size() >= file_blocks_ || spilled_.contains(slot.block)) return;
  const std::uint64_t place = spilled_.size();
  const ssize_t put =
      ::pwrite(file_.get(), slot.bytes.data(), slot.bytes.size(), static_cast<off_t>(place * kBlockBytes));
  if (put == static_cast<ssize_t>(slot.bytes.size())) {
    spilled_.emplace(slot.block, place);
  } else {
    file_blocks_ = 0;  // a full disk: what is there stays usable
  }
}

bool CachedSource::read_spilled(std::uint64_t place, std::size_t inside, std::span<std::byte> out) {
  const ssize_t got = ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(place * kBlockBytes + inside));
  return got == static_cast<ssize_t>(out.size());
}

bool CachedSource::copy(std::uint64_t block, std::size_t inside, std::span<std::byte> out) {
  if (const auto found = index_.find(block); found != index_.end()) {
    Slot& slot = slots_[found->second];
    slot.used = true;
    std::copy_n(slot.bytes.begin() + static_cast<std::ptrdiff_t>(inside), out.size(), out.begin());
    return true;
  }
  const auto spilled = spilled_.find(block);
  return spilled != spilled_.end() && read_spilled(spilled->second, inside, out);
}

/// Brings a block back from the working file, so that what libtsk reads again and again stays in memory.
bool CachedSource::fetch(std::uint64_t block) {
  if (index_.contains(block)) return true;
  const auto spilled = spilled_.find(block);
  if (spilled == spilled_.end()) return false;
  std::vector<std::byte> bytes(block_size(block));
  if (!read_spilled(spilled->second, 0, bytes)) {
    spilled_.erase(spilled);
    file_blocks_ = 0;
    return false;
  }
  take_slot(block).bytes = std::move(bytes);
  return true;
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
    const auto part = std::span(bytes).subspan(static_cast<std::size_t>(at - begin), block_size(block));
    take_slot(block).bytes.assign(part.begin(), part.end());
  }
  next_block_ = last + 1;
  faults.insert(faults.end(), met.begin(), met.end());
}

/// The last block of a fill that begins at `first` and wants `wanted`. Fills that follow one another read ahead, twice
/// as far each time.
std::uint64_t CachedSource::last_of_fill(std::uint64_t first, std::uint64_t wanted) {
  ahead_ = first == next_block_ ? std::min(kMostAhead, ahead_ * 2 + 1) : 0;
  const std::uint64_t last_block = (inner_.size().value - 1) / kBlockBytes;
  const std::uint64_t limit = std::min({wanted + ahead_, last_block, first + kLongestFill - 1});
  std::uint64_t last = first;
  while (last < limit && !holds(last + 1)) ++last;
  return last;
}

void CachedSource::forget() {
  slots_.clear();
  index_.clear();
  spilled_.clear();
  hand_ = 0;
}

void CachedSource::read_cached(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
  const std::uint64_t size = inner_.size().value;
  if (out.empty() || at >= size || out.size() > size - at) {
    inner_.read(ByteOffset{at}, out, faults);  // names what lies past the end
    return;
  }
  const std::uint64_t last = (at + out.size() - 1) / kBlockBytes;
  for (std::uint64_t block = at / kBlockBytes; block <= last;) {
    if (fetch(block)) {
      ++block;
      continue;
    }
    const std::uint64_t end = last_of_fill(block, last);
    std::vector<ReadFault> met;
    fill(block, end, met);
    // What was read ahead and cannot be read was not asked for.
    const std::uint64_t wanted_end = (last + 1) * kBlockBytes;
    std::copy_if(met.begin(), met.end(), std::back_inserter(faults),
                 [wanted_end](const ReadFault& fault) { return fault.at.value < wanted_end; });
    block = end + 1;
  }
  read_through(at, out, faults);
}

void CachedSource::read_through(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
  const std::uint64_t size = inner_.size().value;
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
    const bool in_image = place < size && length <= size - place;
    if (in_image && holds(place / kBlockBytes)) {
      flush();
      if (copy(place / kBlockBytes, inside, out.subspan(done, length))) {
        done += length;
        continue;
      }
    }
    done += length;
    pending += length;
  }
  flush();
}

}  // namespace triage
