// SPDX-License-Identifier: Apache-2.0
#include "reason/case_facts_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "bytes/json.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr int kMaxFacts = 20000;
/// Smaller contents are alike by chance.
constexpr int kMinContent = 64;

void set_time(HeldRow& row, std::optional<std::int64_t> at, const std::string& basis) {
  if (!at) return;
  row.set("when_ns", fmt::to_string(*at));
  row.set("when", utc_text(*at, 3));
  row.set("when_basis", basis);
}

HeldRow volume_fact(const VolumeFact& volume) {
  HeldRow row;
  row.set("artifact", std::string(fact::kVolume));
  row.set("what", std::string(fact::kVolume));
  row.set("object_kind", "volume");
  row.set("evidence", volume.evidence);
  row.set("locator", fmt::format("{}/v{}", volume.evidence, volume.offset));
  if (!volume.serial.empty()) row.set("volume", volume.serial);
  row.set("object", volume.label.empty() ? volume.description : volume.label);
  JsonLine line;
  const auto add = [&line](std::string_view key, const std::string& value) {
    if (!value.empty()) line.add(key, value);
  };
  add("file_system", volume.file_system);
  add("encryption", volume.encryption);
  add("status", volume.status);
  add("label", volume.label);
  row.set("attributes", line.finish());
  row.ground.exhibits = {*row.columns[static_cast<std::size_t>(event_column("locator"))]};
  return row;
}

Status add_content(Database& database, std::vector<HeldRow>& out) {
  TRIAGE_TRY(Statement rows,
             database.prepare(
                 fmt::format("SELECT rule, path, locator, recovered, severity, events, evidence FROM findings WHERE "
                             "origin = 'content' ORDER BY rule, path, locator LIMIT {}",
                             kMaxFacts)));
  TRIAGE_TRY(Statement when, database.prepare("SELECT when_ns, when_basis FROM events WHERE id = ?1"));
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return {};
    HeldRow row;
    row.set("artifact", std::string(fact::kContent));
    row.set("what", std::string(fact::kContent));
    row.set("object_kind", "file");
    row.set("object", std::string(rows.text(0)));
    if (!rows.is_null(1)) row.set("path", std::string(rows.text(1)));
    if (!rows.is_null(2)) row.set("locator", std::string(rows.text(2)));
    row.set("recovered", std::string(rows.text(3)));
    row.set("attributes", JsonLine().add("severity", rows.text(4)).finish());
    row.set("evidence", std::string(rows.text(6)));
    if (!rows.is_null(2)) row.ground.exhibits = {std::string(rows.text(2))};
    const auto events = nlohmann::json::parse(rows.text(5), nullptr, false);
    if (events.is_array() && !events.empty() && events.front().is_string()) {
      row.ground.events = {events.front().get<std::string>()};
      when.reset();
      when.bind(1, std::string_view(row.ground.events.front()));
      TRIAGE_TRY(const bool found, when.step());
      if (found) set_time(row, when.optional_integer(0), std::string(when.text(1)));
      when.reset();
    }
    out.push_back(std::move(row));
  }
}

/// Volumes that can be where something was copied to: removable by what the case says, or with the file system of
/// removable media and on an evidence of its own.
bool may_be_target(const VolumeRow& one, const std::vector<VolumeRow>& all, const CaseJoins& joins) {
  const auto serial = volume_serial(one.fact.serial);
  const auto media = serial ? joins.media_of_serial(*serial) : std::nullopt;
  if (media) return *media == "removable";
  const bool portable = one.fact.file_system.starts_with("fat") || one.fact.file_system == "exfat";
  const bool alone = std::all_of(all.begin(), all.end(), [&one](const VolumeRow& other) {
    return other.fact.evidence != one.fact.evidence || other.fact.offset == one.fact.offset ||
           other.fact.file_system.empty();
  });
  return portable && alone;
}

struct Copy {
  HeldRow row;
  std::string evidence, path;
};

