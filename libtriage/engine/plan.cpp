// SPDX-License-Identifier: Apache-2.0
#include "engine/plan.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "base/check.h"
#include "bytes/digest.h"
#include "bytes/text.h"
#include "model/codec.h"

namespace triage {
namespace {

constexpr std::uint64_t kSparseAllowance = 1ULL << 30;
constexpr std::uint64_t kSparseRatio = 16;
constexpr std::uint64_t kMaxCompanion = 64ULL << 20;
constexpr std::uint64_t kMaxNamedCompanion = 256ULL << 20;  // a master file table of 250,000 entries
constexpr std::uint64_t kMostResident = 1ULL << 26;         // 8 MiB of bits
constexpr std::size_t kFlushBytes = 1U << 20;

/// Where a file and its companions meet. Windows does not tell the case of names apart: the logs of NTUSER.DAT are
/// called ntuser.dat.LOG1.
std::uint64_t companion_key(std::uint32_t volume, std::string_view path) {
  return std::hash<std::string>{}(std::to_string(volume) + "|" + ascii_lower(path));
}

/// Where the bytes of a stream are.
struct Placed {
  std::optional<std::uint64_t> first;  ///< place of the first byte that has one
  std::uint64_t bytes = 0;             ///< that have a place
};

Placed placed(const Stream& stream) {
  Placed out;
  for (const Extent& extent : stream.extents) {
    if (extent.sparse) continue;
    if (!out.first) out.first = extent.at.value;
    out.bytes = (ByteCount{out.bytes} + extent.length).value;
  }
  return out;
}

/// A folder of NTFS keeps names of deleted files in the slack of its index.
bool has_index(const Stream& stream) {
  return stream.kind == StreamKind::kDirectory && stream.file_system == "ntfs" && !stream.extents.empty() &&
         stream.meta && stream.meta->allocated && stream.meta->name_allocated;
}

bool has_content(const Stream& stream) {
  const bool kind = stream.kind == StreamKind::kFile || stream.kind == StreamKind::kNamedStream ||
                    stream.kind == StreamKind::kSlack || stream.kind == StreamKind::kMetadata || is_region(stream) ||
                    has_index(stream);
  return kind && !stream.alias_of && stream.availability != Availability::kNameOnly &&
         stream.availability != Availability::kEncrypted;
}

}  // namespace

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

/// Streams that parsers of other streams want to see along with theirs (ArtifactParser::companions).
void Plan::note_companion(const Stream& stream, const Entry& entry) {
  if (entry.deleted || stream.path.empty()) return;
  for (const std::string& spec : options_.companion_suffixes) {
    const std::size_t bar = spec.find('|');
    if (bar != std::string::npos) {
      note_named_companion(stream, entry, spec.substr(0, bar), std::string_view(spec).substr(bar + 1));
      continue;
    }
    if (entry.size > kMaxCompanion || stream.path.size() <= spec.size() ||
        !ascii_lower(stream.path).ends_with(ascii_lower(spec)))
      continue;
    const std::string owner = stream.path.substr(0, stream.path.size() - spec.size());
    companions_[companion_key(entry.volume, owner)].emplace_back(spec, stream.sequence);
  }
}

/// The file `name`, seen along with each of `owners` ("a/b|c") of the folder it lies in.
void Plan::note_named_companion(const Stream& stream, const Entry& entry, const std::string& name,
                                std::string_view owners) {
  const std::size_t slash = stream.path.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  if (entry.size > kMaxNamedCompanion || ascii_lower(stream.path.substr(begin)) != ascii_lower(name)) return;
  while (!owners.empty()) {
    const std::size_t bar = owners.find('|');
    const std::string owner = stream.path.substr(0, begin) + std::string(owners.substr(0, bar));
    companions_[companion_key(entry.volume, owner)].emplace_back(name, stream.sequence);
    owners.remove_prefix(bar == std::string_view::npos ? owners.size() : bar + 1);
  }
}

/// NTFS keeps short content in the master file table, where the table's own stream shows it a second time.
void Plan::note_resident(const Stream& stream, const Entry& entry) {
  if (stream.file_system != "ntfs" || stream.inline_content.empty() || entry.size == 0 || !is_entry_content(stream))
    return;
  const std::uint64_t inode = stream.meta->inode;
  if (!wanted(entry) || inode >= kMostResident) return;
  std::string& bits = resident_[entry.volume];
  const auto byte = static_cast<std::size_t>(inode / 8);
  if (bits.size() <= byte) bits.resize(std::max(byte + 1, bits.size() * 2), '\0');
  bits[byte] = static_cast<char>(static_cast<unsigned char>(bits[byte]) | 1U << inode % 8);
}

Status Plan::add(Stream stream) {
  stream.sequence = entries_.size();
  const Placed place = placed(stream);
  Entry entry;
  entry.kind = stream.kind;
  entry.region = is_region(stream);
  entry.volume = stream.volume.value_or(0);
  entry.has_extents = !stream.extents.empty();
  entry.deleted = stream.meta && !(stream.meta->allocated && stream.meta->name_allocated);
  entry.path_hash = companion_key(entry.volume, stream.path);
  entry.size = has_content(stream) ? stream.size.value : 0;
  entry.first_byte = place.first.value_or(0);
  entry.sparse_gap = entry.has_extents && entry.size > kSparseAllowance &&
                     entry.size / kSparseRatio > place.bytes + kSparseAllowance / kSparseRatio;
  entry.shared = stream.view && place.bytes != 0;
  note_companion(stream, entry);
  note_resident(stream, entry);
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

std::vector<ViewSpan> Plan::known_views(std::uint64_t index) const {
  const auto found = known_views_.find(batch_begins_[index]);
  return found == known_views_.end() ? std::vector<ViewSpan>{} : found->second;
}

std::string Plan::resident_records(const Stream& stream) const {
  constexpr std::uint64_t kMasterFileTable = 0;
  if (stream.file_system != "ntfs" || stream.kind != StreamKind::kFile || !stream.meta ||
      stream.meta->inode != kMasterFileTable)
    return {};
  const auto found = resident_.find(stream.volume.value_or(0));
  return found == resident_.end() ? std::string() : found->second;
}

/// Charges `bytes` of a stream whose bytes are read or looked at for another stream, too; false when too much is.
bool Plan::spend_shared(const Entry& entry, std::uint64_t bytes) {
  if (!entry.shared || !options_.shared_limit) return true;
  if (bytes > *options_.shared_limit - shared_bytes_) return false;
  shared_bytes_ += bytes;
  return true;
}

void Plan::add_over_limit(std::uint64_t sequence) {
  PlannedPiece piece;
  piece.entry = sequence;
  piece.readable = false;
  piece.over_limit = true;
  add_small(piece);
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
  const std::uint64_t bytes = placed(*found).bytes;
  if (to > from && (to - from) / kSparseRatio > bytes + kSparseAllowance) to = std::min(entry.size, from + bytes);
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
  std::vector<std::uint64_t> placed_entries;
  for (std::uint64_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (entry.region || !wanted(entry)) continue;
    if (entry.size != 0 && options_.contents) {
      placed_entries.push_back(i);
    } else if (entry.kind != StreamKind::kSlack) {  // slack without its bytes has nothing to say
      PlannedPiece piece;
      piece.entry = i;
      piece.readable = options_.contents;
      add_small(piece);
    }
  }
  // Deleted files come after all allocated ones: what is known by hash then is known before anything is recovered.
  std::stable_sort(placed_entries.begin(), placed_entries.end(), [this](std::uint64_t a, std::uint64_t b) {
    const Entry& x = entries_[a];
    const Entry& y = entries_[b];
    if (x.deleted != y.deleted) return y.deleted;
    if (x.has_extents != y.has_extents) return y.has_extents;
    return x.has_extents && x.first_byte < y.first_byte;
  });
  for (const std::uint64_t i : placed_entries) {
    if (entries_[i].deleted && entries_[i].has_extents && options_.regions) {
      unplaced_deleted_.push_back(i);  // may become a view
      continue;
    }
    const auto [from, to] = span_to_read(i);
    if (spend_shared(entries_[i], to - from)) {
      plan_content(i);
    } else {
      add_over_limit(i);
    }
  }
  end_batch();
}

/// The content of one entry, read for itself: in one piece, or in windows where it is too large.
void Plan::plan_content(std::uint64_t sequence) {
  const Entry& entry = entries_[sequence];
  const auto [from, to] = span_to_read(sequence);
  if (to - from > options_.max_file) {
    add_windows(sequence, from, to, options_.file_carry);
    return;
  }
  PlannedPiece piece;
  piece.entry = sequence;
  piece.stream_offset = from;
  piece.length = to - from;
  piece.whole = !entry.sparse_gap;
  if (entry.sparse_gap) end_batch();
  add_small(piece);
  if (entry.sparse_gap) end_batch();
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
