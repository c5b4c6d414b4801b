// SPDX-License-Identifier: Apache-2.0
#include "engine/plan.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <numeric>

#include "base/check.h"
#include "bytes/digest.h"
#include "model/codec.h"

namespace triage {
namespace {

constexpr std::uint64_t kSparseAllowance = 1ULL << 30;
constexpr std::uint64_t kSparseRatio = 16;
constexpr std::uint64_t kMaxCompanion = 64ULL << 20;
constexpr std::size_t kFlushBytes = 1U << 20;

bool is_region(const Stream& stream) {
  switch (stream.kind) {
    case StreamKind::kUnallocated:
    case StreamKind::kUnparsed:
    case StreamKind::kGap: return true;
    case StreamKind::kMetadata: return !stream.meta.has_value();
    default: return false;
  }
}

std::uint64_t placed_bytes(const Stream& stream) {
  std::uint64_t sum = 0;
  for (const Extent& extent : stream.extents) {
    if (!extent.sparse) sum = (ByteCount{sum} + extent.length).value;
  }
  return sum;
}

}  // namespace

/// A region's extents with their places in the joined stream, to find views.
struct Plan::Region {
  struct Run {
    std::uint64_t at = 0;
    std::uint64_t length = 0;
    std::uint64_t stream_offset = 0;
  };
  std::uint64_t sequence = 0;
  std::vector<Run> by_place;
  std::vector<std::vector<PlannedPiece>> views;  ///< per window

  /// Where `stream` lies in the joined region when its bytes follow one another there.
  [[nodiscard]] std::optional<std::uint64_t> find(const Stream& stream) const {
    std::optional<std::uint64_t> begin;
    std::uint64_t expected = 0;
    for (const Extent& extent : stream.extents) {
      if (extent.sparse) return std::nullopt;
      std::uint64_t at = extent.at.value;
      std::uint64_t left = extent.length.value;
      while (left > 0) {
        auto run = std::upper_bound(by_place.begin(), by_place.end(), at,
                                    [](std::uint64_t value, const Run& r) { return value < r.at; });
        if (run == by_place.begin()) return std::nullopt;
        --run;
        const std::uint64_t inside = at - run->at;
        if (inside >= run->length) return std::nullopt;
        const std::uint64_t joined = run->stream_offset + inside;
        if (!begin) begin = expected = joined;
        if (joined != expected) return std::nullopt;
        const std::uint64_t step = std::min(left, run->length - inside);
        at += step;
        left -= step;
        expected += step;
      }
    }
    return begin;
  }
};

Plan::Plan(PlanOptions options, UniqueFd store) : options_(std::move(options)), store_(std::move(store)) {}

bool Plan::wanted(const Entry& entry) const {
  if (entry.deleted) return options_.deleted;
  return options_.files;
}

Status Plan::flush() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const ssize_t put = ::pwrite(store_.get(), rest.data(), rest.size(), static_cast<off_t>(stored_));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail(ErrorCode::kOutput, "cannot write the plan", {}, errno);
    stored_ += static_cast<std::uint64_t>(put);
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  pending_.clear();
  return {};
}

