// SPDX-License-Identifier: Apache-2.0
// PSReadLine's history of PowerShell: which commands an account typed, in order, without times.
//   history := { line { "`" LF line } LF }      a grave accent at the end of a line: the command goes on
// Spec: PSReadLine, History.cs (how the file is written); about_PSReadLine, HistorySavePath.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxCommand = 64 << 10;

Outcome parse_history(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  const auto owner = home_owner(in.stream.path);
  std::string command;
  std::size_t begin = 0;
  std::uint64_t count = 0;
  bool open = false;
  const auto give = [&](std::size_t end) {
    open = false;
    if (command.empty()) return;
    Event event;
    event.when_meaning = Meaning::kRun;
    event.what = action::kProgramRun;
    event.object_kind = "command";
    event.object = log_text(command);
    event.how = "PowerShell history";
    event.who = owner;
    event.record = ++count;
    event.locator = in.at(begin, end - begin);
    out.event(std::move(event));
  };
  LogLine line;
  for (LineReader reader(in.data); reader.next(line);) {
    if (!open) command.clear();
    if (!open) begin = line.at;
    std::string_view text = line.text;
    const bool goes_on = text.ends_with('`');
    if (goes_on) text.remove_suffix(1);
    if (command.size() + text.size() < kMaxCommand) {
      if (open) command += '\n';
      command += text;
    }
    open = goes_on;
    if (!goes_on) give(line.at + line.size);
  }
  if (!open) return count > 0 || in.data.empty() ? Outcome::kComplete : Outcome::kNotMine;
  give(in.data.size());
  out.damage(DamageKind::kTruncated, begin, "command", "the last command should go on, the file ends");
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**/PSReadLine/*_history.txt"sv, "**/ConsoleHost_history.txt"sv};
constexpr std::array kReferences = {
    "https://github.com/PowerShell/PSReadLine/blob/master/PSReadLine/History.cs"sv,
    "https://learn.microsoft.com/powershell/module/psreadline/about/about_psreadline"sv};

}  // namespace

extern const ArtifactParser powershell_history;
constinit const ArtifactParser powershell_history{
    .id = "windows.powershell_history",
    .version = 1,
    .title_en = "PowerShell history (PSReadLine)",
    .title_ja = "PowerShell の履歴（PSReadLine）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = {},
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_history,
};

}  // namespace triage
