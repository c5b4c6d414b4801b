// SPDX-License-Identifier: Apache-2.0
// Units of systemd that start something: services, timers, sockets and paths, and their drop-ins. No times.
//   file := { "[" section "]" | name "=" value | "#" comment | ";" comment }     a backslash at the end goes on
// Spec: systemd.syntax(7), systemd.service(5), systemd.timer(5).
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxCommands = 256;

struct Command {
  std::string_view when;  ///< the name of the setting
  std::string text;
  std::size_t at = 0, size = 0;
};

struct Unit {
  std::string description, user, wanted_by, activates, schedule;
  std::vector<Command> commands;
  bool headed = false;
};

constexpr std::array kStarts = {"ExecStart"sv,  "ExecStartPre"sv, "ExecStartPost"sv, "ExecCondition"sv,
                                "ExecReload"sv, "ExecStop"sv,     "ExecStopPost"sv};
constexpr std::array kSchedules = {"OnCalendar"sv,      "OnBootSec"sv,         "OnStartupSec"sv, "OnActiveSec"sv,
                                   "OnUnitActiveSec"sv, "OnUnitInactiveSec"sv, "ListenStream"sv, "ListenDatagram"sv,
                                   "PathExists"sv,      "PathChanged"sv,       "PathModified"sv, "DirectoryNotEmpty"sv};

void append(std::string& list, std::string_view text) {
  if (list.size() > 4096) return;
  list += (list.empty() ? "" : ", ") + log_text(text);
}

void read_setting(Unit& unit, std::string_view name, std::string_view value, const ConfigLine& line) {
  for (const std::string_view start : kStarts)
    if (name == start && !value.empty() && unit.commands.size() < kMaxCommands)
      unit.commands.push_back({start, log_text(value), line.at, line.size});
  for (const std::string_view trigger : kSchedules)
    if (name == trigger && !value.empty()) append(unit.schedule, std::string(name) + "=" + std::string(value));
  if (name == "Description") unit.description = log_text(value);
  if (name == "User") unit.user = log_text(value);
  if (name == "Unit" || name == "Service") unit.activates = log_text(value);
  if (name == "WantedBy" || name == "RequiredBy" || name == "Alias") append(unit.wanted_by, value);
}

Event describe(const Unit& unit, std::string_view path) {
  Event event;
  event.what = action::kConfigChanged;
  event.how = "systemd unit";
  event.object_kind = path.find(".timer") != std::string_view::npos ? "task" : "service";
  std::string_view name = path_name(path);
  if (const std::size_t drop = path.rfind(".d/"); drop != std::string_view::npos) {
    name = path_name(path.substr(0, drop));  // "ssh.service.d/override.conf" changes ssh.service
    event.how = "systemd drop-in";
  }
  set_text(event.object, name);
  if (!unit.user.empty()) event.who = unit.user;
  add_text(event, "description", unit.description);
  add_text(event, "wanted_by", unit.wanted_by);
  add_text(event, "activates", unit.activates);
  add_text(event, "schedule", unit.schedule);
  if (const auto owner = home_owner(path)) event.attribute("unit_owner", *owner);
  return event;
}

Outcome parse_unit(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  Unit unit;
  ConfigLine line;
  std::size_t bad = 0, bad_at = 0;
  bool cut = false;
  for (ConfigReader reader(in.data); reader.next(line);) {
    const std::string_view text = line.text;
    cut = cut || line.cut;
    if (text.front() == '#' || text.front() == ';') continue;
    const bool section = text.front() == '[' && text.back() == ']';
    unit.headed = unit.headed || section;
    const std::size_t equals = text.find('=');
    if (!section && (equals == std::string_view::npos || !unit.headed) && bad++ == 0) bad_at = line.at;
    if (section || equals == std::string_view::npos) continue;
    read_setting(unit, trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1)), line);
  }
  if (!unit.headed) return Outcome::kNotMine;
  const Event plain = describe(unit, in.stream.path);
  for (const Command& command : unit.commands) {
    Event event = plain;
    event.program = command.text;
    event.attribute("when", command.when);
    event.locator = in.at(command.at, command.size);
    out.event(std::move(event));
  }
  if (unit.commands.empty()) {
    Event event = plain;
    event.locator = in.at(0, in.data.size());
    out.event(std::move(event));
  }
  if (bad > 0) out.damage(DamageKind::kRange, bad_at, "line", fmt::format("{} lines are not understood", bad));
  if (cut) out.damage(DamageKind::kTruncated, in.data.size(), "line", "the last line should go on");
  return bad == 0 && !cut ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/systemd/system/**.service"sv, "**/systemd/system/**.timer"sv,
                               "**/systemd/system/**.socket"sv,  "**/systemd/system/**.path"sv,
                               "**/systemd/system/**.conf"sv,    "**/systemd/user/**.service"sv,
                               "**/systemd/user/**.timer"sv,     "**/systemd/user/**.socket"sv,
                               "**/systemd/user/**.path"sv,      "**/systemd/user/**.conf"sv};
constexpr std::array kFields = {FieldSpec{"description", "", "what the unit says of itself"},
                                FieldSpec{"when", "", "the setting that names the command: ExecStart, ExecStop …"},
                                FieldSpec{"schedule", "", "what starts it: time, socket or path"},
                                FieldSpec{"wanted_by", "", "what pulls it in when it is enabled"},
                                FieldSpec{"activates", "", "unit it starts"},
                                FieldSpec{"unit_owner", "", "account whose home the unit lies in"}};
constexpr std::array kReferences = {"https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html"sv,
                                    "https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html"sv,
                                    "https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html"sv};

}  // namespace

extern const ArtifactParser systemd_unit;
constinit const ArtifactParser systemd_unit{
    .id = "linux.systemd_units",
    .version = 1,
    .title_en = "Units of systemd: services and timers",
    .title_ja = "systemd のユニット（サービス・タイマー）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4 << 20},
    .parse = parse_unit,
};

}  // namespace triage
