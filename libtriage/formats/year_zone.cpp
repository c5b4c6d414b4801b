// SPDX-License-Identifier: Apache-2.0
#include "formats/year_zone.h"

#include <array>
#include <cstdlib>

#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr std::int64_t kSecond = 1000000000;
constexpr std::int64_t kQuarterHour = 900 * kSecond;
constexpr std::int64_t kLargestOffset = 14 * 3600 * kSecond;
constexpr std::int64_t kFileSlack = 5 * kSecond;   // between the last line and the file's modification
constexpr std::int64_t kLineSlack = 60 * kSecond;  // between a kernel's line and the log daemon's stamp
constexpr int kLeapYear = 2000;

/// The first three characters as one number; 0 for fewer. Every line of a log is asked.
constexpr std::uint32_t three(std::string_view text) {
  if (text.size() < 3) return 0;
  const auto at = [text](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[i])}; };
  return at(0) << 16 | at(1) << 8 | at(2);
}

std::optional<unsigned> month_of(std::string_view name) {
  static constexpr std::array<std::uint32_t, 12> kNames = {three("Jan"), three("Feb"), three("Mar"), three("Apr"),
                                                           three("May"), three("Jun"), three("Jul"), three("Aug"),
                                                           three("Sep"), three("Oct"), three("Nov"), three("Dec")};
  const std::uint32_t wanted = three(name);
  for (unsigned i = 0; i < kNames.size(); ++i)
    if (kNames[i] == wanted) return i + 1;
  return std::nullopt;
}

bool is_weekday(std::string_view text) {
  static constexpr std::array<std::uint32_t, 7> kNames = {three("Mon"), three("Tue"), three("Wed"), three("Thu"),
                                                          three("Fri"), three("Sat"), three("Sun")};
  const std::uint32_t wanted = three(text);
  for (const std::uint32_t name : kNames)
    if (name == wanted) return true;
  return false;
}

bool in_range(const LogTime& t) {
  return t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31 && t.hour < 24 && t.minute < 60 && t.second <= 60;
}

/// "hh:mm:ss" and a fraction after a dot or comma.
bool scan_clock(LineScan& scan, LogTime& out) {
  const auto hour = scan.digits(1, 2);
  if (!hour || !scan.skip(':')) return false;
  const auto minute = scan.digits(2, 2);
  if (!minute || !scan.skip(':')) return false;
  const auto second = scan.digits(2, 2);
  if (!second) return false;
  out.hour = static_cast<unsigned>(*hour);
  out.minute = static_cast<unsigned>(*minute);
  out.second = static_cast<unsigned>(*second);
  LineScan after = scan;
  if (!after.skip('.') && !after.skip(',')) return in_range(out);
  const std::size_t before = after.rest().size();
  const auto fraction = after.digits(1, 9);
  if (!fraction) return in_range(out);
  const std::size_t count = before - after.rest().size();
  std::uint64_t nanos = *fraction;
  for (std::size_t i = count; i < 9; ++i) nanos *= 10;
  out.nanos = static_cast<std::uint32_t>(nanos);
  out.precision = count <= 3 ? Precision::kMillisecond : count <= 6 ? Precision::kMicrosecond : Precision::kNanosecond;
  scan = after;
  return in_range(out);
}

/// "Z", "+09:00", "-0700", " +0900"; no zone is no fault.
void scan_offset(LineScan& scan, LogTime& out) {
  LineScan after = scan;
  if (after.skip('Z')) {
    out.offset_minutes = 0;
    scan = after;
    return;
  }
  (void)after.skip(' ');  // one blank may stand before it
  const bool west = after.peek() == '-';
  if (!after.skip('+') && !after.skip('-')) return;
  const auto hours = after.digits(2, 2);
  if (!hours) return;
  (void)after.skip(':');  // the colon is optional
  const auto minutes = after.digits(2, 2);
  if (!minutes || *hours > 14 || *minutes > 59) return;
  const int offset = static_cast<int>(*hours * 60 + *minutes);
  out.offset_minutes = west ? -offset : offset;
  scan = after;
}

