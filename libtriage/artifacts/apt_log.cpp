// SPDX-License-Identifier: Apache-2.0
// APT's own logs: history.log (which command installed, upgraded or removed what, for whom) and term.log (when dpkg
// ran).
//   history := { "Start-Date: " date "  " time LF { name ": " value LF } "End-Date: " … }
//   Install := package ":" architecture " (" version [", automatic"] ")" { ", " … }    Upgrade := … "(" old ", " new
//   ")" term := "Log started: " date "  " time … "Log ended: " …
// Local time, the zone is not said. Spec: apt-pkg/deb/dpkgpm.cc (OpenLog, WriteHistoryTag).
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kTags = {
    {{"Install", action::kProgramInstalled},
     {"Reinstall", action::kProgramInstalled},
     {"Upgrade", action::kProgramInstalled},
     {"Downgrade", action::kProgramInstalled},
     {"Remove", action::kConfigChanged},
     {"Purge", action::kConfigChanged}}};

/// "2016-08-06  17:35:39": two blanks.
std::optional<LogTime> date_of(std::string_view text) {
  std::string one(text);
  if (const std::size_t at = one.find("  "); at != std::string::npos) one.erase(at, 1);
  LineScan scan(one);
  return scan_iso_time(scan);
}

/// The text behind "Start-Date: " and its three kin.
std::optional<std::string_view> date_text(std::string_view line, bool& ends) {
  for (const std::string_view name : {"Start-Date: "sv, "End-Date: "sv, "Log started: "sv, "Log ended: "sv}) {
    if (!line.starts_with(name)) continue;
    ends = name == "End-Date: " || name == "Log ended: ";
    return trimmed(line.substr(name.size()));
  }
  return std::nullopt;
}

class AptReader {
 public:
  AptReader(const Artifact& in, EventSink& out) : in_(in), out_(out), clock_(in.stream) {}
  Outcome read();

 private:
  void line(const LogLine& line);
  void date(const LogLine& line, std::string_view text, bool ends);
  void packages(const LogLine& line, std::string_view tag, std::string_view what, std::string_view list);
  void give(Event event, const LogLine& line, Meaning meaning);

  const Artifact& in_;
  EventSink& out_;
  LogClock clock_;
  Timestamp now_;
  std::optional<LogTime> time_;
  std::optional<std::string> who_;
  std::optional<std::uint32_t> uid_;
  std::string command_;
  bool open_ = false, term_ = false;
  std::uint64_t events_ = 0, bad_ = 0, noise_ = 0;
  std::size_t bad_at_ = 0, noise_at_ = 0, open_at_ = 0;
};

void AptReader::give(Event event, const LogLine& line, Meaning meaning) {
  event.when = now_;
  event.when_meaning = meaning;
  event.who = who_;
  event.uid = uid_;
  event.program = "apt";
  event.locator = in_.at(line.at, line.size);
  event.record = ++events_;
  if (time_) note_inference(*time_, clock_, event);
  out_.event(std::move(event));
}

void AptReader::date(const LogLine& line, std::string_view text, bool ends) {
  time_ = date_of(text);
  now_ = time_ ? clock_.stamp(*time_, text) : Timestamp{};
  if (!time_) now_.status = TimeStatus::kOutOfRange;
  if (!time_) now_.raw = log_text(text);
  if (now_.status != TimeStatus::kOk && bad_++ == 0) bad_at_ = line.at;
  term_ = line.text.starts_with("Log ");
  if (!ends) {
    who_.reset();
    uid_.reset();
    command_.clear();
    open_at_ = line.at;
  }
  open_ = !ends;
  Event event;
  event.what = action::kLogRecorded;
  event.object_kind = "session";
  event.how = ends ? "apt ended" : "apt started";
  if (term_) event.how = ends ? "dpkg run by apt ended" : "dpkg run by apt started";
  if (ends) add_text(event, "command", command_);
  give(std::move(event), line, ends ? Meaning::kEnded : Meaning::kStarted);
}

