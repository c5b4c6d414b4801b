// SPDX-License-Identifier: Apache-2.0
#include "model/timestamp.h"

#include <fmt/format.h>

#include <array>

#include "bytes/time_formats.h"

namespace triage {
namespace {

Timestamp make(std::optional<std::int64_t> nanos, bool unset, Precision precision, TimeBasis basis, std::string raw) {
  Timestamp out;
  out.precision = precision;
  out.basis = basis;
  out.raw = std::move(raw);
  out.utc_nanos = unset ? std::nullopt : nanos;
  out.status = unset ? TimeStatus::kNotSet : nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

/// "0x" and 16 digits. Made by hand: some files have millions of stamps.
std::string filetime_text(std::uint64_t filetime) {
  std::string out(18, '0');
  out[1] = 'x';
  for (std::size_t i = out.size(); filetime != 0; filetime >>= 4) out[--i] = "0123456789abcdef"[filetime & 0xf];
  return out;
}

}  // namespace

std::string_view meaning_name(Meaning meaning) {
  static constexpr std::array<std::string_view, kMeaningCount> kNames = {
      "created", "modified",  "accessed",     "changed",    "deleted",          "run",
      "logged",  "connected", "disconnected", "visited",    "download_started", "download_ended",
      "sent",    "received",  "first_seen",   "last_seen",  "printed",          "installed",
      "started", "ended",     "searched",     "typed_last", "synced",           "backed_up",
      "other"};
  return kNames[static_cast<std::size_t>(meaning)];
}

std::string MeaningSet::text() const {
  std::string out;
  for (std::size_t i = 0; i < kMeaningCount; ++i) {
    const auto one = static_cast<Meaning>(i);
    if (!has(one)) continue;
    if (!out.empty()) out.push_back(',');
    out += meaning_name(one);
  }
  return out;
}

std::string_view basis_name(TimeBasis basis) {
  static constexpr std::array<std::string_view, 4> kNames = {"unknown", "utc", "local-known", "local-assumed"};
  return kNames[static_cast<std::size_t>(basis)];
}

std::string_view precision_name(Precision precision) {
  static constexpr std::array<std::string_view, 10> kNames = {"unknown", "1ns", "100ns", "1us",  "1ms",
                                                              "10ms",    "1s",  "2s",    "1min", "1day"};
  return kNames[static_cast<std::size_t>(precision)];
}

int precision_digits(Precision precision) {
  static constexpr std::array<int, 10> kDigits = {9, 9, 7, 6, 3, 2, 0, 0, 0, 0};
  return kDigits[static_cast<std::size_t>(precision)];
}

std::optional<std::string> Timestamp::text() const {
  if (!utc_nanos) return std::nullopt;
  return utc_text(*utc_nanos, precision_digits(precision));
}

Timestamp from_filetime(std::uint64_t filetime) {
  return make(nanos_from_filetime(filetime), filetime == 0 || filetime >= 0x7fffffffffffffffULL,
              Precision::kHundredNanoseconds, TimeBasis::kUtc, filetime_text(filetime));
}

Timestamp from_unix(std::int64_t seconds, std::uint32_t nanos, Precision precision) {
  std::string raw = nanos == 0 ? fmt::to_string(seconds) : fmt::format("{}.{:09}", seconds, nanos);
  return make(nanos_from_unix(seconds, nanos), seconds == 0 && nanos == 0, precision, TimeBasis::kUtc, std::move(raw));
}

Timestamp from_unix_micros(std::int64_t micros) {
  return make(nanos_from_unix_micros(micros), micros == 0, Precision::kMicrosecond, TimeBasis::kUtc,
              fmt::to_string(micros));
}

Timestamp from_webkit(std::int64_t micros) {
  return make(nanos_from_webkit(micros), micros == 0, Precision::kMicrosecond, TimeBasis::kUtc, fmt::to_string(micros));
}

Timestamp from_dos(std::uint16_t date, std::uint16_t time, std::uint8_t centiseconds, Precision precision) {
  return make(nanos_from_dos(date, time, centiseconds), date == 0, precision, TimeBasis::kUnknown,
              fmt::format("{:#06x}:{:#06x}:{}", date, time, centiseconds));
}

}  // namespace triage