/// Offset of a zone: the distance of the same moment in local time and UTC, when it is some quarter hours.
std::optional<int> offset_between(std::int64_t local, std::int64_t utc, std::int64_t slack) {
  const std::int64_t apart = local - utc;
  const std::int64_t quarters = (apart + (apart < 0 ? -kQuarterHour / 2 : kQuarterHour / 2)) / kQuarterHour;
  if (std::llabs(apart - quarters * kQuarterHour) > slack || std::llabs(apart) > kLargestOffset + slack)
    return std::nullopt;
  return static_cast<int>(quarters * 15);
}

}  // namespace

std::optional<LogTime> scan_month_name_time(LineScan& scan) {
  LineScan s = scan;
  LogTime out;
  if (is_weekday(s.rest())) {
    (void)s.word();  // the weekday follows from the date
    s.skip_blanks();
  }
  const auto month = month_of(s.rest());
  if (!month || !s.skip(s.rest().substr(0, 3)) || !s.skip(' ')) return std::nullopt;
  s.skip_blanks();
  const auto day = s.digits(1, 2);
  if (!day || !s.skip(' ')) return std::nullopt;
  s.skip_blanks();
  LineScan with_year = s;
  if (const auto year = with_year.digits(4, 4); year && with_year.skip(' ')) {
    out.year = static_cast<int>(*year);
    s = with_year;
  }
  out.month = *month;
  out.day = static_cast<unsigned>(*day);
  if (!scan_clock(s, out)) return std::nullopt;
  LineScan after = s;
  if (!out.year && after.skip(' '))
    if (const auto year = after.digits(4, 4);
        year && *year >= 1970 && *year < 2200 && (after.empty() || after.peek() == ' ' || after.peek() == ']')) {
      out.year = static_cast<int>(*year);
      s = after;
    }
  scan = s;
  return out;
}

std::optional<LogTime> scan_iso_time(LineScan& scan) {
  LineScan s = scan;
  LogTime out;
  const auto year = s.digits(4, 4);
  const char separator = s.peek();
  if (!year || (separator != '-' && separator != '/') || !s.skip(separator)) return std::nullopt;
  const auto month = s.digits(2, 2);
  if (!month || !s.skip(separator)) return std::nullopt;
  const auto day = s.digits(2, 2);
  if (!day || (!s.skip('T') && !s.skip(' ') && !s.skip('\t'))) return std::nullopt;
  out.year = static_cast<int>(*year);
  out.month = static_cast<unsigned>(*month);
  out.day = static_cast<unsigned>(*day);
  if (!scan_clock(s, out)) return std::nullopt;
  scan_offset(s, out);
  scan = s;
  return out;
}

std::optional<LogTime> scan_clf_time(LineScan& scan) {
  LineScan s = scan;
  LogTime out;
  const auto day = s.digits(1, 2);
  if (!day || !s.skip('/')) return std::nullopt;
  const auto month = month_of(s.rest());
  if (!month || !s.skip(s.rest().substr(0, 3)) || !s.skip('/')) return std::nullopt;
  const auto year = s.digits(4, 4);
  if (!year || !s.skip(':')) return std::nullopt;
  out.year = static_cast<int>(*year);
  out.month = *month;
  out.day = static_cast<unsigned>(*day);
  if (!scan_clock(s, out)) return std::nullopt;
  scan_offset(s, out);
  scan = s;
  return out;
}

std::optional<std::int64_t> civil_nanos(const LogTime& time) {
  if (!time.year) return std::nullopt;
  // A leap second is the last one of its minute, and the next.
  const bool leap = time.second == 60;
  const auto out =
      nanos_from_civil(*time.year, time.month, time.day, time.hour, time.minute, leap ? 59 : time.second, time.nanos);
  if (!out || !leap) return out;
  return *out + kSecond;
}

LogClock::LogClock(const Stream& stream) {
  if (stream.meta) modified_ = stream.meta->times.modified.utc_nanos;
}

