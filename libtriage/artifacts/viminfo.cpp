// SPDX-License-Identifier: Apache-2.0
// Vim's memory (.viminfo): files that were edited, commands, searches and registers, with times since Vim 8.0.
//   bar := "|" kind "," …:  |2,type,time,separator,"text"   |3,flags,name,type,lines,width,time,"text"…
//          |4,mark,line,column,time,"file"                  mark 39 is the jump list
//   file := "> " name LF { TAB mark TAB line TAB column LF }     mark "*": line is the time of the last change
// Seconds since 1970 UTC. Older files without bars name files and commands without times.
// Spec: Vim, usr_21.txt §21.3 and starting.txt "viminfo"; src/viminfo.c.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// The next member of a bar line: a number, a quoted text with \\ and \" and \n, or nothing.
std::string take_member(LineScan& scan) {
  std::string out;
  if (const auto quoted = scan.quoted()) {
    for (std::size_t i = 0; i < quoted->size(); ++i) {
      char c = (*quoted)[i];
      if (c == '\\' && i + 1 < quoted->size()) {
        c = (*quoted)[++i];
        if (c == 'n') c = '\n';
      }
      out += c;
    }
    (void)scan.skip(',');
    return log_text(out);
  }
  const std::string_view rest = scan.rest();
  out = rest.substr(0, rest.find(','));
  (void)scan.skip(out);  // it stands there
  (void)scan.skip(',');
  return log_text(out);
}

class VimInfo final : public LineLog {
 public:
  explicit VimInfo(std::string_view path) : owner_(home_owner(path)) {}
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }
  void restart() override { file_.clear(); }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override;

 private:
  static bool history(LineScan& scan, Event& event);
  static bool text_register(LineScan& scan, Event& event);
  static bool mark(LineScan& scan, Event& event);
  static void set_time(Event& event, std::string_view seconds, Meaning meaning) {
    if (const auto value = decimal(seconds); value && *value > 0)
      event.when = from_unix(static_cast<std::int64_t>(*value));
    event.when_meaning = meaning;
  }
  std::optional<std::string> owner_;
  std::string file_;  ///< whose marks follow
};

bool VimInfo::history(LineScan& scan, Event& event) {
  const std::string type = take_member(scan);
  const std::string time = take_member(scan);
  const std::string separator = take_member(scan);
  const std::string text = take_member(scan);
  if (text.empty()) return false;
  const bool search = type == "1";
  event.what = search ? action::kSearchPerformed : action::kOther;
  event.object_kind = search ? "search" : "command";
  event.object = text;
  event.how = type == "0"   ? "Vim: command line"
              : search      ? "Vim: search"
              : type == "2" ? "Vim: expression"
              : type == "3" ? "Vim: input"
                            : "Vim: debug command";
  set_time(event, time, search ? Meaning::kSearched : Meaning::kRun);
  return true;
}

bool VimInfo::text_register(LineScan& scan, Event& event) {
  (void)take_member(scan);  // flags
  add_text(event, "register", take_member(scan));
  (void)take_member(scan);  // type
  const auto lines = decimal(take_member(scan));
  (void)take_member(scan);  // width
  const std::string time = take_member(scan);
  std::string text;
  while (!scan.empty() && text.size() < 4096) text += (text.empty() ? "" : "\n") + take_member(scan);
  if (text.empty()) return false;
  event.what = action::kOther;
  event.object_kind = "text";
  event.object = text;
  event.how = "Vim: text copied or deleted";
  if (lines) event.attribute("lines", *lines);
  set_time(event, time, Meaning::kOther);
  return true;
}

bool VimInfo::mark(LineScan& scan, Event& event) {
  const std::string name = take_member(scan);
  const std::string line = take_member(scan);
  (void)take_member(scan);  // column
  const std::string time = take_member(scan);
  const std::string file = take_member(scan);
  if (file.empty()) return false;
  event.what = action::kFileOpened;
  event.object_kind = "file";
  event.object = event.path = file;
  event.how = name == "39" ? "Vim: jump list" : "Vim: mark";
  if (const auto number = decimal(line)) event.attribute("line", *number);
  set_time(event, time, Meaning::kAccessed);
  return true;
}

LineSays VimInfo::read(const LogLine& line, LogClock&, Event& event) {
  LineScan scan(line.text);
  event.who = owner_;
  event.program = "vim";
  if (scan.skip("> ")) {
    file_ = log_text(scan.rest());
    return LineSays::kNothing;
  }
  if (!file_.empty() && scan.skip("\t*\t")) {
    event.what = action::kFileModified;
    event.object_kind = "file";
    event.object = event.path = file_;
    event.how = "Vim: last change or look";
    set_time(event, scan.rest().substr(0, scan.rest().find('\t')), Meaning::kLastSeen);
    return LineSays::kEvent;
  }
  if (!scan.skip('|')) return LineSays::kNothing;  // the same without times, for older programs
  const std::string kind = take_member(scan);
  if (kind == "2") return history(scan, event) ? LineSays::kEvent : LineSays::kNoise;
  if (kind == "3") return text_register(scan, event) ? LineSays::kEvent : LineSays::kNoise;
  if (kind == "4") return mark(scan, event) ? LineSays::kEvent : LineSays::kNoise;
  return LineSays::kNothing;  // "|1,4" the version, "|<" a line that goes on
}

Outcome parse_viminfo(const Artifact& in, EventSink& out) {
  VimInfo info(in.stream.path);
  return read_line_log(in, out, info);
}

constexpr std::array kPaths = {"**/.viminfo*"sv, "**/_viminfo"sv, "**/viminfo"sv};
constexpr std::array kFields = {FieldSpec{"register", "", "name of the register"},
                                FieldSpec{"lines", "count", "lines of the text"},
                                FieldSpec{"line", "count", "line of the mark"}};
constexpr std::array kReferences = {"https://vimhelp.org/starting.txt.html#viminfo"sv,
                                    "https://github.com/vim/vim/blob/master/src/viminfo.c"sv};

}  // namespace

extern const ArtifactParser viminfo;
constinit const ArtifactParser viminfo{
    .id = "linux.viminfo",
    .version = 1,
    .title_en = "Vim's memory (.viminfo)",
    .title_ja = "Vim の履歴（.viminfo）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{256 << 20},
    .parse = parse_viminfo,
};

}  // namespace triage
