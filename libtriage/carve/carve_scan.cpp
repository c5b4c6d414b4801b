// SPDX-License-Identifier: Apache-2.0
// A candidate is judged with 64 KiB first and with sixteen times more as long as its carver asks for more. What it
// looked at is charged, where it gave up late the whole span; a window has a budget of 32 times its size plus 256 MiB.
#include "carve/carve_scan.h"

#include <algorithm>
#include <optional>

namespace triage {
namespace {

constexpr std::uint64_t kFirstSpan = 64 * 1024;
constexpr std::uint64_t kGrowth = 16;
constexpr std::uint64_t kLeastCost = 1024;  // a carver that says no looked at a header
constexpr std::uint64_t kBudgetFactor = 32;
constexpr std::uint64_t kBudgetBase = 256ULL << 20;
constexpr std::uint64_t kClusterStep = 4096;      // files begin at its multiples on most volumes; thumbnails seldom do
constexpr std::uint64_t kGapBudget = 2ULL << 30;  // bytes looked at for fragmented files in one window

std::uint8_t first_byte(const CarveMagic& magic) { return static_cast<std::uint8_t>(magic.bytes.front()); }

bool is_better(const CarveHit& a, const CarveHit& b) {
  if (a.grade != b.grade) return a.grade == CarveGrade::kComplete;
  return a.length > b.length;
}

}  // namespace

struct CarveScan::Run {
  Bytes window;
  std::uint64_t own_length = 0;
  CarveScanOptions options;
  std::uint64_t budget = 0;
  std::uint64_t covered = 0;  ///< end of the last complete hit
  std::optional<GapSearch> gaps;
  CarveScanResult result;

  bool charge(std::uint64_t bytes) {
    if (bytes > budget) {
      budget = 0;
      result.out_of_budget = true;
      return false;
    }
    budget -= bytes;
    return true;
  }

  /// The carver's word on the candidate at `at`, with as many bytes as it asks for.
  CarveResult judge(const Carver& carver, std::uint64_t at) {
    const Bytes rest = window.subspan(static_cast<std::size_t>(at));
    const std::uint64_t most = std::min<std::uint64_t>(rest.size(), carver.max_length.value);
    std::uint64_t span = std::min(most, kFirstSpan);
    for (;;) {
      CarveResult found = carver.validate(rest.first(static_cast<std::size_t>(span)));
      const bool ask = found.grade != CarveGrade::kNone && found.more_needed && span < most;
      const bool cheap = found.grade == CarveGrade::kComplete || span <= kFirstSpan;
      if (!charge(cheap ? std::max(found.length.value, kLeastCost) : span)) return found;
      if (!ask) {
        if (span == carver.max_length.value && found.more_needed) found.more_needed = false;  // cut here
        return found;
      }
      span = std::min(most, span * kGrowth);
    }
  }

  /// Puts a file that does not hold together from its pieces, where that works.
  void bridge(CarveHit& hit, const CarveResult& found) {
    auto pieces = gaps->find(hit.offset, *hit.carver, found);
    if (!pieces) return;
    hit.grade = pieces->result.grade;
    hit.length = pieces->result.length.value;
    hit.more_needed = false;
    hit.parts = std::move(pieces->parts);
  }

  /// True for a piece (an event log's chunk …) that lies in a file of its kind which was told already.
  [[nodiscard]] bool is_told(const CarveHit& hit) const {
    if (hit.carver->piece_of.empty()) return false;
    const auto look_back = std::min<std::ptrdiff_t>(64, static_cast<std::ptrdiff_t>(result.hits.size()));
    return std::any_of(result.hits.rbegin(), result.hits.rbegin() + look_back, [&hit](const CarveHit& other) {
      const bool inside = hit.offset >= other.offset && hit.offset - other.offset < other.length;
      return inside && (other.carver->id == hit.carver->piece_of || other.carver == hit.carver);
    });
  }

  /// A file that the window cuts reaches to the next one that holds, not to the window's end, and no zeros behind its
  /// last byte are counted in. REQUIRES: the hits are in order.
  void end_cut_files() {
    for (std::size_t i = 0; i < result.hits.size(); ++i) {
      CarveHit& hit = result.hits[i];
      if (hit.grade != CarveGrade::kTruncated || !hit.more_needed || !hit.parts.empty()) continue;
      std::uint64_t end = hit.offset + hit.length;
      for (std::size_t next = i + 1; next < result.hits.size() && result.hits[next].offset < end; ++next) {
        const CarveHit& other = result.hits[next];
        if (other.grade == CarveGrade::kComplete && other.offset % kClusterStep == 0) end = other.offset;
      }
      while (end > hit.offset + 1 && window[static_cast<std::size_t>(end - 1)] == std::byte{0}) --end;
      hit.length = end - hit.offset;
    }
  }

