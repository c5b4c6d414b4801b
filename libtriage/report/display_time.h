// SPDX-License-Identifier: Apache-2.0
// ReportZone: how the report shows UTC times, the UTC beside the local time. The offset is asked for each time, so that
// a zone with daylight saving is right.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/export_timeline.h"

namespace triage {

class ReportZone {
 public:
  /// "Asia/Tokyo", "JST", "UTC", "Z", "GMT", "+09:00", "-05:30". kUsage for anything else.
  static Result<ReportZone> parse(std::string_view name);

  /// `zone` under its name; the caller has its rules from somewhere.
  static ReportZone of(const DisplayZone& zone);

  /// Offset of this zone at a moment, in ns.
  [[nodiscard]] std::int64_t offset_ns(std::int64_t utc_ns) const;
  /// "Asia/Tokyo (+09:00)"; without the offset where it changes over the year.
  [[nodiscard]] const std::string& label() const { return label_; }

  /// "2026-04-10 19:31:07.123 +09:00 (10:31:07 UTC)"; the UTC side has its date where that differs. `digits` 0–9.
  [[nodiscard]] std::string moment(std::int64_t utc_ns, int digits) const;
  /// "2026-04-10".
  [[nodiscard]] std::string day_text(std::int64_t day) const;
  /// Days since 1970-01-01 in this zone.
  [[nodiscard]] std::int64_t day_of(std::int64_t utc_ns) const;

 private:
  ReportZone(std::string label, std::function<int(std::int64_t)> offset_minutes)
      : label_(std::move(label)), offset_minutes_(std::move(offset_minutes)) {}
  std::string label_;
  std::function<int(std::int64_t)> offset_minutes_;
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