Status Plan::add(Stream stream) {
  stream.sequence = entries_.size();
  Entry entry;
  entry.kind = stream.kind;
  entry.volume = stream.volume.value_or(0);
  entry.has_extents = !stream.extents.empty();
  entry.deleted = stream.meta && !(stream.meta->allocated && stream.meta->name_allocated);
  entry.path_hash = std::hash<std::string>{}(stream.path);
  entry.size = stream.size.value;
  const bool has_content = stream.kind == StreamKind::kFile || stream.kind == StreamKind::kNamedStream ||
                           stream.kind == StreamKind::kSlack || stream.kind == StreamKind::kMetadata ||
                           stream.kind == StreamKind::kUnallocated || stream.kind == StreamKind::kUnparsed ||
                           stream.kind == StreamKind::kGap;
  if (!has_content || stream.alias_of || stream.availability == Availability::kNameOnly ||
      stream.availability == Availability::kEncrypted)
    entry.size = 0;
  const auto placed =
      std::find_if(stream.extents.begin(), stream.extents.end(), [](const Extent& e) { return !e.sparse; });
  entry.first_byte = placed == stream.extents.end() ? 0 : placed->at.value;
  if (entry.has_extents && entry.size > kSparseAllowance &&
      entry.size / kSparseRatio > placed_bytes(stream) + kSparseAllowance / kSparseRatio)
    entry.sparse_gap = true;
  if (!entry.deleted && !stream.path.empty()) {
    for (const std::string& suffix : options_.companion_suffixes) {
      if (stream.path.size() > suffix.size() && stream.path.ends_with(suffix) && entry.size <= kMaxCompanion)
        companions_[std::hash<std::string>{}(stream.path.substr(0, stream.path.size() - suffix.size()))].emplace_back(
            suffix, stream.sequence);
    }
  }
  BinaryWriter out;
  encode(out, stream);
  entry.store_offset = stored_ + pending_.size();
  entry.store_size = static_cast<std::uint32_t>(out.buffer().size());
  pending_ += out.buffer();
  entries_.push_back(entry);
  if (pending_.size() >= kFlushBytes) return flush();
  return {};
}

