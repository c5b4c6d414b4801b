// SPDX-License-Identifier: Apache-2.0
#include "bytes/time_formats.h"

#include <fmt/format.h>

#include <chrono>
#include <limits>

namespace triage {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kSeconds1601To1970 = 11'644'473'600;

/// Reads `digits` decimal digits at `at`, moving it on.
std::optional<unsigned> digits_at(std::string_view text, std::size_t& at, std::size_t digits) {
  if (at > text.size() || digits > text.size() - at) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  at += digits;
  return value;
}

bool take(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

/// "Z", "+09:00", "-0330" or nothing.
std::optional<int> offset_at(std::string_view text, std::size_t& at, int otherwise) {
  if (at == text.size()) return otherwise;
  if (take(text, at, 'Z')) return 0;
  const bool negative = text[at] == '-';
  if (!negative && text[at] != '+') return std::nullopt;
  ++at;
  const auto hours = digits_at(text, at, 2);
  (void)take(text, at, ':');  // the colon is optional in ISO 8601 basic form
  const auto minutes = digits_at(text, at, 2);
  if (!hours || !minutes || *hours > 15 || *minutes > 59) return std::nullopt;
  const int total = static_cast<int>(*hours * 60 + *minutes);
  return negative ? -total : total;
}

}  // namespace

std::optional<std::int64_t> nanos_from_unix(std::int64_t seconds, std::uint32_t nanos) {
  constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / kNanos - 1;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds || nanos >= kNanos) return std::nullopt;
  return seconds * kNanos + nanos;
}

std::optional<std::int64_t> nanos_from_filetime(std::uint64_t filetime) {
  if (filetime == 0 || filetime >= 0x7fffffffffffffffULL) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(filetime / 10'000'000) - kSeconds1601To1970;
  return nanos_from_unix(seconds, static_cast<std::uint32_t>(filetime % 10'000'000) * 100);
}

std::optional<std::int64_t> nanos_from_unix_micros(std::int64_t micros) {
  std::int64_t seconds = micros / 1'000'000;
  std::int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  return nanos_from_unix(seconds, static_cast<std::uint32_t>(rest) * 1000);
}

std::optional<std::int64_t> nanos_from_webkit(std::int64_t micros) {
  if (micros <= 0) return std::nullopt;
  return nanos_from_unix(micros / 1'000'000 - kSeconds1601To1970,
                         static_cast<std::uint32_t>(micros % 1'000'000) * 1000);
}

std::optional<std::int64_t> nanos_from_civil(int year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                                             unsigned second, std::uint32_t nanos) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return nanos_from_unix(days * 86400 + hour * 3600 + minute * 60 + second, nanos);
}

std::optional<std::int64_t> nanos_from_dos(std::uint16_t date, std::uint16_t time, std::uint8_t centiseconds) {
  if (centiseconds > 199) return std::nullopt;
  const unsigned second = (time & 31U) * 2U;
  if (second > 58) return std::nullopt;
  const auto base =
      nanos_from_civil(1980 + (date >> 9), (date >> 5) & 15U, date & 31U, time >> 11, (time >> 5) & 63U, second);
  if (!base) return std::nullopt;
  return *base + centiseconds * std::int64_t{10'000'000};
}

std::string offset_text(std::int64_t utc_nanos, int digits, int offset_minutes) {
  std::int64_t seconds = utc_nanos / kNanos;
  std::int64_t fraction = utc_nanos % kNanos;
  if (fraction < 0) {
    fraction += kNanos;
    --seconds;
  }
  seconds += static_cast<std::int64_t>(offset_minutes) * 60;
  std::int64_t days = seconds / 86400;
  std::int64_t rest = seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3600,
                                rest / 60 % 60, rest % 60);
  if (digits > 0) out += fmt::format(".{:09}", fraction).substr(0, static_cast<std::size_t>(digits) + 1);
  if (offset_minutes == 0) return out + "Z";
  const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  return out + fmt::format("{}{:02}:{:02}", offset_minutes < 0 ? '-' : '+', size / 60, size % 60);
}

std::string utc_text(std::int64_t utc_nanos, int digits) { return offset_text(utc_nanos, digits, 0); }

std::optional<std::int64_t> parse_time_text(std::string_view text, int default_offset_minutes) {
  std::size_t at = 0;
  const auto year = digits_at(text, at, 4);
  if (!year || !take(text, at, '-')) return std::nullopt;
  const auto month = digits_at(text, at, 2);
  if (!month || !take(text, at, '-')) return std::nullopt;
  const auto day = digits_at(text, at, 2);
  if (!day) return std::nullopt;
  unsigned hour = 0, minute = 0, second = 0;
  std::uint32_t nanos = 0;
  if (take(text, at, 'T') || take(text, at, ' ')) {
    const auto h = digits_at(text, at, 2);
    if (!h || !take(text, at, ':')) return std::nullopt;
    const auto m = digits_at(text, at, 2);
    if (!m) return std::nullopt;
    hour = *h;
    minute = *m;
    if (take(text, at, ':')) {
      const auto s = digits_at(text, at, 2);
      if (!s) return std::nullopt;
      second = *s;
      if (take(text, at, '.')) {
        std::uint32_t unit = 100'000'000;
        const std::size_t begin = at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < 9; ++at, unit /= 10)
          nanos += static_cast<std::uint32_t>(text[at] - '0') * unit;
        if (at == begin) return std::nullopt;
      }
    }
  }
  const auto offset = offset_at(text, at, default_offset_minutes);
  if (!offset || at != text.size()) return std::nullopt;
  const auto local = nanos_from_civil(static_cast<int>(*year), *month, *day, hour, minute, second, nanos);
  if (!local) return std::nullopt;
  return *local - static_cast<std::int64_t>(*offset) * 60 * kNanos;
}

}  // namespace triage
