// SPDX-License-Identifier: Apache-2.0
// Device installation logs of Windows: setupapi.dev.log, setupapi.setup.log (Vista and later) and setupapi.log (XP).
//   section := ">>>  [" title "]" ">>>  Section start " time { body } "<<<  Section end " time "<<<  [Exit status: …]"
//   boot := "[Boot Session: " time "]"          XP := "[" time " " process "." number [" " title] "]" { "#" … }
// Times are local to the millisecond (XP: second); the zone is not said. A title "Device Install (…) - device" is the
// first time the device was seen by this Windows. Spec: Microsoft Learn, "SetupAPI Text Logs".
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "bytes/text.h"
#include "formats/config_lines.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Section {
  std::string title, command, ids;
  std::string started, ended, status;
  std::size_t at = 0, end = 0;
};

/// "2015/11/22 17:53:16.599" at the front of `text`.
std::optional<LogTime> front_time(std::string_view text) {
  LineScan scan(text);
  return scan_iso_time(scan);
}

/// The text of a time at the front: 10 characters of the date, a blank, up to the next blank or bracket.
std::string_view front_text(std::string_view text) {
  return text.substr(0, std::min(text.size(), text.find_first_of(" ]", 11)));
}

std::optional<std::string_view> after(std::string_view line, std::string_view wanted) {
  if (!line.starts_with(wanted)) return std::nullopt;
  return trimmed(line.substr(wanted.size()));
}

class SetupReader {
 public:
  SetupReader(const Artifact& in, EventSink& out) : in_(in), out_(out), clock_(in.stream) {}
  Outcome read();

 private:
  void first_pass();
  bool section_line(const LogLine& line);
  bool bracket_line(const LogLine& line);
  void give();
  void give_boot(const LogLine& line, std::string_view time);
  bool stamp(Event& event, std::string_view time, Meaning meaning);
  void describe(Event& event, const Section& section) const;

  const Artifact& in_;
  EventSink& out_;
  LogClock clock_;
  std::optional<Section> open_;
  std::uint64_t sections_ = 0, boots_ = 0, unended_ = 0, bad_times_ = 0;
  std::size_t unended_at_ = 0, bad_at_ = 0;
};

void SetupReader::first_pass() {
  LogLine line;
  for (LineReader reader(in_.data); reader.next(line);) {
    std::string_view text = line.text;
    for (const std::string_view front : {">>>  Section start "sv, "<<<  Section end "sv, "[Boot Session: "sv, "["sv})
      if (text.starts_with(front)) {
        text.remove_prefix(front.size());
        break;
      }
    if (text.size() == line.text.size()) continue;
    if (const auto time = front_time(text)) clock_.observe(*time);
  }
  clock_.infer();
}

bool SetupReader::stamp(Event& event, std::string_view time, Meaning meaning) {
  const auto read = front_time(time);
  if (read) event.when = clock_.stamp(*read, time);
  event.when_meaning = meaning;
  if (read) note_inference(*read, clock_, event);
  if (read && event.when.status == TimeStatus::kOk) return true;
  if (bad_times_++ == 0) bad_at_ = *event.locator.begin;
  if (!read) event.when.status = TimeStatus::kOutOfRange;
  if (!read) event.when.raw = log_text(time);
  return false;
}

void SetupReader::describe(Event& event, const Section& section) const {
  const std::size_t dash = section.title.find(" - ");
  const std::string kind = section.title.substr(0, dash);
  std::string object = dash == std::string::npos ? std::string() : std::string(trimmed(section.title.substr(dash + 3)));
  if (object.empty()) object = section.ids;
  const bool install = kind.starts_with("Device Install") || kind.starts_with("Driver Install");
  const bool driver = kind.find("Driver Package") != std::string::npos || kind.find("OEMInf") != std::string::npos;
  event.what = install && !object.empty() ? action::kDeviceConnected : action::kConfigChanged;
  event.object_kind = driver ? "driver" : "device";
  if (object.empty()) event.object_kind = "setup";
  if (!object.empty()) event.object = log_text(object);
  event.how = "SetupAPI: " + log_text(kind.empty() ? "section"sv : std::string_view(kind));
  const std::string lower = ascii_lower(object);
  if (lower.starts_with("usb") || lower.starts_with("swd\\wpdbusenum")) event.channel = "usb";
  if (install && lower.starts_with("usbstor\\"))
    if (const std::size_t at = object.rfind('\\'); at != std::string::npos && at > std::string_view("usbstor\\").size())
      add_text(event, "serial", std::string_view(object).substr(at + 1));
  add_text(event, "command", section.command);
  add_text(event, "exit_status", section.status);
}

