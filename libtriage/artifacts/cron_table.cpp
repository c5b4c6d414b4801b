// SPDX-License-Identifier: Apache-2.0
// Tables of cron: which command is run when, as which account. No times of runs (those stand in the system log).
//   system (/etc/crontab, /etc/cron.d/*) := five fields or "@" word, account, command
//   of an account (/var/spool/cron/…) := five fields or "@" word, command
//   /etc/anacrontab := days, minutes of delay, name, command          setting := NAME "=" value
// Spec: crontab(5), anacrontab(5).
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "bytes/text.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

enum class TableKind : std::uint8_t { kSystem, kAccount, kAnacron };

bool is_field(std::string_view word) {
  return !word.empty() &&
         word.find_first_not_of("0123456789*,-/?LW#~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
             std::string_view::npos;
}

bool is_setting(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = trimmed(text.substr(0, equals));
  return !name.empty() && name.find_first_of(" \t*/") == std::string_view::npos;
}

/// The schedule at the front: a word with "@" or `count` fields; empty when it is none.
std::string take_schedule(LineScan& scan, std::size_t count) {
  std::string out;
  if (scan.peek() == '@') {
    out = scan.word();
    scan.skip_blanks();
    if (count == 5) return out;
  }
  for (std::size_t i = out.empty() ? 0 : 1; i < count; ++i) {
    const std::string_view word = scan.word();
    scan.skip_blanks();
    if (!is_field(word)) return {};
    if (i == 0 && word.find_first_of("0123456789*") == std::string_view::npos) return {};
    out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out;
}

class CronTable final : public LineLog {
 public:
  CronTable(TableKind kind, std::optional<std::string> owner) : kind_(kind), owner_(std::move(owner)) {}
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }
  LineSays read(const LogLine& line, LogClock&, Event& event) override {
    const std::string_view text = trimmed(line.text);
    if (text.empty() || text.front() == '#' || is_setting(text)) return LineSays::kNothing;
    LineScan scan(text);
    const std::string schedule = take_schedule(scan, kind_ == TableKind::kAnacron ? 2 : 5);
    if (schedule.empty()) return LineSays::kNoise;
    event.who = owner_;
    if (kind_ != TableKind::kAccount) {
      const std::string_view word = scan.word();
      scan.skip_blanks();
      if (kind_ == TableKind::kSystem) set_text(event.who, word);
      if (kind_ == TableKind::kAnacron) add_text(event, "job", word);
      if (kind_ == TableKind::kAnacron) event.who = "root";
    }
    if (scan.empty()) return LineSays::kNoise;
    event.what = action::kConfigChanged;
    event.how = kind_ == TableKind::kAnacron ? "anacron table" : "cron table";
    event.object_kind = "task";
    set_text(event.object, scan.rest());
    add_text(event, "schedule", schedule);
    return LineSays::kEvent;
  }

 private:
  TableKind kind_;
  std::optional<std::string> owner_;
};

Outcome parse_cron(const Artifact& in, EventSink& out) {
  const std::string_view path = in.stream.path;
  const bool spool = path.find("/spool/cron/") != std::string_view::npos;
  const bool anacron = path_name(path) == "anacrontab";
  std::optional<std::string> owner;
  if (spool) set_text(owner, path_name(path));
  CronTable table(spool ? TableKind::kAccount : anacron ? TableKind::kAnacron : TableKind::kSystem, std::move(owner));
  return read_line_log(in, out, table);
}

constexpr std::array kPaths = {"**/etc/crontab"sv,
                               "**/etc/anacrontab"sv,
                               "**/etc/cron.d/*"sv,
                               "**/var/spool/cron/*"sv,
                               "**/var/spool/cron/crontabs/*"sv,
                               "**/var/spool/cron/tabs/*"sv};
constexpr std::array kFields = {
    FieldSpec{
        "schedule", "",
        "the five fields: minute, hour, day, month, weekday; or a word with @; anacron: days and minutes of delay"},
    FieldSpec{"job", "", "name of the job (anacron)"}};
constexpr std::array kReferences = {"https://man7.org/linux/man-pages/man5/crontab.5.html"sv,
                                    "https://man7.org/linux/man-pages/man5/anacrontab.5.html"sv};

}  // namespace

extern const ArtifactParser cron_table;
constinit const ArtifactParser cron_table{
    .id = "linux.cron",
    .version = 1,
    .title_en = "Cron tables",
    .title_ja = "cron の定期実行の表",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_cron,
};

}  // namespace triage