/// A month that falls means a new year; a step back within some weeks is only a clock that was set.
bool LogClock::falls(const LogTime& time) const { return last_ && time.month + 1 < last_->month; }

void LogClock::observe(const LogTime& time) {
  if (!time.year && falls(time)) ++wraps_;
  if (time.year && !anchor_year_) {
    anchor_year_ = time.year;
    anchor_wraps_ = wraps_;
    year_from_ = "log";
  }
  last_ = time;
}

void LogClock::observe_utc(const LogTime& local, std::int64_t utc_nanos) {
  if (offset_minutes_) return;
  LogTime dated = local;
  const std::string text = utc_text(utc_nanos, 0);
  const auto year = decimal(std::string_view(text).substr(0, 4));
  if (!year) return;
  if (!dated.year) dated.year = static_cast<int>(*year);
  const auto as_utc = civil_nanos(dated);
  if (!as_utc) return;
  offset_minutes_ = offset_between(*as_utc, utc_nanos, kLineSlack);
  if (!offset_minutes_) return;
  zone_from_ = "log";
  if (!anchor_year_) {
    anchor_year_ = dated.year;
    anchor_wraps_ = wraps_ + (!local.year && falls(local) ? 1 : 0);
    year_from_ = "log";
  }
}

void LogClock::infer() {
  infer_year();
  infer_zone();
  last_.reset();
}

void LogClock::infer_year() {
  if (!anchor_year_ && modified_ && last_) {
    const std::string text = utc_text(*modified_, 0);
    if (const auto year = decimal(std::string_view(text).substr(0, 4)); year) {
      LogTime dated = *last_;
      dated.year = static_cast<int>(*year) + 1;
      // The last line is not younger than the file, but a local time may be ahead of UTC by most of a day.
      const auto is_after = [&] {
        const auto at = civil_nanos(dated);
        return !at || *at > *modified_ + kLargestOffset;
      };
      for (int tries = 0; tries < 9 && is_after(); ++tries) --*dated.year;  // 29 February is up to eight years back
      anchor_year_ = dated.year;
      anchor_wraps_ = wraps_;
      year_from_ = "file time";
    }
  }
  if (anchor_year_) first_year_ = *anchor_year_ - static_cast<int>(*anchor_wraps_);
}

void LogClock::infer_zone() {
  if (offset_minutes_ || !modified_ || !last_ || last_->offset_minutes) return;
  LogTime dated = *last_;
  if (!dated.year && first_year_) dated.year = *first_year_ + static_cast<int>(wraps_);
  const auto at = civil_nanos(dated);
  if (at) offset_minutes_ = offset_between(*at, *modified_, kFileSlack);
  if (!offset_minutes_) return;
  zone_from_ = "file time";
}

Timestamp LogClock::stamp(const LogTime& time, std::string_view raw) {
  Timestamp out;
  out.raw = std::string(raw);
  out.precision = time.precision;
  LogTime dated = time;
  if (!time.year) {
    if (falls(time)) ++stamped_wraps_;
    if (first_year_) dated.year = *first_year_ + static_cast<int>(stamped_wraps_);
  }
  last_ = time;
  if (!dated.year) {
    dated.year = kLeapYear;  // only to tell a date from nonsense
    out.status = civil_nanos(dated) ? TimeStatus::kNotSet : TimeStatus::kOutOfRange;
    return out;
  }
  const auto local = civil_nanos(dated);
  out.status = local ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  if (!local) return out;
  const std::optional<int> offset = time.offset_minutes ? time.offset_minutes : offset_minutes_;
  out.utc_nanos = *local - static_cast<std::int64_t>(offset.value_or(0)) * 60 * kSecond;
  out.basis = time.offset_minutes ? (*time.offset_minutes == 0 ? TimeBasis::kUtc : TimeBasis::kLocalKnown)
                                  : (offset ? TimeBasis::kLocalAssumed : TimeBasis::kUnknown);
  return out;
}

}  // namespace triage
