// SPDX-License-Identifier: Apache-2.0
#include "report/event_row.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "report/html_writer.h"
#include "report/report_words.h"

namespace triage {
namespace {

constexpr std::size_t kTextBytes = 4096;
constexpr std::size_t kAttributeBytes = 160;
constexpr std::size_t kAttributeCount = 6;

/// Fields that only say something to an examiner; they are in case.db.
constexpr auto kForExperts = std::to_array<std::string_view>(
    {"volume_droid", "file_droid", "birth_volume_droid", "birth_file_droid", "mac", "path_hash", "format_version",
     "file_sequence", "file_inode", "parent_inode", "parent_sequence", "file_attributes", "relative_path",
     "volume_devices", "volume_created", "from_visit", "typed_count", "transition_qualifiers", "visit_duration"});

std::string kept(const Statement& row, int column) { return std::string(cut_text(row.text(column), kTextBytes)); }

void add_part(std::string& out, std::string_view part, std::string_view separator) {
  if (part.empty()) return;
  if (!out.empty()) out += separator;
  out += part;
}

}  // namespace

const std::string_view kEventRowColumns =
    "id, when_ns, when_meaning, when_basis, when_precision, who, sid, uid, host, volume, path, remote, what, object, "
    "object_size, how, channel, program, why, artifact, evidence, locator, source, attributes, recovered, partial";

EventRow read_event_row(const Statement& row) {
  EventRow out;
  int column = 0;
  out.id = kept(row, column++);
  out.when_ns = row.optional_integer(column++);
  for (std::string* text : {&out.meaning, &out.basis, &out.precision, &out.who, &out.sid, &out.uid, &out.host,
                            &out.volume, &out.path, &out.remote, &out.what, &out.object}) {
    *text = kept(row, column++);
  }
  out.object_size = row.optional_integer(column++);
  for (std::string* text : {&out.how, &out.channel, &out.program, &out.why, &out.artifact, &out.evidence, &out.locator,
                            &out.source, &out.attributes}) {
    *text = kept(row, column++);
  }
  out.recovered = row.integer(column++) != 0;
  out.partial = row.integer(column) != 0;
  return out;
}

std::int64_t order_ns(std::int64_t when_ns, std::string_view basis, const ReportZone& zone) {
  if (basis != "unknown") return when_ns;
  std::int64_t out = 0;
  return __builtin_sub_overflow(when_ns, zone.offset_ns(when_ns), &out) ? when_ns : out;
}

std::string when_text(const Phrases& say, const ReportZone& zone, const EventRow& event) {
  if (!event.when_ns) return {};
  const int digits = shown_digits(event.precision);
  if (event.precision == "1day" && event.basis == "unknown")
    return fmt::format("{} [{}]", reading_text(*event.when_ns, 0).substr(0, 10), say(Say::kZoneNotRecorded));
  if (event.basis == "unknown")
    return fmt::format("{} [{}]", reading_text(*event.when_ns, digits), say(Say::kZoneNotRecorded));
  std::string out = zone.moment(*event.when_ns, digits);
  if (event.basis == "local-assumed") out += fmt::format(" [{}]", say(Say::kZoneAssumed));
  return out;
}

std::string who_text(const Phrases& say, const EventRow& event) {
  std::string out = event.who;
  add_part(out, event.sid, " ");
  if (const std::string_view name = word(say, WordGroup::kSid, event.sid); name != event.sid)
    out += fmt::format(" ({})", name);
  if (!event.uid.empty()) add_part(out, "uid " + event.uid, " ");
  // A file system names the owner of a file, not who did something to it.
  const bool owner = event.artifact == "fs.times" || event.artifact == "ntfs.filename";
  return owner && !out.empty() ? say(Say::kOwner, out) : out;
}

std::string where_text(const EventRow& event) {
  std::string out = event.host;
  add_part(out, event.volume, " ");
  add_part(out, event.path, out.empty() ? "" : ": ");
  add_part(out, event.remote, " → ");
  return out;
}

std::string what_text(const Phrases& say, const EventRow& event) {
  std::string out(word(say, WordGroup::kAction, event.what));
  // A path stands in the column "where"; what it is called is enough here.
  const std::string_view object = event.object == event.path ? base_name(event.object) : std::string_view(event.object);
  if (!object.empty()) out += fmt::format(": {}", object);
  if (event.object_size && *event.object_size >= 0)
    out += fmt::format(" ({} B)", grouped(static_cast<std::uint64_t>(*event.object_size)));
  return out;
}

std::string how_text(const Phrases& say, const EventRow& event) {
  std::string out;
  add_part(out, event.program, "");
  if (event.how != event.program) add_part(out, word(say, WordGroup::kHow, event.how), " / ");
  if (!event.channel.empty()) add_part(out, word(say, WordGroup::kChannel, event.channel), " / ");
  return out;
}

std::string attributes_text(const EventRow& event) {
  if (event.attributes.size() < 3 || event.artifact == "fs.times" || event.artifact == "ntfs.filename") return {};
  const auto json = nlohmann::ordered_json::parse(event.attributes, nullptr, false);
  if (!json.is_object()) return {};
  std::string out;
  std::size_t count = 0;
  for (const auto& [name, value] : json.items()) {
    if (std::find(kForExperts.begin(), kForExperts.end(), name) != kForExperts.end()) continue;
    if (++count > kAttributeCount) return out + "; …";
    const std::string text = value.is_string() ? value.get<std::string>()
                                               : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const std::string_view shown = cut_text(text, kAttributeBytes);
    add_part(out, fmt::format("{}={}{}", name, shown, shown.size() < text.size() ? "…" : ""), "; ");
  }
  return out;
}

std::string_view base_name(std::string_view path) {
  const std::size_t at = path.find_last_of("/\\");
  return at == std::string_view::npos || at + 1 == path.size() ? path : path.substr(at + 1);
}

Family family_of(std::string_view artifact) {
  if (artifact == "fs.times" || artifact.starts_with("ntfs.")) return Family::kFiles;
  if (artifact == "windows.lnk" || artifact == "windows.jumplist" || artifact == "windows.recyclebin")
    return Family::kUse;
  if (artifact == "windows.prefetch") return Family::kPrograms;
  if (artifact.starts_with("browser.")) return Family::kBrowser;
  if (artifact.starts_with("linux.") || artifact.starts_with("windows.")) return Family::kLogs;
  return Family::kOther;
}

std::string_view family_name(const Phrases& say, Family family) {
  switch (family) {
    case Family::kFiles: return say(Say::kFamilyFiles);
    case Family::kUse: return say(Say::kFamilyUse);
    case Family::kPrograms: return say(Say::kFamilyPrograms);
    case Family::kBrowser: return say(Say::kFamilyBrowser);
    case Family::kLogs: return say(Say::kFamilyLogs);
    case Family::kOther: break;
  }
  return say(Say::kFamilyOther);
}

}  // namespace triage
