// SPDX-License-Identifier: Apache-2.0
// Children: the members of archives and documents, level below level, each digested, typed, read by the parsers and
// YARA like a file, and told as a row of `files` with its path inside (a.zip/b.jpg). Content without a known type and
// the streams of compound documents are searched for pictures and documents at any byte.
// Bytes lie in this process only; a member's content goes out where the sweep keeps members as files.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "carve/carve_scan.h"
#include "engine/content_consumers.h"
#include "formats/file_type.h"
#include "formats/peek.h"
#include "unpack/unpack.h"

namespace triage {
namespace {

/// Gives what a consumer says of a child the child's name and place; the piece's sink knows the container only.
class ChildSink final : public RecordSink {
 public:
  ChildSink(RecordSink& outer, const std::string& path, const Locator& base, std::uint64_t at)
      : outer_(outer), path_(path), base_(base), at_(at) {}
  void begin(const Consumer& consumer) { consumer_ = &consumer; }
  void event(Event event) override {
    if (event.artifact.empty()) event.artifact = consumer_->name();
    if (event.artifact_version == 0) event.artifact_version = consumer_->version();
    if (event.locator.evidence.empty()) event.locator = base_;
    if (event.source.empty()) event.source = path_;
    outer_.event(std::move(event));
  }
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override {
    outer_.damage(kind, at_, field, fmt::format("{} ({} at {:#x}): {}", path_, consumer_->name(), at, detail));
  }
  void finding(Finding finding) override {
    if (finding.path.empty()) finding.path = path_;
    outer_.finding(std::move(finding));
  }
  void file(FileRecord) override {}      // the row is told by the one who unpacks
  void output(OutputRecord) override {}  // as is the content

 private:
  RecordSink& outer_;
  const std::string& path_;
  const Locator& base_;
  std::uint64_t at_;  ///< in the piece's stream
  const Consumer* consumer_ = nullptr;
};

/// One container and its place.
struct Container {
  Bytes data;
  std::string type;
  std::string path;
  Locator base;             ///< of its first byte; `begin` is set where there are no steps
  std::uint64_t at = 0;     ///< in the piece's stream, for damage
  std::uint32_t depth = 0;  ///< 0: lies in the piece itself
  bool allocated = true;
  FileGrade grade = FileGrade::kComplete;
};

Locator place_of(const Container& container, std::uint64_t offset) {
  Locator place = container.base;
  if (place.steps.empty()) {
    place.begin = place.begin.value_or(0) + offset;
  } else {
    place.steps.back().offset += offset;
  }
  return place;
}

/// Formats whose carvers are sure enough to be asked at every byte of content of unknown kind.
std::vector<const Carver*> sure_carvers() {
  static constexpr std::array<std::string_view, 8> kIds = {"jpeg", "png", "gif", "webp", "pdf", "zip", "ole", "sqlite"};
  std::vector<const Carver*> out;
  for (const Carver* carver : all_carvers())
    if (std::find(kIds.begin(), kIds.end(), carver->id) != kIds.end()) out.push_back(carver);
  return out;
}

class UnpackConsumer final : public Consumer {
 public:
  UnpackConsumer(const ConsumerChoice& choice) : choice_(choice), carvers_(sure_carvers()), scan_(carvers_) {
    if (choice.parsers) add_parser_consumers(inner_);
    if (choice.yara != nullptr) add_yara_consumer(inner_, *choice.yara);
  }
  [[nodiscard]] std::string_view name() const override { return "unpack"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts& facts) const override {
    if (data.all_zero || data.piece.stream.alias_of) return false;
    const bool found =
        std::any_of(facts.found.begin(), facts.found.end(), [](const FoundFile& file) { return !file.parts.empty(); });
    return found || is_whole_entry(data);
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink& out) override {
    piece_ = &data;
    out_ = &out;
    keep_content_ = facts.keep_content;
    budget_ = {};  // one for all that a piece holds: free space may hold thousands of archives
    const Stream& stream = data.piece.stream;
    if (is_whole_entry(data)) {
      const bool deleted = !(stream.meta->allocated && stream.meta->name_allocated);
      Container own{data.data, facts.type, stream.path, data.base,
                    0,         0,          !deleted,    facts.grade.value_or(FileGrade::kComplete)};
      descend(own);
      return;  // what was carved inside an existing file is a member or lies in one
    }
    for (const FoundFile& file : facts.found) {
      const std::vector<std::byte> joined =
          file.parts.size() > 1 ? join(data.data, file.parts) : std::vector<std::byte>();
      const CarvePart& first = file.parts.front();
      const Bytes content = file.parts.size() > 1 ? Bytes(joined) : part(data.data, first.offset, first.length);
      const std::string type(type_by_content(content));
      if (!is_container(type)) continue;
      if (budget_.members == 0) {
        out.damage(DamageKind::kLimit, data.piece.stream_offset + first.offset, "members",
                   "the archives before this one used up what is unpacked of one window; it and those behind it stay "
                   "unopened");
        return;
      }
      const std::uint64_t at = data.piece.stream_offset + first.offset;
      Container carved{content, type, file.path, data.base.at(at),
                       at,      0,    false,     file.complete ? FileGrade::kComplete : FileGrade::kTruncated};
      descend(carved);
    }
  }

