// SPDX-License-Identifier: Apache-2.0
// Histories of shells: which commands an account typed, and when where the shell keeps times.
//   bash := ["#" seconds LF] command      zsh := ": " seconds ":" duration ";" command, "\" LF goes on
//   fish := "- cmd: " command LF "  when: " seconds …
// A history without times gives its commands in order, without a time. Spec: bash(1) HISTTIMEFORMAT, zshoptions(1)
// EXTENDED_HISTORY, fish-shell history file (src/history_file).
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxCommand = 65536;

struct Command {
  std::size_t at = 0, end = 0;
  std::optional<std::uint64_t> seconds, duration;
  std::string text;
};

class HistoryReader {
 public:
  HistoryReader(const Artifact& in, EventSink& out) : in_(in), out_(out), owner_(home_owner(in.stream.path)) {}
  void read();
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  void line(const LogLine& line);
  bool bash_time(const LogLine& line);
  bool zsh(const LogLine& line);
  bool fish(const LogLine& line);
  void give();

  const Artifact& in_;
  EventSink& out_;
  std::optional<std::string> owner_;
  std::string shell_ = "shell";
  std::optional<Command> open_;
  bool stamped_ = false;  // bash: what follows a time is one command, however many lines
  std::size_t count_ = 0;
};

void HistoryReader::give() {
  if (!open_) return;
  Command command = *std::exchange(open_, std::nullopt);
  if (command.text.empty()) return;
  Event event;
  if (command.seconds) event.when = from_unix(static_cast<std::int64_t>(*command.seconds));
  event.when_meaning = Meaning::kRun;
  event.what = action::kProgramRun;
  event.object_kind = "command";
  event.object = log_text(command.text);
  event.how = shell_ + " history";
  event.who = owner_;
  event.record = ++count_;
  if (command.duration) event.attribute("duration", *command.duration);
  event.locator = in_.at(command.at, command.end - command.at);
  out_.event(std::move(event));
}

bool HistoryReader::bash_time(const LogLine& line) {
  LineScan scan(line.text);
  if (!scan.skip('#')) return false;
  const auto seconds = scan.digits(9, 11);
  if (!seconds || !scan.empty()) return false;
  give();
  open_ = Command{line.at, line.at + line.size, seconds, std::nullopt, {}};
  stamped_ = true;
  shell_ = "bash";
  return true;
}

bool HistoryReader::zsh(const LogLine& line) {
  LineScan scan(line.text);
  if (!scan.skip(": ")) return false;
  const auto seconds = scan.digits(9, 11);
  if (!seconds || !scan.skip(':')) return false;
  const auto duration = scan.digits(1, 9);
  if (!duration || !scan.skip(';')) return false;
  give();
  open_ = Command{line.at, line.at + line.size, seconds, duration, std::string(scan.rest())};
  stamped_ = true;  // a command of several lines goes on
  shell_ = "zsh";
  return true;
}

bool HistoryReader::fish(const LogLine& line) {
  LineScan scan(line.text);
  if (scan.skip("- cmd: ")) {
    give();
    open_ = Command{line.at, line.at + line.size, std::nullopt, std::nullopt, std::string(scan.rest())};
    shell_ = "fish";
    return true;
  }
  if (shell_ != "fish" || !open_) return false;
  open_->end = line.at + line.size;
  if (scan.skip("  when: ")) open_->seconds = decimal(scan.rest());
  return true;
}

void HistoryReader::line(const LogLine& line) {
  if (bash_time(line) || zsh(line) || fish(line)) return;
  if (open_ && stamped_) {
    if (open_->text.size() + line.text.size() < kMaxCommand) {
      if (!open_->text.empty()) open_->text += '\n';
      open_->text += line.text;
    }
    open_->end = line.at + line.size;
    return;
  }
  if (line.text.empty()) return;
  give();
  open_ = Command{line.at, line.at + line.size, std::nullopt, std::nullopt, std::string(line.text)};
}

void HistoryReader::read() {
  LogLine one;
  for (LineReader reader(in_.data); reader.next(one);) line(one);
  give();
}

Outcome parse_history(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  HistoryReader reader(in, out);
  reader.read();
  return reader.count() > 0 || in.data.empty() ? Outcome::kComplete : Outcome::kNotMine;
}

constexpr std::array kPaths = {"**/.bash_history*"sv, "**/.zsh_history*"sv, "**/.history"sv,
                               "**/.sh_history*"sv,   "**/.ash_history*"sv, "**/.zhistory"sv,
                               "**/fish_history"sv,   "**bash_history*"sv,  "**/zsh_extended_history*"sv};
constexpr std::array kFields = {FieldSpec{"duration", "seconds", "how long the command ran (zsh)"}};
constexpr std::array kReferences = {"https://www.gnu.org/software/bash/manual/bash.html#Bash-History-Facilities"sv,
                                    "https://zsh.sourceforge.io/Doc/Release/Options.html#History"sv,
                                    "https://fishshell.com/docs/current/cmds/history.html"sv};

}  // namespace

extern const ArtifactParser shell_history;
constinit const ArtifactParser shell_history{
    .id = "linux.shell_history",
    .version = 1,
    .title_en = "Shell histories (bash, zsh, fish)",
    .title_ja = "シェルの履歴（bash・zsh・fish）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{256ULL << 20},
    .parse = parse_history,
};

}  // namespace triage
