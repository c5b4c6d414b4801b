// SPDX-License-Identifier: Apache-2.0
// Which gaps between known files may hold the files without a map, and which of those may lie in each: those created
// after the file before the gap and before the file behind it.
#include <algorithm>
#include <map>

#include "recover/gap_names.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::uint64_t kMaxGap = 16ULL << 20;  ///< bytes; larger gaps are not divided
constexpr std::size_t kMaxNames = 64;           ///< that may lie in one gap
constexpr int kRounds = 4;                      ///< each placed file leaves fewer for the others

struct Gap {
  ByteRange range;
  std::int64_t after = 0;   ///< creation of the file before it
  std::int64_t before = 0;  ///< and of the one behind it
};

struct Unmapped {
  std::size_t index = 0;  ///< into context.held
  std::int64_t created = 0;
  std::uint64_t inode = 0;
};

class OrderPlacing {
 public:
  OrderPlacing(RecoveryContext& context, ImageBytes& probe, std::uint64_t block_size)
      : context_(context), probe_(probe), block_(block_size) {}

  void run(const std::vector<std::size_t>& unmapped) {
    for (const std::size_t index : unmapped) {
      const EntryMeta& meta = *context_.held[index].stream.meta;
      files_.push_back({index, meta.times.created.utc_nanos.value_or(0), meta.inode});
    }
    std::sort(files_.begin(), files_.end(), [](const Unmapped& a, const Unmapped& b) {
      return a.created != b.created ? a.created < b.created : a.inode < b.inode;
    });
    find_gaps();
    for (int round = 0; round < kRounds && !files_.empty() && place_all(); ++round) {
    }
  }

 private:
  void find_gaps() {
    std::vector<DatedRun> known = context_.volume.dated_runs;
    RangeSet busy;
    for (const ByteRange used : context_.volume.free.outside({context_.volume.begin(), context_.volume.end()}))
      busy.insert(used);
    for (const std::size_t index : context_.volume.held) {
      const Stream& stream = context_.held[index].stream;
      for (const Extent& extent : stream.extents) {
        if (extent.sparse) continue;
        const ByteRange range{extent.at.value, up((extent.at + extent.length).value)};
        busy.insert(range);
        if (const auto created = stream.meta->times.created.utc_nanos) known.push_back({range, *created});
      }
    }
    std::sort(known.begin(), known.end(),
              [](const DatedRun& a, const DatedRun& b) { return a.range.begin < b.range.begin; });
    for (const ByteRange range : busy.outside({context_.volume.begin(), context_.volume.end()})) {
      if (range.end - range.begin > kMaxGap || (range.end - range.begin) % block_ != 0) continue;
      const auto behind = std::lower_bound(known.begin(), known.end(), range.end,
                                           [](const DatedRun& run, std::uint64_t at) { return run.range.begin < at; });
      if (behind == known.begin() || behind == known.end()) continue;
      gaps_.push_back({range, std::prev(behind)->created, behind->created});
    }
  }

  [[nodiscard]] std::uint64_t up(std::uint64_t at) const {
    const std::uint64_t rest = (at - context_.volume.content) % block_;
    return rest == 0 ? at : at + block_ - rest;
  }

  /// Files that may lie in the gap, in order of creation; places in files_.
  [[nodiscard]] std::vector<std::size_t> files_of(const Gap& gap) const {
    std::vector<std::size_t> out;
    const auto first = std::lower_bound(files_.begin(), files_.end(), gap.after,
                                        [](const Unmapped& file, std::int64_t at) { return file.created < at; });
    for (auto file = first; file != files_.end() && file->created <= gap.before; ++file)
      out.push_back(static_cast<std::size_t>(file - files_.begin()));
    return out;
  }

  /// One look at every gap; true where files were placed.
  bool place_all() {
    struct Found {
      std::size_t gap = 0;
      GapPiece piece;
    };
    std::map<std::size_t, std::vector<Found>> found;  // by place in files_
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      const std::vector<std::size_t> files = files_of(gaps_[i]);
      if (files.empty() || files.size() > kMaxNames) continue;
      std::vector<std::string> names;
      for (const std::size_t file : files) names.push_back(context_.held[files_[file].index].stream.path);
      const auto content = trimmed(gaps_[i]);
      if (!content) continue;
      for (const GapPiece& piece : name_gap(*content, block_, names, context_.check))
        found[files[piece.file]].push_back({i, piece});
    }
    std::vector<std::size_t> placed;
    for (const auto& [file, places] : found) {
      if (places.size() != 1) continue;  // it fits two gaps
      put(files_[file].index, gaps_[places.front().gap].range.begin, places.front().piece);
      placed.push_back(file);
      done_.push_back(places.front().gap);
    }
    for (auto file = placed.rbegin(); file != placed.rend(); ++file)
      files_.erase(files_.begin() + static_cast<std::ptrdiff_t>(*file));
    std::sort(done_.begin(), done_.end());
    done_.erase(std::unique(done_.begin(), done_.end()), done_.end());
    for (auto gap = done_.rbegin(); gap != done_.rend(); ++gap)
      gaps_.erase(gaps_.begin() + static_cast<std::ptrdiff_t>(*gap));
    done_.clear();
    return !placed.empty();
  }

  /// The gap's bytes without empty blocks at its ends; the gap is cut to them. nullopt where nothing is left.
  std::optional<std::vector<std::byte>> trimmed(Gap& gap) {
    auto raw = probe_.read(gap.range.begin, static_cast<std::size_t>(gap.range.end - gap.range.begin));
    if (!raw) return std::nullopt;
    const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
    const auto first = static_cast<std::uint64_t>(std::find_if_not(raw->begin(), raw->end(), is_zero) - raw->begin());
    const auto zeros =
        static_cast<std::uint64_t>(std::find_if_not(raw->rbegin(), raw->rend(), is_zero) - raw->rbegin());
    if (first == raw->size()) return std::nullopt;
    const std::uint64_t begin = first / block_ * block_;
    const std::uint64_t end = (raw->size() - zeros + block_ - 1) / block_ * block_;
    gap.range = {gap.range.begin + begin, gap.range.begin + end};
    raw->resize(static_cast<std::size_t>(end));
    raw->erase(raw->begin(), raw->begin() + static_cast<std::ptrdiff_t>(begin));
    return raw;
  }

  void put(std::size_t index, std::uint64_t gap, const GapPiece& piece) {
    HeldStream& held = context_.held[index];
    held.stream.size = ByteCount{piece.size};
    held.stream.extents = {Extent{ByteOffset{gap + piece.begin}, ByteCount{piece.size}, false}};
    held.stream.availability = Availability::kWhole;
    held.stream.survive_percent = 100;
    held.stream.inferred = true;
    held.proven = piece.proven;
  }

  RecoveryContext& context_;
  ImageBytes& probe_;
  std::uint64_t block_;
  std::vector<Unmapped> files_;
  std::vector<Gap> gaps_;
  std::vector<std::size_t> done_;
};

}  // namespace

void place_by_order(RecoveryContext& context, ImageBytes& probe, std::uint64_t block_size,
                    const std::vector<std::size_t>& unmapped) {
  if (unmapped.empty() || block_size == 0) return;
  OrderPlacing(context, probe, block_size).run(unmapped);
}

}  // namespace triage
