// SPDX-License-Identifier: Apache-2.0
// PowerShell transcripts: session, account, machine and the commands with the output they were typed before. The words
// are those of the system's language, so that lines are told by their place and shape.
//   file := block { [STARS "Command start time: " time STARS] prompt command } [end]       STARS := "*" x 22, a line
//   block := STARS title, start time, user, run-as user, [configuration], machine "(" system ")", program, process id …
// Times are 14 digits of local time; the zone is not said. Spec: PowerShell, MshHostUserInterface.cs
// (LogTranscriptHeader).
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxCommand = 64 << 10;
constexpr std::size_t kMaxHeader = 32;

bool is_stars(std::string_view line) {
  return line.size() >= 22 && line.find_first_not_of('*') == std::string_view::npos;
}

/// What follows the first colon, half or full width; empty where there is none.
std::string_view value_of(std::string_view line) {
  const std::size_t half = line.find(':');
  const std::size_t full = line.find("\xef\xbc\x9a");
  if (half == std::string_view::npos && full == std::string_view::npos) return {};
  return trimmed(half < full ? line.substr(half + 1) : line.substr(full + 3));
}

/// "20220721023749" as the value of a line.
std::optional<LogTime> time_of(std::string_view line) {
  const std::string_view text = value_of(line);
  if (text.size() != 14) return std::nullopt;
  LineScan scan(text);
  const auto year = scan.digits(4, 4), month = scan.digits(2, 2), day = scan.digits(2, 2);
  const auto hour = scan.digits(2, 2), minute = scan.digits(2, 2), second = scan.digits(2, 2);
  if (!second || !scan.empty()) return std::nullopt;
  LogTime out;
  out.year = static_cast<int>(*year);
  out.month = static_cast<unsigned>(*month);
  out.day = static_cast<unsigned>(*day);
  out.hour = static_cast<unsigned>(*hour);
  out.minute = static_cast<unsigned>(*minute);
  out.second = static_cast<unsigned>(*second);
  return out;
}

struct Session {
  std::optional<std::string> user, host, program;
  std::string run_as, system, process, version;
};

class TranscriptReader {
 public:
  TranscriptReader(const Artifact& in, EventSink& out) : in_(in), out_(out), clock_(in.stream) {}
  Outcome read();

 private:
  struct Place {
    std::size_t at = 0, end = 0;
  };
  void block(const std::vector<std::string>& lines, Place place);
  void header(const std::vector<std::string>& lines);
  void body(const LogLine& line);
  void give_command();
  Event event_of(Place place) const;
  void stamp(Event& event, std::string_view line);

  const Artifact& in_;
  EventSink& out_;
  LogClock clock_;
  Session session_;
  std::optional<std::string> pending_time_;  // line of the time of the next command
  std::optional<std::string> command_;
  std::string folder_;
  Place command_place_;
  std::uint64_t commands_ = 0;
  bool started_ = false, bad_time_ = false;
  std::size_t bad_at_ = 0;
};

Event TranscriptReader::event_of(Place place) const {
  Event event;
  event.who = session_.user;
  event.host = session_.host;
  event.program = session_.program;
  event.locator = in_.at(place.at, place.end - place.at);
  return event;
}

void TranscriptReader::stamp(Event& event, std::string_view line) {
  const auto time = time_of(line);
  if (!time) return;
  event.when = clock_.stamp(*time, value_of(line));
  note_inference(*time, clock_, event);
  if (event.when.status == TimeStatus::kOk || bad_time_) return;
  bad_time_ = true;
  bad_at_ = *event.locator.begin;
}

void TranscriptReader::give_command() {
  if (!command_) return;
  Event event = event_of(command_place_);
  if (pending_time_) stamp(event, *pending_time_);
  event.when_meaning = Meaning::kRun;
  event.what = action::kProgramRun;
  event.object_kind = "command";
  event.object = log_text(*command_);
  event.how = "PowerShell transcript";
  add_text(event, "folder", folder_);
  add_text(event, "process_id", session_.process);
  ++commands_;
  out_.event(std::move(event));
  command_.reset();
  pending_time_.reset();
}

void TranscriptReader::header(const std::vector<std::string>& lines) {
  session_ = {};
  set_text(session_.user, value_of(lines[2]));
  session_.run_as = log_text(value_of(lines[3]));
  for (std::size_t i = 4; i < lines.size(); ++i) {
    const std::string_view value = value_of(lines[i]);
    const std::size_t bracket = value.find(" (");
    if (!session_.host && bracket != std::string_view::npos && value.ends_with(')')) {
      set_text(session_.host, value.substr(0, bracket));
      session_.system = log_text(value.substr(bracket + 2, value.size() - bracket - 3));
      if (i + 1 < lines.size()) set_text(session_.program, value_of(lines[i + 1]));
      if (i + 2 < lines.size()) session_.process = log_text(value_of(lines[i + 2]));
    }
    if (lines[i].starts_with("PSVersion:")) session_.version = log_text(value);
  }
}

