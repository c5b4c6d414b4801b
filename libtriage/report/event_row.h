// SPDX-License-Identifier: Apache-2.0
// EventRow: an event of case.db as the report shows it, and the sentences of its 5W1H columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/display_time.h"
#include "report/report_text.h"
#include "store/database.h"

namespace triage {

/// Texts are the first 4 KiB of what case.db holds; "" is unknown.
struct EventRow {
  std::string id;
  std::optional<std::int64_t> when_ns;
  std::string meaning;
  std::string basis;
  std::string precision;
  std::string who;
  std::string sid;
  std::string uid;
  std::string host;
  std::string volume;
  std::string path;
  std::string remote;
  std::string what;
  std::string object;
  std::optional<std::int64_t> object_size;
  std::string how;
  std::string channel;
  std::string program;
  std::string why;
  std::string artifact;
  std::string evidence;
  std::string locator;
  std::string source;
  std::string attributes;
  bool recovered = false;
  bool partial = false;
};

/// Columns for read_event_row, in its order.
extern const std::string_view kEventRowColumns;
EventRow read_event_row(const Statement& row);

/// The moment used for order and day: as it stands, or taken as the display zone's where the zone is not recorded.
std::int64_t order_ns(std::int64_t when_ns, std::string_view basis, const ReportZone& zone);

/// "" means unknown in each.
std::string when_text(const Phrases& say, const ReportZone& zone, const EventRow& event);
/// A file system names owners only; the text says so.
std::string who_text(const Phrases& say, const EventRow& event);
std::string where_text(const EventRow& event);
std::string what_text(const Phrases& say, const EventRow& event);
std::string how_text(const Phrases& say, const EventRow& event);
/// The parser's own fields, "name=value; …", for records other than file times.
std::string attributes_text(const EventRow& event);

/// The part after the last '/' or '\'.
std::string_view base_name(std::string_view path);

/// Kinds of record that the overview counts apart.
enum class Family : std::uint8_t { kFiles, kUse, kPrograms, kBrowser, kLogs, kOther };
inline constexpr std::size_t kFamilyCount = 6;
Family family_of(std::string_view artifact);
std::string_view family_name(const Phrases& say, Family family);

}  // namespace triage
