// SPDX-License-Identifier: Apache-2.0
// Era years: 令和1 = 2019, 平成1 = 1989, 昭和1 = 1926 (cabinet orders on the era names of 1926, 1989 and 2019).
#include "formats/japanese_era.h"

#include <array>
#include <string_view>

namespace triage {
namespace {

struct Era {
  std::string_view name;
  std::string_view letter;
  int before;  ///< year before its first
};
constexpr std::array kEras = {Era{"令和", "R", 2018}, Era{"平成", "H", 1988}, Era{"昭和", "S", 1925}};
constexpr std::string_view kWideZero = "\xef\xbc\x90";  // U+FF10; the digits follow in the last byte

std::optional<unsigned> digit(LineScan& scan) {
  const std::string_view rest = scan.rest();
  if (const char c = scan.peek(); c >= '0' && c <= '9') {
    (void)scan.skip(c);
    return static_cast<unsigned>(c - '0');
  }
  if (!rest.starts_with(kWideZero.substr(0, 2)) || rest.size() < kWideZero.size()) return std::nullopt;
  const auto last = static_cast<unsigned char>(rest[2]);
  const auto zero = static_cast<unsigned char>(kWideZero[2]);
  if (last < zero || last > zero + 9) return std::nullopt;
  (void)scan.skip(rest.substr(0, kWideZero.size()));
  return last - zero;
}

/// One or two digits.
std::optional<unsigned> number(LineScan& scan) {
  const auto first = digit(scan);
  if (!first) return std::nullopt;
  const auto second = digit(scan);
  return second ? *first * 10 + *second : *first;
}

/// A number and one of the separators; false takes what it took, the caller gives up.
bool part(LineScan& scan, unsigned& out, std::string_view kanji, std::string_view sign) {
  const auto value = number(scan);
  if (!value) return false;
  out = *value;
  return scan.skip(kanji) || sign.empty() || scan.skip(sign);
}

void read_fraction(LineScan& scan, LogTime& out) {
  LineScan s = scan;
  if (!s.skip('.')) return;
  std::uint32_t unit = 100'000'000;
  std::size_t count = 0;
  for (; count < 9; ++count, unit /= 10) {
    const auto one = digit(s);
    if (!one) break;
    out.nanos += *one * unit;
  }
  if (count == 0) return;
  out.precision = count <= 3 ? Precision::kMillisecond : count <= 6 ? Precision::kMicrosecond : Precision::kNanosecond;
  scan = s;
}

/// "10時31分07秒", "10:31:07.250", also without seconds in the first form.
bool read_clock(LineScan& scan, LogTime& out) {
  const bool morning = scan.skip("午前");
  const bool afternoon = !morning && scan.skip("午後");
  if (!part(scan, out.hour, "時", ":")) return false;
  const auto minute = number(scan);
  if (!minute) return false;
  out.minute = *minute;
  if (scan.skip("分")) {
    LineScan s = scan;
    const auto second = number(s);
    if (second && s.skip("秒")) {
      out.second = *second;
      scan = s;
    } else {
      out.precision = Precision::kMinute;
    }
  } else if (scan.skip(':')) {
    const auto second = number(scan);
    if (!second) return false;
    out.second = *second;
    read_fraction(scan, out);
  } else {
    out.precision = Precision::kMinute;
  }
  if ((morning || afternoon) && out.hour > 12) return false;
  if (morning && out.hour == 12) out.hour = 0;
  if (afternoon && out.hour < 12) out.hour += 12;
  return true;
}

}  // namespace

std::optional<LogTime> scan_era_time(LineScan& scan) {
  LineScan s = scan;
  const Era* era = nullptr;
  for (const Era& one : kEras)
    if (era == nullptr && (s.skip(one.name) || s.skip(one.letter))) era = &one;
  if (era == nullptr) return std::nullopt;
  unsigned year = 1;
  const bool first_year = s.skip("元");
  if (!first_year) {
    const auto value = number(s);
    if (!value || *value == 0) return std::nullopt;
    year = *value;
  }
  const std::string_view sign = s.peek() == '/' ? "/" : s.peek() == '-' ? "-" : ".";
  LogTime out;
  if (!s.skip("年") && !s.skip(sign)) return std::nullopt;
  if (!part(s, out.month, "月", sign) || !part(s, out.day, "日", "")) return std::nullopt;
  s.skip_blanks();
  out.year = era->before + static_cast<int>(year);
  if (!read_clock(s, out)) return std::nullopt;
  scan = s;
  return out;
}

}  // namespace triage