void TranscriptReader::block(const std::vector<std::string>& lines, Place place) {
  if (lines.size() == 1 && time_of(lines[0])) {  // the time of the next command
    pending_time_ = lines[0];
    return;
  }
  if (lines.size() < 2 || !time_of(lines[1])) return;
  const bool start = lines.size() >= 4;
  if (start) header(lines);
  Event event = event_of(place);
  stamp(event, lines[1]);
  event.when_meaning = start ? Meaning::kStarted : Meaning::kEnded;
  event.what = start ? action::kProgramRun : action::kLogRecorded;
  event.object_kind = "session";
  event.how = start ? "PowerShell transcript started" : "PowerShell transcript ended";
  if (start && session_.run_as != session_.user.value_or("")) add_text(event, "run_as", session_.run_as);
  if (start) add_text(event, "system", session_.system);
  if (start) add_text(event, "version", session_.version);
  add_text(event, "process_id", session_.process);
  started_ = true;
  out_.event(std::move(event));
}

void TranscriptReader::body(const LogLine& line) {
  const std::string_view text = line.text;
  const std::size_t prompt = text.starts_with("PS ") ? text.find("> ") : std::string_view::npos;
  if (prompt != std::string_view::npos) {
    give_command();
    const std::string_view typed = trimmed(text.substr(prompt + 2));
    if (typed.empty() || typed.starts_with("TerminatingError(")) return;
    folder_ = text.substr(3, prompt - 3);
    command_ = std::string(typed);
    command_place_ = {line.at, line.at + line.size};
    return;
  }
  if (!command_) return;
  const bool more = text.starts_with(">> ") && !text.starts_with(">> TerminatingError(");
  if (!more) {
    give_command();
  } else if (command_->size() + text.size() < kMaxCommand) {
    *command_ += '\n';
    *command_ += text.substr(3);
    command_place_.end = line.at + line.size;
  }
}

Outcome TranscriptReader::read() {
  LogLine line;
  for (LineReader reader(in_.data); reader.next(line);)
    if (const auto time = line.text.size() < 200 ? time_of(line.text) : std::nullopt) clock_.observe(*time);
  clock_.infer();
  bool inside = false;
  std::vector<std::string> lines;
  Place place;
  for (LineReader reader(in_.data); reader.next(line);) {
    if (is_stars(line.text)) {
      if (inside) block(lines, {place.at, line.at + line.size});
      if (!inside) give_command();
      inside = !inside;
      place.at = line.at;
      lines.clear();
    } else if (!inside) {
      body(line);
    } else if (lines.size() < kMaxHeader) {
      lines.emplace_back(line.text);
    }
  }
  give_command();
  if (inside) block(lines, {place.at, in_.data.size()});
  if (!started_ && !inside && commands_ == 0) return Outcome::kNotMine;
  if (!started_ && !inside) out_.damage(DamageKind::kRange, 0, "head", "no block says who and when");
  if (inside) out_.damage(DamageKind::kTruncated, place.at, "block", "a block of the transcript does not end");
  if (bad_time_) out_.damage(DamageKind::kRange, bad_at_, "time", "a date or time that cannot be");
  return inside || bad_time_ || !started_ ? Outcome::kPartial : Outcome::kComplete;
}

Outcome parse_transcript(const Artifact& in, EventSink& out) {
  LogLine first;
  LineReader reader(in.data);
  if (!looks_like_text(in.data) || !reader.next(first) || !is_stars(first.text)) return Outcome::kNotMine;
  return TranscriptReader(in, out).read();
}

constexpr std::array kPaths = {"**/PowerShell_transcript*.txt"sv, "**/transcripts/**.txt"sv};
constexpr std::array kFields = {FieldSpec{"folder", "", "folder the command was typed in"},
                                FieldSpec{"process_id", "", "process of the session"},
                                FieldSpec{"run_as", "", "account it ran as where that is another"},
                                FieldSpec{"system", "", "operating system as the session says"},
                                FieldSpec{"version", "", "PowerShell version"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {
    "https://github.com/PowerShell/PowerShell/blob/master/src/System.Management.Automation/engine/hostifaces/MshHostUserInterface.cs"sv,
    "https://learn.microsoft.com/powershell/module/microsoft.powershell.host/start-transcript"sv};

}  // namespace

extern const ArtifactParser powershell_transcript;
constinit const ArtifactParser powershell_transcript{
    .id = "windows.powershell_transcript",
    .version = 1,
    .title_en = "PowerShell transcripts",
    .title_ja = "PowerShell のトランスクリプト",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_transcript,
};

}  // namespace triage
