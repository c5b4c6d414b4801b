// SPDX-License-Identifier: Apache-2.0
// Carving as a consumer: windows of regions, paging and hibernation files; by choice slack and existing files.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bytes/text.h"
#include "carve/carve_scan.h"
#include "engine/content_consumers.h"

namespace triage {
namespace {

constexpr std::uint64_t kTail = 16ULL << 20;  ///< shown again as the carry of a region's next window

bool is_whole_file(const Piece& piece) { return piece.whole && piece.stream_offset == 0; }

/// Files that hold pages of memory: what lay in them belongs to no file of its own.
bool holds_pages(const Stream& stream) {
  static constexpr std::array<std::string_view, 4> kNames = {"pagefile.sys", "swapfile.sys", "hiberfil.sys",
                                                             "swapfile"};
  const std::string name = ascii_lower(std::string_view(stream.path).substr(stream.path.rfind('/') + 1));
  return stream.kind == StreamKind::kFile && std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// The unit in which the region's volume hands out space, as far as its runs tell: gaps inside files are multiples of
/// it. A few runs, or none, tell little: then 4 KiB at most.
std::uint64_t gap_grid(const Stream& region) {
  constexpr std::uint64_t kUsual = 4096;
  constexpr std::uint64_t kLargest = 64 * 1024;
  constexpr std::size_t kTelling = 8;  // runs
  std::uint64_t lengths = 0;
  for (const Extent& extent : region.extents) lengths |= extent.length.value;
  const std::uint64_t unit = lengths & (~lengths + 1);  // the largest power of two that divides them all
  if (unit < 512) return kUsual;
  return region.extents.size() < kTelling ? std::min(unit, kUsual) : std::min(unit, kLargest);
}

class CarveConsumer final : public Consumer {
 public:
  CarveConsumer(const CarveChoice& choice, bool keep) : choice_(choice), keep_(keep) {}
  [[nodiscard]] std::string_view name() const override { return "carve"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    const Stream& stream = data.piece.stream;
    if (data.data.empty() || data.all_zero || stream.alias_of) return false;
    // Blocks of file-system structures hold no files.
    if (is_region(stream)) return stream.kind != StreamKind::kMetadata;
    if (stream.kind == StreamKind::kSlack) return choice_.embedded;
    if (!is_entry_content(stream) || stream.kind == StreamKind::kMetadata || stream.view) return false;
    return choice_.whole || holds_pages(stream);
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink& out) override {
    const bool region = is_region(data.piece.stream);
    // The tail of a region's window is shown again with the next one: candidates there wait for it.
    const std::uint64_t tail = region && !data.piece.last ? std::min<std::uint64_t>(kTail, data.data.size()) : 0;
    CarveScanOptions options;
    if (choice_.embedded) options.step = 1;
    options.grid = region ? gap_grid(data.piece.stream) : 0;
    const CarveScanResult result = scan_.scan(data.data, data.data.size() - tail, options);
    for (const CarveHit& hit : result.hits) keep(hit, data, facts, out);
    if (result.out_of_budget)
      out.damage(DamageKind::kLimit, data.piece.stream_offset, "",
                 "too many candidates; some were left unjudged in this window");
  }

 private:
  [[nodiscard]] std::string path_of(const CarveHit& hit, const PieceData& data) const {
    const Stream& stream = data.piece.stream;
    const std::uint64_t at = data.piece.stream_offset + hit.offset;
    if (is_region(stream) || stream.path.empty())
      return fmt::format("$Carved/{}/{:#x}.{}", stream.key, at, hit.extension);
    return fmt::format("{}/{:#x}.{}", stream.path, at, hit.extension);
  }

  void keep(const CarveHit& hit, const PieceData& data, PieceFacts& facts, RecordSink& out) {
    const ViewSpan* view = view_at(facts, hit.offset);
    // The metadata has this very file already.
    if (view != nullptr && !view->cut && hit.offset == view->offset && hit.length <= view->length) return;
    const bool region = is_region(data.piece.stream);
    if (!region && is_whole_file(data.piece) && hit.offset == 0) return;  // the existing file itself
    if (!choice_.filter.wants(*hit.carver, hit.extension, hit.length)) return;
    // One run of bytes, or the pieces of a fragmented file.
    const std::vector<CarvePart> parts =
        hit.parts.empty() ? std::vector<CarvePart>{{hit.offset, hit.length}} : hit.parts;
    for (const CarvePart& part : parts) digests_.update(data.data.subspan(part.offset, part.length));
    FileRecord file;
    file.stream = data.piece.stream.key;
    file.volume = data.piece.stream.volume;
    file.path = path_of(hit, data);
    file.allocated = false;
    file.kind = "file";
    file.size = hit.length;
    file.digests = digests_.finish();
    file.method = "carved";
    const bool complete = hit.grade == CarveGrade::kComplete;
    const bool inside = view != nullptr || (!region && !holds_pages(data.piece.stream));
    file.grade = inside ? FileGrade::kEmbedded : complete ? FileGrade::kComplete : FileGrade::kTruncated;
    file.type = hit.extension;
    for (const CarvePart& part : parts) add_runs(data, part.offset, part.length, file.runs);
    file.saved = keep_;
    if (keep_) {
      OutputRecord record;
      record.sha256 = file.digests->sha256;
      record.extension = hit.extension;
      record.carved = true;
      record.slot_offset = data.piece.slot_offset + hit.offset;
      record.length = hit.length;
      for (std::size_t i = 1; i < parts.size(); ++i)
        record.more.push_back(
            {ByteOffset{data.piece.slot_offset + parts[i].offset}, ByteCount{parts[i].length}, false});
      out.output(std::move(record));
    }
    facts.found.push_back({parts, file.path, file.type, file.digests->sha256, complete, keep_});
    out.file(std::move(file));
  }

  /// Where [offset, offset + length) of the piece lies on the medium.
  static void add_runs(const PieceData& data, std::uint64_t offset, std::uint64_t length, std::vector<Extent>& runs) {
    // The extents of a region's piece are those of its window; a file's are those of the whole stream.
    if (!is_region(data.piece.stream)) offset += data.piece.stream_offset;
    std::uint64_t at = 0;
    for (const Extent& extent : data.piece.stream.extents) {
      const std::uint64_t from = std::max(at, offset);
      const std::uint64_t to = std::min(at + extent.length.value, offset + length);
      if (from < to) runs.push_back({extent.at + ByteCount{from - at}, ByteCount{to - from}, extent.sparse});
      at += extent.length.value;
    }
  }

  CarveChoice choice_;
  bool keep_;
  CarveScan scan_{all_carvers()};
  DigestSet digests_;
};

}  // namespace

const ViewSpan* view_at(const PieceFacts& facts, std::uint64_t offset) {
  const auto found = std::find_if(facts.view_spans.begin(), facts.view_spans.end(), [offset](const ViewSpan& span) {
    return offset >= span.offset && offset - span.offset < span.length;
  });
  return found == facts.view_spans.end() ? nullptr : &*found;
}

void add_carve_consumer(Consumers& out, const CarveChoice& choice, bool keep) {
  out.push_back(std::make_unique<CarveConsumer>(choice, keep));
}

}  // namespace triage