 private:
  static bool is_whole_entry(const PieceData& data) {
    const Piece& piece = data.piece;
    const bool readable = piece.stream.availability == Availability::kWhole && piece.readable;
    return is_entry_content(piece.stream) && piece.stream.kind != StreamKind::kMetadata && piece.whole && readable &&
           piece.stream_offset == 0 && piece.carry == 0 && !data.data.empty();
  }
  static std::vector<std::byte> join(Bytes data, const std::vector<CarvePart>& parts) {
    std::vector<std::byte> out;
    for (const CarvePart& piece : parts) {
      const Bytes bytes = part(data, piece.offset, piece.length);
      out.insert(out.end(), bytes.begin(), bytes.end());
    }
    return out;
  }

  void descend(const Container& container) {
    if (is_container(container.type)) {
      Members members(*this, container);
      unpack(container.data, container.type, container.path, budget_, members);
    } else if (searched(container)) {
      search(container);
    }
  }

  /// Content of no known kind, and what compound documents keep their pictures in.
  [[nodiscard]] bool searched(const Container& container) const {
    const bool carved = choice_.carve && choice_.carving.whole && container.depth == 0;  // it was searched as it lies
    return container.type.empty() && !carved;
  }

  void search(const Container& container) {
    CarveScanOptions options;
    options.step = 1;
    options.grid = 0;
    for (const CarveHit& hit : scan_.scan(container.data, container.data.size(), options).hits) {
      if (hit.grade != CarveGrade::kComplete) continue;
      const Bytes content = part(container.data, hit.offset, hit.length);
      Container child{content,
                      std::string(type_by_content(content)),
                      fmt::format("{}/{:#x}.{}", container.path, hit.offset, hit.extension),
                      place_of(container, hit.offset),
                      container.at + (container.depth == 0 ? hit.offset : 0),
                      container.depth,
                      container.allocated,
                      FileGrade::kEmbedded};
      if (child.base.steps.empty()) child.base.length = hit.length;
      tell(child);
      if (container.depth < budget_.depth && is_container(child.type)) descend(child);
    }
  }

  class Members final : public UnpackSink {
   public:
    Members(UnpackConsumer& owner, const Container& container) : owner_(owner), container_(container) {}
    bool member(const UnpackedMember& member) override {
      if (member.content.empty()) return true;
      std::string_view name = member.name;
      while (name.starts_with('/')) name.remove_prefix(1);
      Container child{member.content,
                      std::string(type_by_content(member.content)),
                      fmt::format("{}/{}", container_.path, name),
                      place_of(container_, member.at),
                      container_.at,
                      container_.depth + 1,
                      container_.allocated,
                      grade_of(member)};
      child.base.length.reset();
      child.base.steps.push_back({std::string(member.transform), 0});
      owner_.tell(child);
      owner_.examine(child);
      if (child.depth < owner_.budget_.depth) {
        owner_.descend(child);
      } else if (is_container(child.type)) {
        damage(DamageKind::kLimit, member.at, "depth", member.name + ": nested deeper than is unpacked");
      }
      return owner_.budget_.members > 0;
    }
    void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override {
      const std::uint64_t place = container_.depth == 0 ? container_.at + at : container_.at;
      if (container_.depth > 0) detail = fmt::format("{}: {}", container_.path, detail);
      owner_.out_->damage(kind, place, field, std::move(detail));
    }

