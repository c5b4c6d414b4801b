// SPDX-License-Identifier: Apache-2.0
// Consumer: one job done on every piece that passes a scanner. Consumers share the bytes of the slot; each is blamed
// on its own when it dies, hangs or eats memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/piece.h"
#include "model/sink.h"

namespace triage {

/// What the consumers before this one found out about the piece.
struct PieceFacts {
  std::optional<Digests> digests;
  std::string type;  ///< type by content
  std::optional<FileGrade> grade;
  bool saved = false;
  std::vector<ViewSpan> view_spans;  ///< deleted files in this piece of a region
};

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

/// Which of the built-in consumers a sweep has.
struct ConsumerChoice {
  bool digests = true;
  bool times = true;
  bool parsers = true;
  bool carve = true;
  bool recover = true;  ///< keep the content of deleted files
  bool files = true;    ///< rows of the `files` view
  const YaraRules* yara = nullptr;
};

/// The built-in consumers in their fixed order; digests and type first, the file's row last.
Consumers make_consumers(const ConsumerChoice& choice);

}  // namespace triage
