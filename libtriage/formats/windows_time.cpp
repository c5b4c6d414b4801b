// SPDX-License-Identifier: Apache-2.0
#include "formats/windows_time.h"

#include <fmt/format.h>

#include "bytes/time_formats.h"

namespace triage {

Timestamp from_systemtime(Bytes data) {
  Timestamp out;
  ByteCursor c(data);
  const auto year = c.le<std::uint16_t>("year");
  const auto month = c.le<std::uint16_t>("month");
  c.skip(2, "day of week");
  const auto day = c.le<std::uint16_t>("day");
  const auto hour = c.le<std::uint16_t>("hour");
  const auto minute = c.le<std::uint16_t>("minute");
  const auto second = c.le<std::uint16_t>("second");
  const auto milli = c.le<std::uint16_t>("millisecond");
  if (!c.ok() || year == 0) return out;
  out.raw = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", year, month, day, hour, minute, second, milli);
  out.precision = Precision::kMillisecond;
  out.basis = TimeBasis::kUnknown;
  if (milli < 1000) out.utc_nanos = nanos_from_civil(year, month, day, hour, minute, second, milli * 1000000U);
  out.status = out.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

}  // namespace triage