Result<Stream> Plan::stream(std::uint64_t sequence) const {
  TRIAGE_CHECK(sequence < entries_.size());
  const Entry& entry = entries_[sequence];
  std::string raw(entry.store_size, '\0');
  std::size_t done = 0;
  while (done < raw.size()) {
    const ssize_t got =
        ::pread(store_.get(), raw.data() + done, raw.size() - done, static_cast<off_t>(entry.store_offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(ErrorCode::kInternal, "cannot read the plan back", {}, errno);
    done += static_cast<std::size_t>(got);
  }
  BinaryReader in(raw);
  Stream stream;
  decode(in, stream);
  if (!in.ok()) return fail(ErrorCode::kInternal, "the stored plan is damaged");
  return stream;
}

std::vector<std::pair<std::string, std::uint64_t>> Plan::companions(std::uint64_t sequence) const {
  if (companions_.empty() || entries_[sequence].deleted) return {};
  const auto found = companions_.find(entries_[sequence].path_hash);
  return found == companions_.end() ? std::vector<std::pair<std::string, std::uint64_t>>{} : found->second;
}

void Plan::end_batch() {
  if (pieces_.size() == open_begin_) return;
  batch_begins_.push_back(open_begin_);
  open_begin_ = pieces_.size();
  open_bytes_ = 0;
}

void Plan::add_small(const PlannedPiece& piece) {
  std::uint64_t bytes = piece.length;
  for (const auto& [suffix, sequence] : companions(piece.entry)) bytes += entries_[sequence].size;
  if (open_bytes_ + bytes > options_.batch_bytes || pieces_.size() - open_begin_ >= options_.batch_pieces) end_batch();
  pieces_.push_back(piece);
  open_bytes_ += bytes;
  total_bytes_ += piece.length;
}

/// The part of a sparse stream between its first and its last placed byte; else the whole.
std::pair<std::uint64_t, std::uint64_t> Plan::span_to_read(std::uint64_t sequence) const {
  const Entry& entry = entries_[sequence];
  if (!entry.sparse_gap) return {0, entry.size};
  const auto found = stream(sequence);
  if (!found) return {0, 0};
  std::uint64_t from = 0, to = 0, offset = 0;
  bool any = false;
  for (const Extent& extent : found->extents) {
    const std::uint64_t end = (ByteCount{offset} + extent.length).value;
    if (!extent.sparse) {
      if (!any) from = offset;
      any = true;
      to = end;
    }
    offset = end;
  }
  to = std::min(to, entry.size);
  // A gap between the placed parts that is itself absurd: only the first part is read.
  if (to > from && (to - from) / kSparseRatio > placed_bytes(*found) + kSparseAllowance)
    to = std::min(entry.size, from + placed_bytes(*found));
  return {std::min(from, to), to};
}

void Plan::add_windows(std::uint64_t sequence, std::uint64_t from, std::uint64_t to, std::uint64_t carry_limit) {
  for (std::uint64_t at = from; at < to;) {
    const std::uint64_t end = std::min(to, at + options_.window);
    const std::uint64_t carry = std::min(carry_limit, at - from);
    end_batch();
    PlannedPiece piece;
    piece.entry = sequence;
    piece.stream_offset = at - carry;
    piece.length = end - at + carry;
    piece.carry = carry;
    piece.whole = from == 0 && carry == 0 && end == to;
    piece.last = end == to;
    pieces_.push_back(piece);
    total_bytes_ += end - at;
    end_batch();
    at = end;
  }
}

void Plan::plan_entries() {
  std::vector<std::uint64_t> placed;
  for (std::uint64_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const bool region =
        entry.kind == StreamKind::kUnallocated || entry.kind == StreamKind::kUnparsed || entry.kind == StreamKind::kGap;
    if (region || !wanted(entry)) continue;
    if (entry.size == 0 || !options_.contents) {
      // Slack without an owner's bytes has nothing to say.
      if (entry.kind == StreamKind::kSlack) continue;
      if (entry.kind == StreamKind::kMetadata && entry.path_hash == std::hash<std::string>{}("")) continue;
      PlannedPiece piece;
      piece.entry = i;
      piece.readable = options_.contents;
      add_small(piece);
    } else {
      if (entry.kind == StreamKind::kMetadata && entry.path_hash == std::hash<std::string>{}("")) continue;
      placed.push_back(i);
    }
  }
  // Deleted files come after all allocated ones: what is known by hash then is known before anything is recovered.
  std::stable_sort(placed.begin(), placed.end(), [this](std::uint64_t a, std::uint64_t b) {
    const Entry& x = entries_[a];
    const Entry& y = entries_[b];
    if (x.deleted != y.deleted) return y.deleted;
    if (x.has_extents != y.has_extents) return y.has_extents;
    return x.has_extents && x.first_byte < y.first_byte;
  });
  for (const std::uint64_t i : placed) {
    const Entry& entry = entries_[i];
    if (entry.deleted && entry.has_extents && options_.regions) {
      unplaced_deleted_.push_back(i);  // may become a view
      continue;
    }
    const auto [from, to] = span_to_read(i);
    if (to - from > options_.max_file || entry.sparse_gap) {
      if (to - from <= options_.max_file && to > from) {
        end_batch();
        PlannedPiece piece;
        piece.entry = i;
        piece.stream_offset = from;
        piece.length = to - from;
        piece.whole = false;
        pieces_.push_back(piece);
        total_bytes_ += piece.length;
        end_batch();
      } else {
        add_windows(i, from, to, options_.file_carry);
      }
      continue;
    }
    PlannedPiece piece;
    piece.entry = i;
    piece.length = entry.size;
    add_small(piece);
  }
  end_batch();
}

Status Plan::plan_regions() {
  if (!options_.regions || !options_.contents) return {};
  std::vector<Region> regions;
  for (std::uint64_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (entry.size == 0 || entry.deleted) continue;
    if (entry.kind != StreamKind::kUnallocated && entry.kind != StreamKind::kUnparsed &&
        entry.kind != StreamKind::kGap && entry.kind != StreamKind::kMetadata)
      continue;
    TRIAGE_TRY(const Stream found, stream(i));
    if (!is_region(found)) continue;
    Region& region = regions.emplace_back();
    region.sequence = i;
    std::uint64_t offset = 0;
    for (const Extent& extent : found.extents) {
      region.by_place.push_back({extent.at.value, extent.length.value, offset});
      offset += extent.length.value;
    }
    std::sort(region.by_place.begin(), region.by_place.end(),
              [](const Region::Run& a, const Region::Run& b) { return a.at < b.at; });
    region.views.resize(static_cast<std::size_t>((entry.size + options_.window - 1) / options_.window));
  }
  std::vector<std::uint64_t> apart;
  for (const std::uint64_t i : unplaced_deleted_) {
    TRIAGE_TRY(const Stream found, stream(i));
    bool viewed = false;
    for (Region& region : regions) {
      if (entries_[region.sequence].volume != entries_[i].volume) continue;
      const auto begin = region.find(found);
      if (!begin) continue;
      const std::uint64_t end = *begin + entries_[i].size;
      const std::uint64_t window = (end - 1) / options_.window;
      const std::uint64_t first = window * options_.window;
      const std::uint64_t data_begin = first - std::min(first, options_.region_carry);
      if (*begin < data_begin || window >= region.views.size()) break;
      PlannedPiece piece;
      piece.entry = i;
      piece.length = entries_[i].size;
      piece.view = true;
      piece.view_offset = *begin - data_begin;
      region.views[static_cast<std::size_t>(window)].push_back(piece);
      viewed = true;
      break;
    }
    if (!viewed) apart.push_back(i);
  }
  for (const std::uint64_t i : apart) {
    if (entries_[i].size > options_.max_file || entries_[i].sparse_gap) {
      const auto [from, to] = span_to_read(i);
      add_windows(i, from, to, options_.file_carry);
      continue;
    }
    PlannedPiece piece;
    piece.entry = i;
    piece.length = entries_[i].size;
    add_small(piece);
  }
  end_batch();
  std::sort(regions.begin(), regions.end(), [this](const Region& a, const Region& b) {
    return entries_[a.sequence].first_byte < entries_[b.sequence].first_byte;
  });
  for (const Region& region : regions) {
    const std::size_t first_batch = batch_begins_.size();
    add_windows(region.sequence, 0, entries_[region.sequence].size, options_.region_carry);
    // Views join the batch of their window.
    std::vector<PlannedPiece> windows(pieces_.begin() + static_cast<std::ptrdiff_t>(batch_begins_[first_batch]),
                                      pieces_.end());
    pieces_.resize(batch_begins_[first_batch]);
    batch_begins_.resize(first_batch);
    open_begin_ = pieces_.size();
    for (std::size_t w = 0; w < windows.size(); ++w) {
      pieces_.push_back(windows[w]);
      if (w < region.views.size()) pieces_.insert(pieces_.end(), region.views[w].begin(), region.views[w].end());
      end_batch();
    }
  }
  return {};
}

Status Plan::finish() {
  TRIAGE_TRY_STATUS(flush());
  plan_entries();
  TRIAGE_TRY_STATUS(plan_regions());
  Sha256 digest;
  BinaryWriter facts;
  for (const PlannedPiece& piece : pieces_) {
    facts.put(piece.entry);
    facts.put(piece.stream_offset);
    facts.put(piece.length);
    facts.put(entries_[piece.entry].store_offset);
    facts.put(entries_[piece.entry].first_byte);
    if (facts.buffer().size() > kFlushBytes) {
      digest.update(std::string_view(facts.buffer()));
      facts.buffer().clear();
    }
  }
  digest.update(std::string_view(facts.buffer()));
  digest_ = digest.finish_hex();
  return {};
}

std::span<const PlannedPiece> Plan::batch(std::uint64_t index) const {
  TRIAGE_CHECK(index < batch_begins_.size());
  const std::size_t begin = batch_begins_[index];
  const std::size_t end = index + 1 < batch_begins_.size() ? batch_begins_[index + 1] : pieces_.size();
  return std::span(pieces_).subspan(begin, end - begin);
}

std::uint64_t Plan::batch_bytes(std::uint64_t index) const {
  std::uint64_t sum = 0;
  for (const PlannedPiece& piece : batch(index)) {
    if (!piece.view) sum += piece.length - piece.carry;
  }
  return sum;
}

}  // namespace triage
