// SPDX-License-Identifier: Apache-2.0
// Time stamps of file formats → nanoseconds since 1970-01-01T00:00:00Z in 64 bits (years 1677 to 2262). What does not
// fit, or is the format's own "not set", is nullopt: never a clamped date.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triage {

/// 100 ns units since 1601-01-01 UTC. 0 and 0x7fffffffffffffff are "not set".
std::optional<std::int64_t> nanos_from_filetime(std::uint64_t filetime);
/// Seconds since 1970 with a nanosecond part (0–999,999,999).
std::optional<std::int64_t> nanos_from_unix(std::int64_t seconds, std::uint32_t nanos = 0);
/// Microseconds since 1970 (Firefox PRTime).
std::optional<std::int64_t> nanos_from_unix_micros(std::int64_t micros);
/// Microseconds since 1601-01-01 UTC (Chromium). 0 is "not set".
std::optional<std::int64_t> nanos_from_webkit(std::int64_t micros);
/// MS-DOS date and time words, local time without a zone; `centiseconds` 0–199 is the exFAT/FAT fine part.
/// nullopt when a field is out of its range.
std::optional<std::int64_t> nanos_from_dos(std::uint16_t date, std::uint16_t time, std::uint8_t centiseconds = 0);
/// A civil date and time as if in UTC. nullopt when out of range.
std::optional<std::int64_t> nanos_from_civil(int year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                                             unsigned second, std::uint32_t nanos = 0);

/// "2024-05-01T10:00:00.1234567Z" with `digits` (0–9) of the second's fraction, truncated.
std::string utc_text(std::int64_t utc_nanos, int digits);
/// Same, shifted by `offset_minutes` and ending in "+09:00" (or "Z" for 0).
std::string offset_text(std::int64_t utc_nanos, int digits, int offset_minutes);
/// Reads what utc_text or offset_text print, also with a blank for T, a date alone, or without seconds. Without an
/// offset the time is taken as `default_offset_minutes`.
std::optional<std::int64_t> parse_time_text(std::string_view text, int default_offset_minutes = 0);

}  // namespace triage
