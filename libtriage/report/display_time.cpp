// SPDX-License-Identifier: Apache-2.0
#include "report/display_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000;
constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr std::int64_t kMostMinutes = 18 * 60;  // no zone ever lay further from UTC

/// "+09:00".
std::string zone_offset(std::int64_t minutes) {
  const std::int64_t absolute = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', absolute / 60, absolute % 60);
}

/// Sum that stays inside the range of int64 (a display offset at the ends of the calendar).
std::int64_t shifted(std::int64_t ns, std::int64_t by) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (by > 0 && ns > Limits::max() - by) return Limits::max();
  if (by < 0 && ns < Limits::min() - by) return Limits::min();
  return ns + by;
}

/// "2026-04-10 19:31:07.123" of a moment already shifted.
std::string plain(std::int64_t ns, int digits) {
  std::string out = utc_text(ns, digits);
  if (out.ends_with('Z')) out.pop_back();
  if (const std::size_t t = out.find('T'); t != std::string::npos) out[t] = ' ';
  return out;
}

bool two_digits(std::string_view text, int& out) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return false;
  out = (text[0] - '0') * 10 + (text[1] - '0');
  return true;
}

}  // namespace

Result<ReportZone> ReportZone::parse(std::string_view name) {
  const auto fixed = [](std::string_view zone, int minutes) {
    const std::string offset = zone_offset(minutes);
    return ReportZone(zone.empty() ? offset : fmt::format("{} ({})", zone, offset),
                      [minutes](std::int64_t) { return minutes; });
  };
  const std::string lower = ascii_lower(name);
  if (lower == "asia/tokyo" || lower == "jst" || lower == "japan") return fixed("Asia/Tokyo", 540);
  if (lower == "utc" || lower == "z" || lower == "gmt" || lower == "etc/utc") return fixed("UTC", 0);
  int hours = 0;
  int minutes = 0;
  if (name.size() == 6 && (name[0] == '+' || name[0] == '-') && name[3] == ':' &&
      two_digits(name.substr(1, 2), hours) && two_digits(name.substr(4, 2), minutes) && hours <= 14 && minutes < 60) {
    const int offset = hours * 60 + minutes;
    return fixed("", name[0] == '-' ? -offset : offset);
  }
  return fail(ErrorCode::kUsage, "time zone for display is not known", escape_terminal(name), 0,
              "give Asia/Tokyo, UTC or an offset such as +09:00");
}

ReportZone ReportZone::of(const DisplayZone& zone) {
  auto known = parse(zone.name);
  return known ? *std::move(known) : ReportZone(zone.name, zone.offset_minutes);
}

std::int64_t ReportZone::offset_ns(std::int64_t utc_ns) const {
  return std::clamp<std::int64_t>(offset_minutes_(utc_ns), -kMostMinutes, kMostMinutes) * kMinuteNs;
}

std::string ReportZone::moment(std::int64_t utc_ns, int digits) const {
  const std::int64_t offset = offset_ns(utc_ns);
  const std::string local = plain(shifted(utc_ns, offset), digits);
  const std::string utc = plain(utc_ns, 0);
  const bool same_day = local.substr(0, 10) == utc.substr(0, 10);
  return fmt::format("{} {} ({} UTC)", local, zone_offset(offset / kMinuteNs), same_day ? utc.substr(11) : utc);
}

std::int64_t ReportZone::day_of(std::int64_t utc_ns) const {
  const std::int64_t ns = shifted(utc_ns, offset_ns(utc_ns));
  return ns / kDayNs - (ns % kDayNs < 0 ? 1 : 0);
}

std::string ReportZone::day_text(std::int64_t day) const {
  constexpr std::int64_t kLastDay = std::numeric_limits<std::int64_t>::max() / kDayNs;
  const std::int64_t clamped = day > kLastDay ? kLastDay : day < -kLastDay ? -kLastDay : day;
  return plain(clamped * kDayNs, 0).substr(0, 10);
}

std::string reading_text(std::int64_t reading_ns, int digits) { return plain(reading_ns, digits); }

int shown_digits(std::string_view precision) {
  if (precision == "1s" || precision == "2s" || precision == "1min" || precision == "1day") return 0;
  if (precision == "10ms") return 2;
  return 3;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string binary_size(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace triage
