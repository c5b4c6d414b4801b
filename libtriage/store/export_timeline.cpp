// SPDX-License-Identifier: Apache-2.0
// Event lines as JSON Lines and CSV. bodyfile.cpp and export_case.cpp hold the other forms.
#include "store/export_timeline.h"

#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr int kWhen = event_column("when");
constexpr int kWhenNs = event_column("when_ns");
constexpr int kWhenBasis = event_column("when_basis");

/// Digits of the fraction that the UTC text shows, so that the local one shows as many.
int fraction_digits(std::string_view utc) {
  const std::size_t dot = utc.rfind('.');
  return dot == std::string_view::npos ? 0 : static_cast<int>(utc.size() - dot - 2);
}

}  // namespace

std::string timeline_csv_header() {
  CsvRecord record;
  for (const std::string_view column : kEventColumns) {
    record.add(column);
    if (column == "when") record.add("when_local");
  }
  return std::string(record.finish());
}

std::string_view timeline_csv_record(CsvRecord& record, const Statement& row, const DisplayZone& zone) {
  for (int i = 0; i < static_cast<int>(kEventColumns.size()); ++i) {
    if (row.is_null(i)) {
      record.add_null();
    } else if (row.is_integer(i)) {
      record.add(row.integer(i));
    } else {
      record.add(row.text(i));
    }
    if (i != kWhen) continue;
    if (row.is_null(kWhenNs)) {
      record.add_null();
    } else {
      const std::int64_t at = row.integer(kWhenNs);
      // A reading whose zone nobody knows is shown as it stands: shifted it would be another one.
      const bool zoned = row.text(kWhenBasis) != "unknown";
      std::string shown = offset_text(at, fraction_digits(row.text(kWhen)), zoned ? zone.offset_minutes(at) : 0);
      if (!zoned) shown.pop_back();  // "Z"
      record.add(shown);
    }
  }
  return record.finish();
}

Status write_timeline_jsonl(Database& database, const TimelineFilter& filter, const TextOutput& out) {
  return for_each_event(database, filter, [&](const Statement& row) -> Result<bool> {
    TRIAGE_TRY_STATUS(out(event_json(row) + "\n"));
    return true;
  });
}

Status write_timeline_csv(Database& database, const TimelineFilter& filter, const DisplayZone& zone,
                          const TextOutput& out) {
  TRIAGE_TRY_STATUS(out(kCsvByteOrderMark));
  TRIAGE_TRY_STATUS(out(timeline_csv_header()));
  CsvRecord record;
  return for_each_event(database, filter, [&](const Statement& row) -> Result<bool> {
    TRIAGE_TRY_STATUS(out(timeline_csv_record(record, row, zone)));
    return true;
  });
}

}  // namespace triage
