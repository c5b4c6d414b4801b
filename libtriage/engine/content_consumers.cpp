// SPDX-License-Identifier: Apache-2.0
// Consumers that look into content: the artifact parsers and YARA.
#include "engine/content_consumers.h"

#include <fmt/format.h>

#include <algorithm>

#include "artifacts/ntfs_i30.h"
#include "artifacts/parser.h"
#include "engine/resident_owner.h"
#include "formats/file_type.h"
#include "scan/yara.h"

namespace triage {
namespace {

/// Covers libyara's longest regular expression in both directions (YR_RE_SCAN_LIMIT) with room to spare.
constexpr std::uint64_t kYaraOverlap = 64ULL << 10;

/// Counts damage, so that a partial result without a word about why is noticed.
class CountingSink final : public EventSink {
 public:
  explicit CountingSink(EventSink& inner) : inner_(inner) {}
  void event(Event event) override { inner_.event(std::move(event)); }
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override {
    ++damages;
    inner_.damage(kind, at, field, std::move(detail));
  }
  std::uint64_t damages = 0;

 private:
  EventSink& inner_;
};

class ParserConsumer final : public Consumer {
 public:
  explicit ParserConsumer(const ArtifactParser& parser) : parser_(parser) {}
  [[nodiscard]] std::string_view name() const override { return parser_.id; }
  [[nodiscard]] std::uint16_t version() const override { return parser_.version; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    const Piece& piece = data.piece;
    if (!is_entry_content(piece.stream) || piece.stream.alias_of || data.data.empty() || piece.carry != 0) return false;
    const bool sparse_part = !piece.whole && piece.last;
    if (piece.stream_offset != 0 && !sparse_part) return false;
    return parser_wants(parser_, piece.stream, data.data);
  }
  void consume(const PieceData& data, PieceFacts&, RecordSink& out) override {
    const Piece& piece = data.piece;
    if (data.data.size() > parser_.max_input.value || (!piece.whole && !piece.last)) {
      out.damage(DamageKind::kLimit, 0, "",
                 fmt::format("{} bytes are more than {} reads", piece.stream.size.value, parser_.id));
      return;
    }
    std::vector<Companion> companions;
    for (const CompanionSpan& span : piece.companions)
      companions.push_back({span.suffix, data.slot.subspan(span.slot_offset, span.length)});
    const Artifact artifact{piece.stream, data.data, piece.whole, companions, data.base, piece.stream_offset};
    CountingSink sink(out);
    const Outcome outcome = parser_.parse(artifact, sink);
    if (sink.damages > 0) return;
    if (outcome == Outcome::kPartial)
      out.damage(DamageKind::kRange, 0, "", fmt::format("{} could read a part only", parser_.id));
    if (outcome == Outcome::kUnsupportedVersion)
      out.damage(DamageKind::kVersion, 0, "", fmt::format("a version that {} does not read", parser_.id));
  }

 private:
  const ArtifactParser& parser_;
};

/// True for bytes of a master file table that are the content of a file, which is a stream itself.
bool lies_in_resident(const PieceData& data, std::uint64_t offset, std::uint64_t length) {
  const auto owner = resident_owner(data.data, data.piece.stream_offset, offset, length);
  if (!owner || *owner / 8 >= data.piece.resident_records.size()) return false;
  const auto bits = static_cast<unsigned char>(data.piece.resident_records[static_cast<std::size_t>(*owner / 8)]);
  return (bits >> *owner % 8 & 1U) != 0;
}

class YaraConsumer final : public Consumer {
 public:
  explicit YaraConsumer(const YaraRules& rules) : rules_(rules) {}
  [[nodiscard]] std::string_view name() const override { return "yara"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    return !data.data.empty() && !data.all_zero && !data.piece.stream.alias_of &&
           data.piece.stream.kind != StreamKind::kDirectory;  // lists of names are no content
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink& out) override {
    if (!scanner_) scanner_.emplace(rules_);
    const std::uint64_t overlap = std::min(data.piece.carry, kYaraOverlap);
    const std::uint64_t skipped = data.piece.carry - overlap;
    YaraScan scan{data.piece.stream, data.data.subspan(skipped), data.base, data.piece.stream_offset + skipped, overlap,
                  facts.type};
    if (!facts.view_spans.empty() || !data.piece.resident_records.empty()) {
      scan.told_elsewhere = [&](std::uint64_t at, std::uint64_t length) {
        return view_at(facts, skipped + at) != nullptr || lies_in_resident(data, skipped + at, length);
      };
    }
    scanner_->scan(scan, out);
  }

 private:
  const YaraRules& rules_;
  std::optional<YaraScanner> scanner_;
};

/// Names that the blocks of NTFS folders keep in slack, and index records in free space.
class IndexNamesConsumer final : public Consumer {
 public:
  [[nodiscard]] std::string_view name() const override { return kIndexNamesId; }
  [[nodiscard]] std::uint16_t version() const override { return kIndexNamesVersion; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    const Stream& stream = data.piece.stream;
    return (is_region(stream) || stream.kind == StreamKind::kDirectory) && stream.file_system == "ntfs" &&
           !data.data.empty() && !data.all_zero;
  }
  void consume(const PieceData& data, PieceFacts&, RecordSink& out) override {
    const Piece& piece = data.piece;
    const Artifact artifact{piece.stream, data.data, piece.whole, {}, data.base, piece.stream_offset};
    const bool in_use = piece.stream.kind == StreamKind::kMetadata || piece.stream.kind == StreamKind::kDirectory;
    emit_index_names(artifact, static_cast<std::size_t>(piece.carry),
                     in_use ? IndexNames::kSlackOnly : IndexNames::kRecovered, out);
  }
};

}  // namespace

void add_parser_consumers(Consumers& out) {
  for (const ArtifactParser* parser : all_parsers()) out.push_back(std::make_unique<ParserConsumer>(*parser));
  out.push_back(std::make_unique<IndexNamesConsumer>());
}
void add_yara_consumer(Consumers& out, const YaraRules& rules) { out.push_back(std::make_unique<YaraConsumer>(rules)); }

}  // namespace triage
