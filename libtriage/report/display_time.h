// SPDX-License-Identifier: Apache-2.0
// ReportZone: how the report shows UTC times. Fixed offsets only: Asia/Tokyo (no summer time since 1951), UTC, or an
// offset such as "+09:00"; a zone whose offset changes would need a zone table of the host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace triage {

class ReportZone {
 public:
  /// "Asia/Tokyo", "JST", "UTC", "Z", "GMT", "+09:00", "-05:30". kUsage for anything else.
  static Result<ReportZone> parse(std::string_view name);

  [[nodiscard]] int offset_minutes() const { return offset_minutes_; }
  [[nodiscard]] std::int64_t offset_ns() const { return std::int64_t{offset_minutes_} * 60'000'000'000; }
  /// "+09:00".
  [[nodiscard]] std::string offset_text() const;
  /// "Asia/Tokyo (+09:00)".
  [[nodiscard]] std::string label() const;

  /// "2026-04-10 19:31:07.123 +09:00 (10:31:07 UTC)"; the UTC side has its date where that differs. `digits` 0–9.
  [[nodiscard]] std::string moment(std::int64_t utc_ns, int digits) const;
  /// "2026-04-10".
  [[nodiscard]] std::string day_text(std::int64_t day) const;
  /// Days since 1970-01-01 in this zone.
  [[nodiscard]] std::int64_t day_of(std::int64_t utc_ns) const;

 private:
  ReportZone(std::string name, int offset_minutes) : name_(std::move(name)), offset_minutes_(offset_minutes) {}
  std::string name_;
  int offset_minutes_;
};

/// A clock reading whose zone nobody recorded: "2026-04-10 19:31:07".
std::string reading_text(std::int64_t reading_ns, int digits);
/// Digits of the second worth showing for a `when_precision` of case.db, at most 3.
int shown_digits(std::string_view precision);

/// "1,234,567".
std::string grouped(std::uint64_t number);
/// "1.5 GiB"; below 1,024 bytes "512 B".
std::string binary_size(std::uint64_t bytes);

}  // namespace triage
