// SPDX-License-Identifier: Apache-2.0
// What an account typed into programs other than shells: databases, interpreters, pagers. No times.
//   plain (.python_history, .mysql_history, .psql_history, .sqlite_history, .rediscli_history, .node_repl_history …):
//   a line an entry; libedit's begin with "_HiStOrY_V2_" and write \NNN for blanks
//   .lesshst := ".less-history-file:" { ".search" | ".shell" | ".mark" LF { '"' text | "m " … LF } }
// Spec: readline(3), editline(3), less(1) "LESSHISTFILE".
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

struct Tool {
  std::string_view part, program;
};
constexpr Tool kTools[] = {{"python", "python"},   {"mysql", "mysql"},    {"psql", "psql"},     {"sqlite", "sqlite3"},
                           {"redis", "redis-cli"}, {"node_repl", "node"}, {"irb", "irb"},       {"gdb", "gdb"},
                           {"less", "less"},       {"mongo", "mongo"},    {"dbshell", "mongo"}, {"scapy", "scapy"},
                           {"php", "php"},         {"lftp", "lftp"}};

/// libedit writes a blank as \040.
std::string without_octal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    LineScan scan(text.substr(i));
    if (scan.skip('\\')) {
      const std::string_view rest = scan.rest().substr(0, 3);
      if (rest.size() == 3 && rest.find_first_not_of("01234567") == std::string_view::npos && rest[0] < '4') {
        out += static_cast<char>((rest[0] - '0') * 64 + (rest[1] - '0') * 8 + (rest[2] - '0'));
        i += 3;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

class ToolHistory final : public LineLog {
 public:
  explicit ToolHistory(std::string_view path) : owner_(home_owner(path)) {
    const std::string name = ascii_lower(path_name(path));
    for (const Tool& tool : kTools)
      if (name.find(tool.part) != std::string::npos && !program_) program_ = std::string(tool.program);
  }
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }
  void restart() override {
    section_.clear();
    octal_ = false;
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override;

 private:
  LineSays less(std::string_view text, Event& event);

  std::optional<std::string> owner_, program_;
  std::string section_;  ///< of .lesshst
  bool octal_ = false;
};

LineSays ToolHistory::less(std::string_view text, Event& event) {
  if (text.front() == '.') {
    section_ = text;
    return LineSays::kNothing;
  }
  if (section_ == ".mark" || section_.empty()) {
    LineScan scan(text);  // m letter screen-line file-position file
    if (!scan.skip("m ")) return LineSays::kNothing;
    for (int i = 0; i < 3; ++i) (void)scan.word();  // letter and places
    event.what = action::kFileOpened;
    event.object_kind = "file";
    event.how = "less: mark";
    set_text(event.object, scan.rest());
    event.path = event.object;
    return event.object ? LineSays::kEvent : LineSays::kNoise;
  }
  if (text.front() != '"' || text.size() < 2) return LineSays::kNoise;
  const bool shell = section_ == ".shell";
  event.what = shell ? action::kProgramRun : action::kSearchPerformed;
  event.object_kind = shell ? "command" : "search";
  event.how = shell ? "less: shell command" : "less: search";
  event.when_meaning = shell ? Meaning::kRun : Meaning::kSearched;
  event.object = log_text(text.substr(1));
  return LineSays::kEvent;
}

LineSays ToolHistory::read(const LogLine& line, LogClock&, Event& event) {
  const std::string_view text = trimmed(line.text);
  if (text == "_HiStOrY_V2_") {
    octal_ = true;
    return LineSays::kNothing;
  }
  if (text.empty()) return LineSays::kNothing;
  event.who = owner_;
  event.program = program_;
  if (program_ == "less") return less(text, event);
  event.what = action::kOther;
  event.object_kind = "command";
  event.how = program_.value_or("program") + " history";
  event.when_meaning = Meaning::kRun;
  event.object = log_text(octal_ ? without_octal(text) : std::string(text));
  return LineSays::kEvent;
}

Outcome parse_tools(const Artifact& in, EventSink& out) {
  ToolHistory history(in.stream.path);
  return read_line_log(in, out, history);
}

constexpr std::array kPaths = {"**/.python_history*"sv,
                               "**/.mysql_history*"sv,
                               "**/.mariadb_history*"sv,
                               "**/.psql_history*"sv,
                               "**/.sqlite_history*"sv,
                               "**/.rediscli_history"sv,
                               "**/.node_repl_history"sv,
                               "**/.irb_history"sv,
                               "**/.gdb_history"sv,
                               "**/.lesshst"sv,
                               "**/_lesshst"sv,
                               "**/.mongorc_history"sv,
                               "**/.mongosh/mongosh_repl_history"sv,
                               "**/.dbshell"sv,
                               "**/.php_history"sv,
                               "**/.scapy_history"sv,
                               "**/lftp/rl_history"sv};
constexpr std::array kReferences = {"https://tiswww.case.edu/php/chet/readline/history.html"sv,
                                    "https://man.netbsd.org/editline.3"sv, "https://www.greenwoodsoftware.com/less/"sv};

}  // namespace

extern const ArtifactParser tool_history;
constinit const ArtifactParser tool_history{
    .id = "linux.tool_history",
    .version = 1,
    .title_en = "Histories of programs (python, mysql, psql, sqlite, less …)",
    .title_ja = "プログラムの入力履歴（python・mysql・psql・sqlite・less など）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = {},
    .references = kReferences,
    .max_input = ByteCount{256 << 20},
    .parse = parse_tools,
};

}  // namespace triage
