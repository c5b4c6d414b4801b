// SPDX-License-Identifier: Apache-2.0
#include "recover/mft_search.h"

#include <algorithm>
#include <array>
#include <map>

namespace triage {

namespace {

constexpr std::uint64_t kCoarse = 64 * 1024;
constexpr std::uint64_t kFine = 4096;
constexpr std::uint64_t kMaxProbes = 16'384;        ///< of the wide steps
constexpr std::uint64_t kMaxFineProbes = 1U << 26;  ///< 256 GiB of free space
constexpr std::size_t kMaxRecords = 1'000'000;
constexpr std::uint64_t kUsualRecord = 1024;
/// Usual first clusters of a table: mkntfs (16 KiB in), Windows (cluster 786432 of 4 KiB).
constexpr std::array<std::uint64_t, 2> kUsualPlaces = {16 * 1024, 786'432ULL * 4096};

class Search {
 public:
  Search(ImageBytes& probe, ImageBytes& image, ByteRange volume, const RangeSet& free)
      : probe_(probe), image_(image), volume_(volume), parts_(free_parts(free, volume)) {}

  MftSearch run(const std::vector<std::uint64_t>& first) {
    for (const std::uint64_t place : first) follow(place);
    for (const std::uint64_t place : kUsualPlaces) follow(volume_.begin + place);
    follow(volume_.begin + (volume_.end - volume_.begin) / 3 / kFine * kFine);
    std::uint64_t total = 0;
    for (const ByteRange part : parts_) total += part.end - part.begin;
    const std::uint64_t step = std::max(kCoarse, total / kMaxProbes / kCoarse * kCoarse);
    scan(step);
    if (!out_.records.empty() && total / kFine <= kMaxFineProbes) scan(kFine);
    std::sort(out_.records.begin(), out_.records.end(),
              [](const MftRecord& a, const MftRecord& b) { return a.place < b.place; });
    out_.cut = out_.cut || probe_.exhausted() || image_.exhausted();
    return std::move(out_);
  }

 private:
  static std::vector<ByteRange> free_parts(const RangeSet& free, ByteRange volume) {
    RangeSet used;
    for (const ByteRange part : free.outside(volume)) used.insert(part);
    return used.outside(volume);
  }

  /// End of the free part that holds `at`; nullopt where it is in use.
  [[nodiscard]] std::optional<ByteRange> part_of(std::uint64_t at) const {
    auto next = std::upper_bound(parts_.begin(), parts_.end(), at,
                                 [](std::uint64_t place, const ByteRange& part) { return place < part.begin; });
    if (next == parts_.begin() || (--next)->end <= at) return std::nullopt;
    return *next;
  }

  void scan(std::uint64_t step) {
    for (const ByteRange part : parts_) {
      const std::uint64_t inside = (part.begin - volume_.begin) % step;
      std::uint64_t at = part.begin + (inside == 0 ? 0 : step - inside);
      for (; at < part.end; at += step) {
        if (out_.cut || probe_.exhausted()) return;
        follow(at);
      }
    }
  }

  [[nodiscard]] bool is_known(std::uint64_t at) const {
    const auto next = runs_.upper_bound(at);
    return next != runs_.begin() && std::prev(next)->second > at;
  }

  [[nodiscard]] bool is_record(std::uint64_t at) {
    std::array<std::byte, 4> head{};
    return probe_.read_into(at, head) && has_at(head, 0, "FILE");
  }

  /// Where a record lies at `at`, takes it and its neighbours in both directions.
  void follow(std::uint64_t at) {
    const auto part = part_of(at);
    if (!part || part->end - at < kUsualRecord || is_known(at) || !is_record(at)) return;
    std::uint64_t end = at;
    std::uint64_t size = kUsualRecord;
    while (!is_known(end)) {
      const auto taken = take(end, part->end);
      if (!taken) break;
      size = *taken;
      end += size;
    }
    if (end == at) return;
    std::uint64_t begin = at;
    while (begin >= part->begin + size && !is_known(begin - size) && is_record(begin - size) &&
           take(begin - size, part->end))
      begin -= size;
    runs_.insert_or_assign(begin, end);
  }

  /// Size of the record at `at`, which is kept where it is sound; nullopt where there is none.
  std::optional<std::uint64_t> take(std::uint64_t at, std::uint64_t end) {
    if (out_.records.size() >= kMaxRecords) {
      out_.cut = true;
      return std::nullopt;
    }
    if (end - at < kUsualRecord) return std::nullopt;
    std::array<std::byte, 48> head{};
    if (!image_.read_into(at, head)) return std::nullopt;
    const auto size = mft_record_size(head);
    if (!size || *size > end - at) return std::nullopt;
    const auto raw = image_.read(at, *size);
    auto record = raw ? parse_mft_record(*raw) : std::nullopt;
    if (record) {
      record->place = at;
      out_.records.push_back(std::move(*record));
    }
    return *size;
  }

  ImageBytes& probe_;
  ImageBytes& image_;
  ByteRange volume_;
  std::vector<ByteRange> parts_;
  std::map<std::uint64_t, std::uint64_t> runs_;  // begin → end of runs of records met
  MftSearch out_;
};

}  // namespace

MftSearch search_mft_records(ImageBytes& probe, ImageBytes& image, ByteRange volume, const RangeSet& free,
                             const std::vector<std::uint64_t>& first) {
  return Search(probe, image, volume, free).run(first);
}

std::optional<MftRecord> record_in_table(ImageBytes& image, const std::vector<Extent>& table, std::uint64_t number) {
  if (number > image.size() / kUsualRecord) return std::nullopt;
  std::uint64_t inside = number * kUsualRecord;
  for (const Extent& extent : table) {
    if (extent.sparse || inside >= extent.length.value) {
      inside -= std::min(inside, extent.length.value);
      continue;
    }
    const auto raw = image.read(extent.at.value + inside, static_cast<std::size_t>(kUsualRecord));
    return raw ? parse_mft_record(*raw) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace triage
