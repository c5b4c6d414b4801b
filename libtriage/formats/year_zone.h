// SPDX-License-Identifier: Apache-2.0
// Times of text logs: scanners for the usual shapes, and what a log does not say. Many logs leave out the year, the
// zone or both; LogClock infers them from what is there and says from what:
//   year   the file's time of modification (the last line was written then), or a full date in the log's own lines,
//          going back a year wherever the month falls from one line to the next (December → January)
//   zone   a line that gives both clocks, or the distance between the last line and the file's modification where it
//          is a whole number of quarter hours within five seconds. Without either, times are local of unknown zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/log_line.h"
#include "model/stream.h"
#include "model/timestamp.h"

namespace triage {

/// A date and time as a log writes it.
struct LogTime {
  std::optional<int> year;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::uint32_t nanos = 0;
  std::optional<int> offset_minutes;  ///< of the zone, where the log gives it
  Precision precision = Precision::kSecond;
};

/// "Mar 11 09:39:38", also with a leading weekday, a year after the day or at the end ("Mon Jun  6 18:43:28 2016").
std::optional<LogTime> scan_month_name_time(LineScan& scan);
/// "2024-05-01T10:00:00.123456+09:00", "2024/05/01 10:00:00,123", "20240501100000" is not one. Zone optional.
std::optional<LogTime> scan_iso_time(LineScan& scan);
/// "10/Oct/2000:13:55:36 -0700" (without brackets).
std::optional<LogTime> scan_clf_time(LineScan& scan);

/// Nanoseconds as if in UTC; nullopt when a field is out of range or the year is not known.
std::optional<std::int64_t> civil_nanos(const LogTime& time);

class LogClock {
 public:
  /// `modified`: of the file, from its metadata.
  explicit LogClock(const Stream& stream);

  /// First pass, in the order of the file: every time that has no year or no zone.
  void observe(const LogTime& time);
  /// A line that gives the same moment in UTC (kernel: "setting system clock to 2024-03-10T12:34:56 UTC").
  void observe_utc(const LogTime& local, std::int64_t utc_nanos);
  /// Ends the first pass.
  void infer();

  /// Second pass, in the same order: the stamp of a time, year and zone filled in. `raw` is the text in the log.
  Timestamp stamp(const LogTime& time, std::string_view raw);

  /// "file time", "log" or "" (not inferred): what the year and the zone were inferred from.
  [[nodiscard]] std::string_view year_from() const { return year_from_; }
  [[nodiscard]] std::string_view zone_from() const { return zone_from_; }
  [[nodiscard]] std::optional<int> offset_minutes() const { return offset_minutes_; }

 private:
  void infer_year();
  void infer_zone();
  [[nodiscard]] bool falls(const LogTime& time) const;

  std::optional<std::int64_t> modified_;
  std::optional<LogTime> last_;  // of either pass
  unsigned wraps_ = 0;           // years the log goes over in the first pass
  std::optional<unsigned> anchor_wraps_;
  std::optional<int> anchor_year_;  // of the line after anchor_wraps_ wraps
  std::optional<int> first_year_;
  unsigned stamped_wraps_ = 0;
  std::optional<int> offset_minutes_;
  std::string_view year_from_, zone_from_;
};

}  // namespace triage
