// SPDX-License-Identifier: Apache-2.0
// Microsoft Defender's support log (MPLog-*.log, MPDetection-*.log): files and programs it looked at and threats it
// met.
//   line := time " " …          time := "2026-04-09T01:02:03.456Z" (UTC), or "2026-04-09 01:02:03.456 +0900"
//   "DETECTIONEVENT … name file:path …", "DETECTION_ADD … Name … file:path", "ProcessImageName: x, Pid: n, TotalTime:
//   …", "SDN:Issuing … sdn query for path", "[RTP] [Mini-filter] …", "Engine:EMS scan for process: x pid: n, …"
// Lines of other kinds give no events. Text in UTF-16LE or UTF-8.
// Spec: CrowdStrike, "Mind the MPLog: Leveraging Microsoft Protection Logging for Forensic Investigations".
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// What follows `name` up to ", " or the end.
std::string_view named(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + name.size());
  return trimmed(rest.substr(0, rest.find(", ")));
}

bool threat(std::string_view text, Event& event) {
  const std::size_t at = text.find("DETECTION");
  const bool detection =
      at != std::string_view::npos && (text.find("DETECTIONEVENT", at) == at || text.find("DETECTION_", at) == at);
  if (!detection) return false;
  event.what = action::kLogRecorded;
  event.how = "Defender: threat found";
  event.object_kind = "file";
  const std::size_t file = text.find("file:", at);
  if (file != std::string_view::npos) {
    std::string_view path = text.substr(file + 5);
    path = path.substr(0, std::min(path.find(" PropBag"), path.find(";")));
    set_text(event.path, trimmed(path));
  }
  event.object = event.path;
  LineScan scan(text.substr(at));
  (void)scan.word();  // the kind of line
  for (std::string_view word = scan.word(); !word.empty(); word = scan.word())
    if (word.find(':') != std::string_view::npos && word.find('/') != std::string_view::npos &&
        !word.starts_with("file:")) {
      add_text(event, "threat", word);
      break;
    }
  return true;
}

bool process(std::string_view text, Event& event) {
  const bool totals = text.starts_with("ProcessImageName: ");
  const bool scanned = text.find("EMS scan for process: ") != std::string_view::npos;
  if (!totals && !scanned) return false;
  event.what = action::kProgramRun;
  event.object_kind = "program";
  event.how = totals ? "Defender: time spent on a program" : "Defender: memory of a program looked at";
  if (totals) {
    set_text(event.object, named(text, "ProcessImageName: "));
    add_text(event, "pid", named(text, "Pid: "));
    if (const auto count = decimal(named(text, "Count: "))) event.attribute("count", *count);
    set_text(event.path, named(text, "MaxTimeFile: "));
  } else {
    const std::string_view all = named(text, "EMS scan for process: ");
    const std::size_t pid = all.find(" pid: ");
    set_text(event.object, all.substr(0, pid));
    if (pid != std::string_view::npos) add_text(event, "pid", all.substr(pid + 6));
  }
  event.program = event.object;
  return event.object.has_value();
}

bool file(std::string_view text, Event& event) {
  std::string_view path;
  for (const std::string_view front : {" sdn query for "sv, "BMQueryFile: "sv, "lowfi:"sv})
    if (const std::size_t at = text.find(front); at != std::string_view::npos && path.empty())
      path = text.substr(at + front.size());
  path = trimmed(path.substr(0, std::min(path.find(" ("), path.find(", "))));
  if (path.find('\\') == std::string_view::npos) return false;
  event.what = action::kFileSeen;
  event.object_kind = "file";
  event.how = "Defender: file looked at";
  set_text(event.path, path);
  event.object = event.path;
  if (const std::string_view sha1 = named(text, "sha1="); sha1.size() >= 40)
    add_text(event, "sha1", sha1.substr(0, 40));
  if (const std::string_view sha2 = named(text, "sha2="); sha2.size() >= 64)
    event.object_sha256 = log_text(sha2.substr(0, 64));
  return true;
}

class DefenderLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view line) override {
    LineScan scan(line);
    return scan_iso_time(scan);
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    LineScan scan(line.text);
    const auto time = scan_iso_time(scan);
    if (!time) return LineSays::kNothing;  // headings and what belongs to the line before
    const std::string_view raw = line.text.substr(0, line.text.size() - scan.rest().size());
    scan.skip_blanks();
    if (!threat(scan.rest(), event) && !process(scan.rest(), event) && !file(scan.rest(), event))
      return LineSays::kNothing;
    event.when = clock.stamp(*time, raw);
    event.when_meaning = Meaning::kLogged;
    note_inference(*time, clock, event);
    add_text(event, "message", scan.rest());
    return LineSays::kEvent;
  }
};

Outcome parse_defender_log(const Artifact& in, EventSink& out) {
  DefenderLog log;
  const Outcome outcome = read_line_log(in, out, log);
  const bool cut = outcome == Outcome::kComplete && has_at(in.data, 0, "\xff\xfe") && in.data.size() % 2 != 0;
  if (cut) out.damage(DamageKind::kTruncated, in.data.size() - 1, "text", "the file ends inside a character");
  return cut ? Outcome::kPartial : outcome;
}

constexpr std::array kPaths = {"**/MPLog-*.log"sv, "**/MPDetection-*.log"sv};
constexpr std::array kFields = {FieldSpec{"threat", "", "name of the threat"},
                                FieldSpec{"pid", "", "process id"},
                                FieldSpec{"count", "count", "how often the program was looked at"},
                                FieldSpec{"sha1", "hex", "SHA-1 of the file"},
                                FieldSpec{"message", "", "the line without its time"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {
    "https://www.crowdstrike.com/en-us/blog/how-to-use-microsoft-protection-logging-for-forensic-investigations/"sv};

}  // namespace

extern const ArtifactParser defender_log;
constinit const ArtifactParser defender_log{
    .id = "windows.defender_log",
    .version = 1,
    .title_en = "Microsoft Defender's support log (MPLog)",
    .title_ja = "Microsoft Defender のログ（MPLog）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_defender_log,
};

}  // namespace triage