/// "bash:amd64 (5.1-2, 5.2-1), libc6:amd64 (2.36, automatic)"
void AptReader::packages(const LogLine& line, std::string_view tag, std::string_view what, std::string_view list) {
  LineScan scan(list);
  while (!scan.empty()) {
    const std::string_view name = scan.word();
    std::string_view inside;
    if (scan.skip('(')) inside = scan.until(')').value_or(std::string_view{});
    if (!scan.skip(", ") && !scan.empty()) (void)scan.word();  // whatever stands there is not a package's begin
    if (name.empty()) continue;
    Event event;
    event.what = what;
    event.object_kind = "package";
    event.how = "apt " + log_text(tag);
    set_text(event.object, name);
    const std::size_t comma = inside.find(", ");
    const std::string_view first = inside.substr(0, comma);
    const std::string_view second = comma == std::string_view::npos ? std::string_view{} : inside.substr(comma + 2);
    if (tag == "Upgrade" || tag == "Downgrade") {
      add_text(event, "old_version", first);
      add_text(event, "version", second);
    } else {
      add_text(event, "version", first);
      add_text(event, "mark", second);
    }
    add_text(event, "command", command_);
    give(std::move(event), line, what == action::kProgramInstalled ? Meaning::kInstalled : Meaning::kChanged);
  }
}

void AptReader::line(const LogLine& line) {
  bool ends = false;
  if (const auto text = date_text(line.text, ends)) return date(line, *text, ends);
  if (term_ || line.text.empty()) return;  // what dpkg printed
  LineScan scan(line.text);
  const auto tag = scan.until(": ");
  if (!tag || !open_) {
    if (noise_++ == 0) noise_at_ = line.at;
    return;
  }
  if (*tag == "Commandline") {
    command_ = log_text(scan.rest());
    Event event;
    event.what = action::kProgramRun;
    event.object_kind = "command";
    set_text(event.object, command_);
    event.how = "apt history";
    give(std::move(event), line, Meaning::kRun);
    return;
  }
  if (*tag == "Requested-By") {
    set_text(who_, scan.rest().substr(0, scan.rest().find(" (")));
    if (const auto opens = scan.until(" ("))
      if (const auto uid = scan.digits(1, 9)) uid_ = static_cast<std::uint32_t>(*uid);
    return;
  }
  for (const auto& [name, what] : kTags)
    if (*tag == name) packages(line, name, what, scan.rest());
}

Outcome AptReader::read() {
  LogLine one;
  bool ends = false;
  for (LineReader reader(in_.data); reader.next(one);)
    if (const auto text = date_text(one.text, ends))
      if (const auto time = date_of(*text)) clock_.observe(*time);
  clock_.infer();
  for (LineReader reader(in_.data); reader.next(one);) line(one);
  if (events_ == 0) return Outcome::kNotMine;
  if (noise_ > 0)
    out_.damage(DamageKind::kRange, noise_at_, "line", fmt::format("{} lines are not understood", noise_));
  if (bad_ > 0) out_.damage(DamageKind::kRange, bad_at_, "time", fmt::format("{} dates cannot be", bad_));
  if (open_) out_.damage(DamageKind::kTruncated, open_at_, "End-Date", "the last run does not end");
  return noise_ + bad_ == 0 && !open_ ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_apt(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  return AptReader(in, out).read();
}

constexpr std::array kPaths = {"**/apt/history.log*"sv, "**/apt/term.log*"sv};
constexpr std::array kFields = {FieldSpec{"version", "", "version after the change"},
                                FieldSpec{"old_version", "", "version before the change"},
                                FieldSpec{"mark", "", "automatic where it came as a dependency"},
                                FieldSpec{"command", "", "command line of the run"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {"https://salsa.debian.org/apt-team/apt/-/blob/main/apt-pkg/deb/dpkgpm.cc"sv,
                                    "https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html"sv};

}  // namespace

extern const ArtifactParser apt_log;
constinit const ArtifactParser apt_log{
    .id = "linux.apt",
    .version = 1,
    .title_en = "APT logs (history.log, term.log)",
    .title_ja = "APT のログ（history.log・term.log）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_apt,
};

}  // namespace triage
