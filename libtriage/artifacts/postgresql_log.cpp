// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's log: who connected to which database, what was refused, what was run where statements are logged.
//   line := 2022-04-12 00:24:24.741 " " zone " [" process ["-" line] "] " [account "@" database " "] level ":  "
//   message lines that begin with a blank go on. The zone is an abbreviation: UTC and GMT are known, JST is taken as
//   +09:00, any other is left unknown and kept.        Spec: PostgreSQL, "Error Reporting and Logging", log_line_prefix
//   of Debian.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::array kLevels = {"LOG"sv,  "ERROR"sv,     "FATAL"sv,  "PANIC"sv,   "WARNING"sv, "NOTICE"sv,  "INFO"sv,
                                "HINT"sv, "STATEMENT"sv, "DETAIL"sv, "CONTEXT"sv, "QUERY"sv,   "LOCATION"sv};

struct Prefix {
  LogTime time;
  std::string_view raw, zone, process, account, database, level;
};

std::optional<Prefix> read_prefix(LineScan& scan) {
  Prefix out;
  const std::string_view from = scan.rest();
  const auto time = scan_iso_time(scan);
  if (!time) return std::nullopt;
  out.time = *time;
  (void)scan.skip(' ');  // an offset may have taken it
  if (scan.peek() != '[') out.zone = scan.word();
  out.raw = from.substr(0, from.size() - scan.rest().size());
  if (out.raw.ends_with(' ')) out.raw.remove_suffix(1);
  if (out.zone == "UTC" || out.zone == "GMT") out.time.offset_minutes = 0;
  if (out.zone == "JST") out.time.offset_minutes = 540;
  if (!scan.skip('[')) return std::nullopt;
  out.process = scan.until(']').value_or(std::string_view{});
  scan.skip_blanks();
  LineScan names(scan.rest());
  const std::string_view word = names.word();
  if (const std::size_t at = word.find('@'); at != std::string_view::npos) {
    out.account = word.substr(0, at);
    out.database = word.substr(at + 1);
    scan = names;
  }
  for (const std::string_view level : kLevels) {
    LineScan rest(scan.rest());
    if (!rest.skip(level) || !rest.skip(':')) continue;
    out.level = level;
    rest.skip_blanks();
    scan = rest;
    return out;
  }
  return std::nullopt;
}

class PostgresLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view line) override {
    LineScan scan(line);
    const auto prefix = read_prefix(scan);
    return prefix ? std::optional(prefix->time) : std::nullopt;
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (line.text.empty() || line.text.front() == ' ' || line.text.front() == '\t') return LineSays::kNothing;
    LineScan scan(line.text);
    const auto prefix = read_prefix(scan);
    if (!prefix) return LineSays::kNoise;
    const std::string_view message = scan.rest();
    event.when = clock.stamp(prefix->time, prefix->raw);
    event.when_meaning = Meaning::kLogged;
    note_inference(prefix->time, clock, event);
    event.what = action::kLogRecorded;
    event.how = "PostgreSQL log";
    event.object_kind = "message";
    if (message.starts_with("connection authorized:")) event.what = action::kLogonSucceeded;
    if (message.find("authentication failed for user") != std::string_view::npos) event.what = action::kLogonFailed;
    if (message.starts_with("disconnection:")) event.what = action::kLogonEnded;
    if (message == "database system is ready to accept connections") event.what = action::kServiceStarted;
    set_text(event.object, message);
    if (prefix->account != "[unknown]") set_text(event.who, prefix->account);
    add_text(event, "database", prefix->database);
    add_text(event, "level", prefix->level);
    add_text(event, "pid", prefix->process.substr(0, prefix->process.find('-')));
    if (!prefix->time.offset_minutes) add_text(event, "zone", prefix->zone);
    LineScan host(message);
    if (host.until(" host=")) set_text(event.remote, host.word());
    if (event.remote) event.channel = "remote";
    return LineSays::kEvent;
  }
};

Outcome parse_postgresql(const Artifact& in, EventSink& out) {
  PostgresLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/postgresql/**.log*"sv, "**/postgresql*.log"sv, "**/pg_log/*.log"sv};
constexpr std::array kFields = {FieldSpec{"database", "", "database that was asked"},
                                FieldSpec{"level", "", "LOG, ERROR, FATAL, STATEMENT …"},
                                FieldSpec{"pid", "", "process of the server"},
                                FieldSpec{"zone", "", "abbreviation of the zone that is not known"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {"https://www.postgresql.org/docs/current/runtime-config-logging.html"sv};

}  // namespace

extern const ArtifactParser postgresql_log;
constinit const ArtifactParser postgresql_log{
    .id = "linux.postgresql",
    .version = 1,
    .title_en = "PostgreSQL log",
    .title_ja = "PostgreSQL のログ",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_postgresql,
};

}  // namespace triage
