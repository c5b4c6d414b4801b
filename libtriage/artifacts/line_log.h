// SPDX-License-Identifier: Apache-2.0
// What parsers of line-based logs share: two passes over the lines (the first for year and zone), one event a line,
// and damage for lines that are not understood.
#pragma once

#include <optional>
#include <string_view>

#include "artifacts/parser.h"
#include "formats/log_line.h"
#include "formats/year_zone.h"

namespace triage {

enum class LineSays : std::uint8_t {
  kEvent,    ///< the event was filled in
  kNothing,  ///< a comment, a header, an empty line
  kNoise,    ///< not a line of this log
};

/// One kind of log. May keep state from line to line; both passes begin with restart().
class LineLog {
 public:
  virtual ~LineLog() = default;
  virtual void restart() {}
  /// The time of a line, for the first pass; nullopt where it has none.
  virtual std::optional<LogTime> time_of(std::string_view line) = 0;
  virtual LineSays read(const LogLine& line, LogClock& clock, Event& event) = 0;
};

/// Runs `log` over the artifact. kNotMine when no line is an event; what is noise is counted as damage. Locator and
/// record (the line's number) are filled in.
Outcome read_line_log(const Artifact& in, EventSink& out, LineLog& log);

/// Adds year_from and zone_from where `time` lacked a year or a zone and `clock` knew better.
void note_inference(const LogTime& time, const LogClock& clock, Event& event);
inline constexpr FieldSpec kYearFrom{"year_from", "", "what the year was inferred from: file time, or log"};
inline constexpr FieldSpec kZoneFrom{"zone_from", "", "what the zone was inferred from: file time, or log"};

/// Sets a field from text of the log; "" and "-" leave it null.
void set_text(std::optional<std::string>& field, std::string_view text);
/// Adds an attribute from text of the log; "" and "-" add none.
void add_text(Event& event, std::string_view name, std::string_view text);

}  // namespace triage
