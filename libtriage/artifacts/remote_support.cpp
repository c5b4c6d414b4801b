// SPDX-License-Identifier: Apache-2.0
// TeamViewer: sessions with this machine (Connections_incoming.txt, Connections.txt) and the program's own log.
//   incoming := id TAB name TAB start TAB end TAB account here TAB kind TAB session     start := "16-02-2024 14:16:32"
//   outgoing := id TAB start TAB end TAB account here TAB kind TAB session              both UTC since version 11
//   log := "2024/02/16 06:05:19.349 " process " " thread " " level " " message          local time; marked "S0", "G1" …
// Spec: read off real files (plaso's test data); TeamViewer, "Find your log files".
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  while (out.size() < 16) {
    const std::size_t at = text.find('\t');
    out.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  return out;
}

/// "16-02-2024 14:16:32"
std::optional<LogTime> day_first(std::string_view text) {
  LineScan scan(text);
  LogTime out;
  const auto day = scan.digits(2, 2);
  const bool dash = scan.skip('-');
  const auto month = scan.digits(2, 2);
  const bool again = scan.skip('-');
  const auto year = scan.digits(4, 4);
  const bool blank = scan.skip(' ');
  const auto hour = scan.digits(2, 2);
  const bool colon = scan.skip(':');
  const auto minute = scan.digits(2, 2);
  const bool more = scan.skip(':');
  const auto second = scan.digits(2, 2);
  if (!day || !dash || !month || !again || !year || !blank || !hour || !colon || !minute || !more || !second)
    return std::nullopt;
  out.year = static_cast<int>(*year);
  out.month = static_cast<unsigned>(*month);
  out.day = static_cast<unsigned>(*day);
  out.hour = static_cast<unsigned>(*hour);
  out.minute = static_cast<unsigned>(*minute);
  out.second = static_cast<unsigned>(*second);
  out.offset_minutes = 0;
  return out;
}

/// A line of the connection lists as two events: the session's begin and end.
bool give_session(const LogLine& line, std::uint64_t number, LogClock& clock, const Artifact& in, EventSink& out) {
  const auto parts = split(line.text);
  const bool incoming = parts.size() >= 6 && day_first(parts[2]);
  const std::size_t first = incoming ? 2 : 1;
  if (parts.size() < first + 3 || !decimal(parts[0])) return false;
  const auto start = day_first(parts[first]);
  if (!start) return false;
  Event event;
  event.what = action::kNetworkConnected;
  event.how = incoming ? "TeamViewer: session from elsewhere" : "TeamViewer: session to elsewhere";
  event.object_kind = "session";
  event.channel = "remote";
  set_text(event.remote, parts[0]);
  set_text(event.who, parts[first + 2]);
  if (parts.size() > first + 4) set_text(event.session, parts[first + 4]);
  event.object = event.session;
  if (incoming) add_text(event, "remote_name", parts[1]);
  if (parts.size() > first + 3) add_text(event, "kind", parts[first + 3]);
  event.program = "TeamViewer";
  event.record = number;
  event.locator = in.at(line.at, line.size);
  Event ended = event;
  event.when = clock.stamp(*start, parts[first]);
  event.when_meaning = Meaning::kConnected;
  out.event(std::move(event));
  const auto end = day_first(parts[first + 1]);
  if (!end) return true;
  ended.what = action::kLogonEnded;
  ended.when = clock.stamp(*end, parts[first + 1]);
  ended.when_meaning = Meaning::kDisconnected;
  out.event(std::move(ended));
  return true;
}

Outcome parse_sessions(const Artifact& in, EventSink& out) {
  LogClock clock(in.stream);
  std::uint64_t number = 0, noise = 0;
  std::size_t noise_at = 0;
  LogLine line;
  for (LineReader reader(in.data); reader.next(line);) {
    if (trimmed(line.text).empty()) continue;
    if (give_session(line, number + 1, clock, in, out)) {
      ++number;
    } else if (noise++ == 0) {
      noise_at = line.at;
    }
  }
  if (number == 0) return Outcome::kNotMine;
  if (noise > 0) out.damage(DamageKind::kRange, noise_at, "line", fmt::format("{} lines are not understood", noise));
  return noise == 0 ? Outcome::kComplete : Outcome::kPartial;
}

/// The program's log: lines that go on have no time.
class ProgramLog final : public LineLog {
 public:
  void restart() override { seen_ = false; }
  std::optional<LogTime> time_of(std::string_view line) override {
    LineScan scan(line);
    return scan_iso_time(scan);
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    LineScan scan(line.text);
    const auto time = scan_iso_time(scan);
    if (!time) return seen_ || line.text.empty() || line.text.front() != '2' ? LineSays::kNothing : LineSays::kNoise;
    const std::string_view raw = line.text.substr(0, line.text.size() - scan.rest().size());
    scan.skip_blanks();
    const auto process = scan.digits(1, 10);
    scan.skip_blanks();
    const std::string_view thread = scan.word();
    scan.skip_blanks();
    const std::string_view level = scan.word();
    scan.skip_blanks();
    if (!process || thread.empty()) return LineSays::kNoise;
    event.when = clock.stamp(*time, raw);
    event.when_meaning = Meaning::kLogged;
    note_inference(*time, clock, event);
    event.what = action::kLogRecorded;
    event.object_kind = "message";
    set_text(event.object, scan.rest());
    event.how = "TeamViewer log";
    event.program = "TeamViewer";
    event.attribute("pid", *process);
    add_text(event, "level", level);
    seen_ = true;
    return LineSays::kEvent;
  }

 private:
  bool seen_ = false;
};

Outcome parse_teamviewer(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  if (const Outcome outcome = parse_sessions(in, out); outcome != Outcome::kNotMine) return outcome;
  ProgramLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/connections_incoming*.txt"sv, "**/TeamViewer/connections*.txt"sv,
                               "**/TeamViewer*_Logfile*.log"sv};
constexpr std::array kFields = {FieldSpec{"remote_name", "", "name of the other side"},
                                FieldSpec{"kind", "", "RemoteControl, FileTransfer, VPN …"},
                                FieldSpec{"pid", "count", "process id"},
                                FieldSpec{"level", "", "marks of the line"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {
    "https://www.teamviewer.com/en/global/support/knowledge-base/teamviewer-classic/troubleshooting/log-file-reading-incoming-connection/"sv,
    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/text_plugins/teamviewer.py"sv};

}  // namespace

extern const ArtifactParser remote_support;
constinit const ArtifactParser remote_support{
    .id = "windows.teamviewer",
    .version = 1,
    .title_en = "TeamViewer: sessions and log",
    .title_ja = "TeamViewer の接続履歴・ログ",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_teamviewer,
};

}  // namespace triage
