// SPDX-License-Identifier: Apache-2.0
// After S. Garfinkel, "Carving contiguous and fragmented files with fast object validation" (DFRWS 2007): bifragment
// gap carving; for JPEG the decoder's state at the break is kept, so that a wrong piece costs a few hundred bytes.
#include "carve/gap_search.h"

#include <algorithm>

#include "formats/jpeg_stream.h"
#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::uint64_t kMostGap = 128;           // grid steps
constexpr std::uint64_t kMostBack = 8;            // grid steps from where the bits broke to where the gap began
constexpr std::uint64_t kMostFile = 32ULL << 20;  // larger candidates are not put together
constexpr std::uint64_t kFirstLook = 64 << 10;
constexpr std::uint64_t kMostForOne = 256ULL << 20;  // bytes looked at for one file
constexpr std::size_t kMostParts = 8;

/// One try of a JPEG continuation.
struct Try {
  std::uint64_t head = 0;
  std::uint64_t from = 0;  ///< in the window
  std::size_t held = 0;    ///< how far it held
  bool whole = false;
};

/// How far the file reaches, gap included, as far as can be told.
std::uint64_t reach_of(const CarveResult& first) {
  return first.likely_end.value != 0 ? first.likely_end.value : first.length.value;
}

/// Appends window[from, from + count) to the first `head` bytes of `file`.
void put_together(std::vector<std::byte>& file, std::uint64_t head, Bytes window, std::uint64_t from,
                  std::uint64_t count) {
  const Bytes tail = part(window, from, count);
  file.resize(static_cast<std::size_t>(head));
  file.insert(file.end(), tail.begin(), tail.end());
}

}  // namespace

bool GapSearch::charge(std::uint64_t bytes) {
  const bool enough = bytes <= budget_;
  budget_ -= enough ? bytes : budget_;
  return enough;
}

std::optional<GapFind> GapSearch::find(std::uint64_t at, const Carver& carver, const CarveResult& first) {
  if (carver.gaps == GapRule::kNever || grid_ == 0 || budget_ == 0 || reach_of(first) > kMostFile) return std::nullopt;
  const std::uint64_t all = budget_;
  budget_ = std::min(all, kMostForOne);
  const std::uint64_t share = budget_;
  std::optional<GapFind> found = carver.gaps == GapRule::kDecoded ? decoded(at, first) : two_pieces(at, carver, first);
  budget_ = all - (share - budget_);
  return found;
}

std::optional<GapFind> GapSearch::judge(const Carver& carver, std::uint64_t at, const CarveResult& first,
                                        std::uint64_t head, std::uint64_t gap) {
  const std::uint64_t length = reach_of(first);
  const std::uint64_t reach = carver.gaps == GapRule::kAnywhere ? length : std::max<std::uint64_t>(length, 1 << 20);
  if (carver.gaps == GapRule::kForward) {  // most pieces are wrong at once
    if (!charge(kFirstLook)) return std::nullopt;
    put_together(file_, head, window_, at + head + gap, kFirstLook);
    const CarveResult look = carver.validate(file_);
    const bool goes_on = look.grade == CarveGrade::kComplete || look.more_needed || look.length > first.length;
    if (look.grade == CarveGrade::kNone || !goes_on) return std::nullopt;
  }
  if (!charge(head + reach)) return std::nullopt;
  put_together(file_, head, window_, at + head + gap, reach);
  const CarveResult result = carver.validate(file_);
  if (result.grade != CarveGrade::kComplete || result.length.value <= head) return std::nullopt;
  const Bytes whole = part(file_, 0, result.length.value);
  if (!charge(whole.size()) || (carver.verify != nullptr && !carver.verify(whole))) return std::nullopt;
  return GapFind{{{at, head}, {at + head + gap, result.length.value - head}}, result};
}

/// Tries every gap at every place where one may begin, the nearest first.
std::optional<GapFind> GapSearch::two_pieces(std::uint64_t at, const Carver& carver, const CarveResult& first) {
  const bool anywhere = carver.gaps == GapRule::kAnywhere;
  const std::uint64_t length = reach_of(first);
  const std::uint64_t begin = anywhere ? grid_ : std::max<std::uint64_t>(length / grid_, 1) * grid_;
  const std::uint64_t end = anywhere ? length : length + kMostGap * grid_;
  for (std::uint64_t head = begin; head < end && holds(window_, at, head); head += grid_) {
    put_together(file_, 0, window_, at, head);
    for (std::uint64_t step = 1; step <= kMostGap / 2; ++step) {
      if (budget_ == 0 || !holds(window_, at, head + step * grid_)) break;
      if (auto found = judge(carver, at, first, head, step * grid_)) return found;
    }
  }
  return std::nullopt;
}

/// JPEG: at each break goes back a little and tries what follows after each gap; keeps what goes on farthest.
std::optional<GapFind> GapSearch::decoded(std::uint64_t at, const CarveResult& first) {
  std::vector<CarvePart> parts{{at, first.length.value}};
  std::vector<std::byte> known;  // the pieces found so far, one behind the other
  std::uint64_t origin = at;     // of the last piece, in the window
  std::uint64_t base = 0;        // of the last piece, in the file
  std::uint64_t broke = first.length.value;
  while (parts.size() < kMostParts) {
    Try best;
    const std::uint64_t last = (broke - base) / grid_;
    for (std::uint64_t back = 0; back <= kMostBack && back < last && !best.whole; ++back) {
      const std::uint64_t head = base + (last - back) * grid_;
      put_together(known, base, window_, origin, head - base);
      JpegStream before;
      if (!charge(head) || before.run(known) != JpegStream::Status::kRanOut) continue;
      for (std::uint64_t step = 1; step <= kMostGap; ++step) {
        const std::uint64_t from = origin + (head - base) + step * grid_;
        if (!holds(window_, from, 1)) break;
        JpegStream picture = before;
        put_together(known, head, window_, from, kFirstLook);
        JpegStream::Status status = picture.run(known);
        if (!charge(picture.position() - std::min<std::uint64_t>(head, picture.position()) + grid_))
          return std::nullopt;
        if (status == JpegStream::Status::kRanOut) {
          put_together(known, head, window_, from, kMostFile);
          status = picture.run(known);
          if (!charge(picture.position() - std::min<std::uint64_t>(head, picture.position()))) return std::nullopt;
        }
        const bool whole = status == JpegStream::Status::kWhole;
        if (whole || picture.position() > best.held + grid_) best = {head, from, picture.position(), whole};
        if (whole) break;
      }
    }
    if (best.held < best.head + 2 * grid_ && !best.whole) return std::nullopt;
    put_together(known, base, window_, origin, best.head - base);
    parts.back().length = best.head - base;
    parts.push_back({best.from, best.held - best.head});
    if (best.whole) {
      const CarveResult result{CarveGrade::kComplete, ByteCount{best.held}, false, first.extension};
      return GapFind{std::move(parts), result};
    }
    origin = best.from;
    base = best.head;
    broke = best.held;
  }
  return std::nullopt;
}

}  // namespace triage