   private:
    [[nodiscard]] FileGrade grade_of(const UnpackedMember& member) const {
      if (!member.whole) return FileGrade::kTruncated;
      if (member.checked || container_.allocated) return FileGrade::kComplete;
      return container_.grade == FileGrade::kComplete ? FileGrade::kComplete : FileGrade::kLikely;
    }
    UnpackConsumer& owner_;
    const Container& container_;
  };

  /// The row, and the content where members are kept.
  void tell(const Container& child) {
    digests_.update(child.data);
    FileRecord file;
    file.sequence = piece_->piece.stream.sequence;
    file.stream = child.base.text().substr(child.base.evidence.size() + 1);
    file.volume = piece_->piece.stream.volume;
    file.path = child.path;
    file.allocated = false;  // no entry of the file system, whatever its container is
    file.kind = stream_kind_name(StreamKind::kChild);
    file.size = child.data.size();
    file.digests = digests_.finish();
    file.type = child.type;
    file.method = "carved";
    file.grade = child.grade;
    if (keep_content_ && choice_.carving.embedded && choice_.recover && wanted(child)) {
      file.saved = true;
      ContentRecord record;
      record.as.sha256 = file.digests->sha256;
      record.as.extension = extension_of_type(child.type);
      record.as.carved = true;
      record.as.length = child.data.size();
      record.content = std::string(as_chars(child.data));
      keep_content_(record);
    }
    if (choice_.files) out_->file(std::move(file));
  }
  /// Members of documents are parts of them: only what a person would call a file is kept.
  [[nodiscard]] bool wanted(const Container& child) const {
    return !child.type.empty() && (choice_.carving.whole || !child.allocated) &&
           choice_.carving.filter.wants_type(child.type, child.data.size());
  }

  /// Parsers and YARA over one member.
  void examine(const Container& child) {
    Piece piece;
    piece.stream = piece_->piece.stream;
    Stream& stream = piece.stream;
    stream.key = child.base.stream;
    stream.kind = StreamKind::kChild;
    stream.path = child.path;
    stream.raw_path.clear();
    stream.inline_content.clear();
    stream.extents.clear();
    stream.alias_of.reset();
    stream.size = ByteCount{child.data.size()};
    if (!stream.meta) stream.meta.emplace();
    stream.meta->allocated = stream.meta->name_allocated = child.allocated;
    stream.meta->times = {};
    stream.meta->file_name_times.reset();
    piece.length = child.data.size();
    const bool zeros = is_filled(child.data, 0);
    const PieceData data{piece, child.data, child.data, child.base, zeros};
    PieceFacts facts;
    facts.type = child.type;
    ChildSink sink(*out_, child.path, child.base, child.at);
    for (const auto& consumer : inner_) {
      sink.begin(*consumer);
      if (consumer->wants(data, facts)) consumer->consume(data, facts, sink);
    }
  }

  ConsumerChoice choice_;
  Consumers inner_;
  std::vector<const Carver*> carvers_;
  CarveScan scan_;
  DigestSet digests_;
  UnpackBudget budget_;
  const PieceData* piece_ = nullptr;  ///< for the time of one consume()
  RecordSink* out_ = nullptr;
  std::function<void(const ContentRecord&)> keep_content_;
};

}  // namespace

void add_unpack_consumer(Consumers& out, const ConsumerChoice& choice) {
  out.push_back(std::make_unique<UnpackConsumer>(choice));
}

}  // namespace triage
