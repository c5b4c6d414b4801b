// SPDX-License-Identifier: Apache-2.0
// Consumer: one job done on every piece that passes a scanner. Consumers share the bytes of the slot; each is blamed
// on its own when it dies, hangs or eats memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carve/carve_filter.h"
#include "carve/gap_search.h"
#include "engine/piece.h"
#include "model/preview.h"
#include "model/sink.h"

namespace triage {

/// A file that lies in the piece: the deleted file that the piece is, or one that carving found.
struct FoundFile {
  std::vector<CarvePart> parts;  ///< in the piece, in the file's order
  std::string path;
  std::string extension;
  std::string sha256;
  bool complete = false;
  bool saved = false;
};

/// What the consumers before this one found out about the piece.
struct PieceFacts {
  std::optional<Digests> digests;
  std::string type;  ///< type by content
  std::optional<FileGrade> grade;
  bool saved = false;
  std::vector<ViewSpan> view_spans;  ///< deleted files in this piece of a region
  std::vector<FoundFile> found;      ///< files in this piece
  /// Takes content that was unpacked and is to be kept. Set by whoever runs the consumers.
  std::function<void(const ContentRecord&)> keep_content;
  std::function<void(const PreviewRecord&)> keep_preview;
};

/// The deleted file that the byte at `offset` of a region's piece lies in; nullptr without one.
const ViewSpan* view_at(const PieceFacts& facts, std::uint64_t offset);

/// A piece with its bytes mapped.
struct PieceData {
  const Piece& piece;
  Bytes data;
  Bytes slot;    ///< the whole slot, for companions
  Locator base;  ///< of the stream, without a range
  bool all_zero = false;
};

class Consumer {
 public:
  virtual ~Consumer() = default;
  /// Stable name, used in damage records ("digest", "yara", a parser's id …).
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Version for events of this consumer; 0 where it makes none.
  [[nodiscard]] virtual std::uint16_t version() const { return 0; }
  [[nodiscard]] virtual bool wants(const PieceData& piece, const PieceFacts& facts) const = 0;
  virtual void consume(const PieceData& piece, PieceFacts& facts, RecordSink& out) = 0;
};

using Consumers = std::vector<std::unique_ptr<Consumer>>;

class YaraRules;

/// What is carved, and what of it is told.
struct CarveChoice {
  CarveFilter filter;
  bool embedded = false;  ///< at any byte, in slack too; members of archives and documents are kept as files
  bool whole = false;     ///< inside existing files, too
};

/// Which of the built-in consumers a sweep has.
struct ConsumerChoice {
  bool digests = true;
  bool times = true;
  bool parsers = true;
  bool carve = true;
  bool recover = true;    ///< keep the content of deleted files
  bool files = true;      ///< rows of the `files` view
  bool unpack = true;     ///< members of archives and documents
  bool previews = false;  ///< thumbnails and first words of what is kept
  CarveChoice carving = {};
  const YaraRules* yara = nullptr;
};

/// The built-in consumers in their fixed order; digests and type first, the file's row last.
Consumers make_consumers(const ConsumerChoice& choice);

}  // namespace triage
