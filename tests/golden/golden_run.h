// SPDX-License-Identifier: Apache-2.0
// Runs one parser or carver in process over given bytes and prints what it said, one JSON line a record.
#pragma once

#include <string>
#include <vector>

#include "artifacts/parser.h"
#include "carve/carver.h"
#include "golden/golden_case.h"
#include "model/sink.h"

namespace triage::golden {

/// Keeps what a parser says, with the parts filled in that the engine fills in.
class CollectingSink final : public EventSink {
 public:
  CollectingSink(const ArtifactParser& parser, const Stream& stream) : parser_(parser), stream_(stream) {}
  void event(Event event) override;
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override;

  /// One JSON line per event and damage, in the order they came.
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const std::vector<Damage>& damages() const { return damages_; }
  /// Forgets the events of all other artifacts: what a plugin's case looks at.
  void keep_artifact(std::string_view id);
  /// Property tests need no text.
  void keep_lines(bool keep) { keep_lines_ = keep; }

 private:
  const ArtifactParser& parser_;
  const Stream& stream_;
  bool keep_lines_ = true;
  std::vector<std::string> lines_;
  std::vector<Event> events_;
  std::vector<Damage> damages_;
};

/// The stream that a case's parser sees: key and path from the origin, size of `data`.
Stream stream_of(const GoldenCase& golden, std::size_t size);

/// Runs `parser` over `data` as the stream of `golden`. `sink` takes what it says.
Outcome run_parser(const ArtifactParser& parser, const GoldenCase& golden, Bytes data, const Stream& stream,
                   CollectingSink& sink);

/// The event's flat, non-null fields (DESIGN.md §7, without `id` and `evidence`) on one line.
std::string event_line(const Event& event);
std::string damage_line(const Damage& damage);
/// {"grade":…,"length":…,"extension":…}
std::string carve_line(const CarveResult& result);

/// What every parser's output must hold whatever its input: known `what`, declared attributes, locators in range,
/// well-formed text. Empty when all is well.
std::vector<std::string> check_output(const ArtifactParser& parser, const CollectingSink& sink, std::size_t size);

}  // namespace triage::golden
