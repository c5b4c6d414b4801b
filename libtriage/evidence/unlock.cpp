// SPDX-License-Identifier: Apache-2.0
#include "evidence/unlock.h"

#include <fmt/format.h>

#include <algorithm>

namespace triage {

Result<UnlockedVolume> unlock_volume(std::string_view scheme, const UnlockRequest& request) {
  if (scheme == "luks") return unlock_luks(request);
  if (scheme == "bitlocker") return unlock_bitlocker(request);
  return fail(ErrorCode::kUnsupported, fmt::format("volumes encrypted with {} are not opened by this build", scheme));
}

Result<std::vector<std::byte>> read_whole(Source& image, std::uint64_t at, std::size_t length) {
  std::vector<std::byte> out(length);
  std::vector<ReadFault> faults;
  image.read(ByteOffset{at}, out, faults);
  if (!faults.empty()) {
    return fail(ErrorCode::kUnreadable, fmt::format("{} bytes of the header at {} cannot be read", length, at));
  }
  return out;
}

void UnlockedSource::add(UnlockedVolume volume) {
  volumes_.push_back(std::move(volume));
  std::sort(volumes_.begin(), volumes_.end(),
            [](const auto& a, const auto& b) { return a.plain_begin < b.plain_begin; });
}

void UnlockedSource::read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
  std::uint64_t place = at.value;
  const auto raw = [&](std::uint64_t end) {
    if (end <= place || out.empty()) return;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(end - place, out.size()));
    inner_.read(ByteOffset{place}, out.first(length), faults);
    out = out.subspan(length);
    place += length;
  };
  for (const UnlockedVolume& volume : volumes_) {
    auto run = std::upper_bound(volume.runs.begin(), volume.runs.end(), place,
                                [](std::uint64_t value, const PlainRun& each) { return value < each.range.end; });
    for (; run != volume.runs.end() && !out.empty(); ++run) {
      if (run->range.begin >= place + out.size()) break;
      raw(run->range.begin);
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(run->range.end - place, out.size()));
      if (run->zeros) {
        std::fill_n(out.begin(), length, std::byte{0});
      } else {
        read_run(*run, *volume.cipher, place, out.first(length), faults);
      }
      out = out.subspan(length);
      place += length;
    }
  }
  raw(place + out.size());
}

void UnlockedSource::read_run(const PlainRun& run, SectorCipher& cipher, std::uint64_t at, std::span<std::byte> out,
                              std::vector<ReadFault>& faults) {
  const std::uint64_t sector = cipher.sector_bytes();
  const std::uint64_t inside = at - run.range.begin;
  const std::uint64_t first = inside / sector * sector;
  const std::uint64_t last = (inside + out.size() + sector - 1) / sector * sector;
  const bool aligned = first == inside && last - first == out.size();
  std::span<std::byte> whole = out;
  if (!aligned) {
    sectors_.resize(static_cast<std::size_t>(last - first));
    whole = sectors_;
  }
  std::vector<ReadFault> met;
  inner_.read(ByteOffset{run.from + first}, whole, met);
  cipher.decrypt(run.unit + first, whole);
  for (const ReadFault& fault : met) {
    const std::uint64_t from = (fault.at.value - run.from - first) / sector * sector;
    const std::uint64_t to = std::min<std::uint64_t>(
        whole.size(), (fault.at.value - run.from - first + fault.length.value + sector - 1) / sector * sector);
    std::fill(whole.begin() + static_cast<std::ptrdiff_t>(from), whole.begin() + static_cast<std::ptrdiff_t>(to),
              std::byte{0});
    const std::uint64_t begin = std::max(first + from, inside);
    const std::uint64_t end = std::min<std::uint64_t>(first + to, inside + out.size());
    if (begin < end) faults.push_back({ByteOffset{run.range.begin + begin}, ByteCount{end - begin}, fault.sys_errno});
  }
  if (aligned) return;
  std::copy_n(sectors_.begin() + static_cast<std::ptrdiff_t>(inside - first), out.size(), out.begin());
}

}  // namespace triage