Status add_copies(Database& database, const VolumeRow& volume, const std::vector<VolumeRow>& targets,
                  std::vector<Copy>& out) {
  std::string others;
  for (const VolumeRow& one : targets)
    others += fmt::format(" AND NOT (b.evidence = '{}' AND b.volume = {})", one.fact.evidence, one.number);
  TRIAGE_TRY(
      Statement rows,
      database.prepare(fmt::format(
          "SELECT a.path, min(b.path), a.sha256, a.size, a.stream, a.allocated FROM files a CROSS JOIN files b ON "
          "b.sha256 = a.sha256 WHERE a.evidence = ?1 AND a.volume = ?2 AND a.kind IN ('file', 'child') AND a.size >= {} AND "
          "(a.allocated = 1 OR a.grade = 'complete') AND a.sha256 IS NOT NULL AND b.kind = 'file' AND "
          "b.method IS NOT 'carved' AND b.volume IS NOT NULL{} GROUP BY a.sequence, a.path ORDER BY a.path LIMIT {}",
          kMinContent, others, kMaxFacts)));
  rows.bind(1, std::string_view(volume.fact.evidence)).bind(2, volume.number);
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return {};
    Copy copy{{}, volume.fact.evidence, std::string(rows.text(0))};
    HeldRow& row = copy.row;
    row.set("artifact", std::string(fact::kSameContent));
    row.set("what", std::string(fact::kSameContent));
    row.set("object_kind", "file");
    row.set("path", copy.path);
    row.set("object", std::string(rows.text(1)));
    row.set("object_sha256", std::string(rows.text(2)));
    row.set("object_size", std::string(rows.text(3)));
    row.set("evidence", copy.evidence);
    row.set("locator", fmt::format("{}/{}", copy.evidence, rows.text(4)));
    row.set("recovered", rows.integer(5) == 0 ? "1" : "0");
    row.ground.exhibits = {fmt::format("{}/{}", copy.evidence, rows.text(4))};
    out.push_back(std::move(copy));
  }
}

/// The events of the creation of the copies, in one pass over the events.
Status add_times(Database& database, std::vector<Copy>& copies) {
  if (copies.empty()) return {};
  std::multimap<std::pair<std::string, std::string>, Copy*> wanted;
  for (Copy& copy : copies) wanted.emplace(std::pair(copy.evidence, copy.path), &copy);
  TRIAGE_TRY(Statement rows,
             database.prepare("SELECT id, when_ns, when_basis, evidence, path FROM events WHERE artifact "
                              "= 'fs.times' AND instr(when_meaning, 'created') > 0 ORDER BY id"));
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return {};
    const auto [from, to] = wanted.equal_range({std::string(rows.text(3)), std::string(rows.text(4))});
    for (auto it = from; it != to; ++it) {
      HeldRow& row = it->second->row;
      if (!row.ground.events.empty()) continue;
      row.ground.events = {std::string(rows.text(0))};
      set_time(row, rows.optional_integer(1), std::string(rows.text(2)));
    }
  }
}

}  // namespace

Result<std::vector<VolumeRow>> read_volumes(Database& database) {
  std::vector<VolumeRow> out;
  TRIAGE_TRY(Statement rows,
             database.prepare("SELECT evidence, offset, file_system, label, serial, encryption, status, "
                              "description, volume FROM volumes ORDER BY evidence, volume"));
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return out;
    VolumeRow row;
    row.fact.evidence = rows.text(0);
    row.fact.offset = static_cast<std::uint64_t>(rows.integer(1));
    row.fact.file_system = rows.text(2);
    row.fact.label = rows.text(3);
    row.fact.serial = rows.text(4);
    row.fact.encryption = rows.text(5);
    row.fact.status = rows.text(6);
    row.fact.description = rows.text(7);
    row.number = rows.integer(8);
    out.push_back(std::move(row));
  }
}

Result<std::vector<HeldRow>> read_facts(Database& database, const std::vector<VolumeRow>& volumes,
                                        const CaseJoins& joins) {
  std::vector<HeldRow> out;
  std::vector<VolumeRow> targets;
  for (const VolumeRow& volume : volumes) {
    out.push_back(volume_fact(volume.fact));
    if (may_be_target(volume, volumes, joins)) targets.push_back(volume);
  }
  TRIAGE_TRY_STATUS(add_content(database, out));
  std::vector<Copy> copies;
  for (const VolumeRow& target : targets) TRIAGE_TRY_STATUS(add_copies(database, target, targets, copies));
  TRIAGE_TRY_STATUS(add_times(database, copies));
  for (Copy& copy : copies) out.push_back(std::move(copy.row));
  return out;
}

}  // namespace triage