  void keep(CarveHit hit) {
    if (is_told(hit)) return;
    const std::uint64_t end = hit.offset + (hit.parts.empty() ? hit.length : hit.parts.front().length);
    if (hit.grade == CarveGrade::kComplete) covered = std::max(covered, end);
    if (!result.hits.empty() && result.hits.back().offset == hit.offset) {
      if (is_better(hit, result.hits.back())) result.hits.back() = std::move(hit);
    } else {
      result.hits.push_back(std::move(hit));
    }
  }
};

CarveScan::CarveScan(std::span<const Carver* const> carvers) {
  for (const Carver* carver : carvers)
    for (const CarveMagic& magic : carver->magics)
      if (!magic.bytes.empty()) entries_.push_back({carver, magic});
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return first_byte(a.magic) < first_byte(b.magic); });
  for (const Entry& entry : entries_) {
    const std::string_view bytes = entry.magic.bytes;
    const auto group = static_cast<std::uint8_t>(1U << (first_byte(entry.magic) % 8));
    first_groups_[first_byte(entry.magic)] |= group;
    if (bytes.size() > 1) second_groups_[static_cast<std::uint8_t>(bytes[1])] |= group;
    if (bytes.size() == 1)
      for (std::uint8_t& groups : second_groups_) groups |= group;
    ++first_[std::size_t{first_byte(entry.magic)} + 1];
  }
  for (std::size_t b = 1; b < first_.size(); ++b) first_[b] = static_cast<std::uint16_t>(first_[b] + first_[b - 1]);
}

/// Judges the candidates whose magic stands at `at` of the window.
void CarveScan::judge_at(Run& run, std::uint64_t at, std::span<const Entry> entries) const {
  for (const Entry& entry : entries) {
    if (entry.magic.offset > at || !has_at(run.window, static_cast<std::size_t>(at), entry.magic.bytes)) continue;
    const std::uint64_t begin = at - entry.magic.offset;
    if (begin < run.options.begin || begin < run.covered || begin >= run.own_length) continue;
    if (begin % run.options.step != 0 || run.result.out_of_budget) continue;
    const CarveResult found = run.judge(*entry.carver, begin);
    if (found.grade == CarveGrade::kNone || found.length < entry.carver->min_length) continue;
    CarveHit hit;
    hit.offset = begin;
    hit.length = found.length.value;
    hit.carver = entry.carver;
    hit.extension = found.extension.empty() ? entry.carver->extension : found.extension;
    hit.grade = found.grade;
    hit.more_needed = found.more_needed;
    if (found.grade == CarveGrade::kTruncated && run.options.grid != 0) run.bridge(hit, found);
    run.keep(std::move(hit));
  }
}

void CarveScan::scan_steps(Run& run) const {
  std::vector<Entry> later;  // magics that do not stand at the file's first byte
  for (const Entry& entry : entries_)
    if (entry.magic.offset != 0) later.push_back(entry);
  const std::uint64_t step = run.options.step;
  std::uint64_t at = (run.options.begin + step - 1) / step * step;
  while (at < run.own_length) {
    const auto b = std::to_integer<std::size_t>(run.window[static_cast<std::size_t>(at)]);
    if (first_groups_[b] != 0) judge_at(run, at, std::span(entries_).subspan(first_[b], first_[b + 1] - first_[b]));
    for (const Entry& entry : later) judge_at(run, at + entry.magic.offset, {&entry, 1});
    at += step;
    if (run.covered > at) at = (run.covered + step - 1) / step * step;
  }
}

void CarveScan::scan_bytes(Run& run) const {
  const std::size_t size = run.window.size();
  std::size_t at = static_cast<std::size_t>(run.options.begin);
  const std::uint64_t end = std::min<std::uint64_t>(size, run.own_length + kFirstSpan);  // a magic may stand later
  const auto byte = [&run](std::size_t i) { return std::to_integer<std::size_t>(run.window[i]); };
  while (at < end) {
    while (size - at >= 9) {  // eight at a time where none begins a magic
      unsigned any = 0;
      for (std::size_t i = at; i < at + 8; ++i) any |= first_groups_[byte(i)] & unsigned{second_groups_[byte(i + 1)]};
      if (any != 0) break;
      at += 8;
    }
    for (const std::size_t stop = std::min(size, at + 8); at < stop; ++at) {
      if (first_groups_[byte(at)] == 0) continue;
      if (at + 1 < size && (first_groups_[byte(at)] & second_groups_[byte(at + 1)]) == 0) continue;
      judge_at(run, at, std::span(entries_).subspan(first_[byte(at)], first_[byte(at) + 1] - first_[byte(at)]));
    }
    if (run.covered > at) at = static_cast<std::size_t>(std::min<std::uint64_t>(run.covered, size));
  }
}

CarveScanResult CarveScan::scan(Bytes window, std::uint64_t own_length, const CarveScanOptions& options) const {
  Run run;
  run.window = window;
  run.own_length = std::min<std::uint64_t>(own_length, window.size());
  run.options = options;
  run.options.step = std::max<std::uint64_t>(options.step, 1);
  run.options.begin = std::min<std::uint64_t>(options.begin, window.size());
  run.gaps.emplace(window, options.grid, kGapBudget);
  run.budget = kBudgetBase + kBudgetFactor * window.size();
  if (run.options.step == 1)
    scan_bytes(run);
  else
    scan_steps(run);
  std::stable_sort(run.result.hits.begin(), run.result.hits.end(),
                   [](const CarveHit& a, const CarveHit& b) { return a.offset < b.offset; });
  run.end_cut_files();
  return std::move(run.result);
}

}  // namespace triage