void SetupReader::give() {
  if (!open_) return;
  const Section section = *std::exchange(open_, std::nullopt);
  Event event;
  event.record = ++sections_;
  event.locator = in_.at(section.at, section.end - section.at);
  describe(event, section);
  event.partial = section.started.empty();
  Event ended = event;
  stamp(event, section.started, event.what == action::kDeviceConnected ? Meaning::kConnected : Meaning::kStarted);
  out_.event(std::move(event));
  if (section.ended.empty() || section.ended == section.started) return;
  ended.what = action::kLogRecorded;
  stamp(ended, section.ended, Meaning::kEnded);
  out_.event(std::move(ended));
}

void SetupReader::give_boot(const LogLine& line, std::string_view time) {
  Event event;
  event.what = action::kSystemStarted;
  event.how = "SetupAPI: boot session";
  event.locator = in_.at(line.at, line.size);
  stamp(event, time, Meaning::kStarted);
  ++boots_;
  out_.event(std::move(event));
}

bool SetupReader::section_line(const LogLine& line) {
  const std::string_view text = line.text;
  if (const auto time = after(text, ">>>  Section start ")) {
    if (open_) open_->started = front_text(*time);
  } else if (const auto title = after(text, ">>>  [")) {
    if (open_ && unended_++ == 0) unended_at_ = open_->at;
    give();
    open_.emplace();
    open_->at = line.at;
    open_->title = title->substr(0, title->rfind(']'));
  } else if (const auto end = after(text, "<<<  Section end ")) {
    if (open_) open_->ended = front_text(*end);
  } else if (const auto status = after(text, "<<<  [Exit status: ")) {
    if (open_) open_->status = status->substr(0, status->rfind(']'));
    if (open_) open_->end = line.at + line.size;
    give();
    return true;
  } else {
    return false;
  }
  if (open_) open_->end = line.at + line.size;
  return true;
}

bool SetupReader::bracket_line(const LogLine& line) {
  if (const auto boot = after(line.text, "[Boot Session: ")) {
    give_boot(line, front_text(*boot));
    return true;
  }
  if (!line.text.starts_with('[') || !front_time(line.text.substr(1))) return false;
  give();
  open_.emplace();  // XP: "[2013/01/02 03:04:05 1234.5 Driver Install]"
  open_->at = line.at;
  open_->end = line.at + line.size;
  LineScan scan(line.text.substr(1));
  open_->started = front_text(scan.rest());
  (void)scan.skip(open_->started);  // it was just read from there
  scan.skip_blanks();
  (void)scan.word();  // process and number
  open_->title = scan.rest().substr(0, scan.rest().rfind(']'));
  return true;
}

Outcome SetupReader::read() {
  first_pass();
  LogLine line;
  for (LineReader reader(in_.data); reader.next(line);) {
    if (section_line(line) || bracket_line(line) || !open_) continue;
    open_->end = line.at + line.size;
    const std::string_view text = trimmed(line.text);
    if (const auto command = after(text, "cmd:"); command && open_->command.empty()) open_->command = *command;
    if (const std::size_t at = text.find("hardware ID(s): "); at != std::string_view::npos && open_->ids.empty())
      open_->ids = text.substr(at + 16, text.find(',', at) - at - 16);
  }
  const bool cut = open_ && !open_->title.empty() && open_->status.empty() && open_->ended.empty() &&
                   as_chars(in_.data).find(">>>  [") != std::string_view::npos;
  if (cut && unended_++ == 0) unended_at_ = open_->at;
  give();
  if (sections_ + boots_ == 0) return Outcome::kNotMine;
  if (unended_ > 0)
    out_.damage(DamageKind::kTruncated, unended_at_, "section", fmt::format("{} sections do not end", unended_));
  if (bad_times_ > 0)
    out_.damage(DamageKind::kRange, bad_at_, "time", fmt::format("{} times are missing or cannot be", bad_times_));
  return unended_ + bad_times_ == 0 ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_setupapi(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  return SetupReader(in, out).read();
}

constexpr std::array kPaths = {"**/setupapi.dev*.log"sv, "**/setupapi.setup*.log"sv, "**/setupapi.log"sv,
                               "**/setupapi.offline*.log"sv, "**/setupapi.upgrade*.log"sv};
constexpr std::array kFields = {
    FieldSpec{"serial", "", "last part of the device instance: the serial number where the device has one"},
    FieldSpec{"command", "", "program that asked for it"}, FieldSpec{"exit_status", "", "SUCCESS or what went wrong"},
    kYearFrom, kZoneFrom};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/windows-hardware/drivers/install/setupapi-text-logs"sv,
    "https://learn.microsoft.com/windows-hardware/drivers/install/format-of-a-text-log-section"sv};

}  // namespace

extern const ArtifactParser setupapi;
constinit const ArtifactParser setupapi{
    .id = "windows.setupapi",
    .version = 1,
    .title_en = "Device installation logs (setupapi)",
    .title_ja = "デバイスのインストールログ（setupapi）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_setupapi,
};

}  // namespace triage
