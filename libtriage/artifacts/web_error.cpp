// SPDX-License-Identifier: Apache-2.0
// Error logs of Apache and nginx: what a web server refused or could not do, for whom.
//   apache := "[" Fri Sep 09 10:42:29.902022 2011 "] [" [module ":"] level "] " {"[" … "] "} message
//   nginx := 2016/10/25 14:49:34 " [" level "] " pid "#" thread ": " ["*" connection " "] message {", " name ": "
//   value}
// Local time, the zone is not said. Spec: Apache HTTP Server 2.4, "Log Files", ErrorLogFormat; nginx, ngx_log.c.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// The value of ", name: " in nginx's message; quotes taken away.
std::string_view named(std::string_view message, std::string_view name) {
  const std::size_t at = message.find(name);
  if (at == std::string_view::npos) return {};
  LineScan scan(message.substr(at + name.size()));
  if (const auto quoted = scan.quoted()) return *quoted;
  return scan.rest().substr(0, scan.rest().find(", "));
}

/// "192.0.2.7:51234" → "192.0.2.7"; an address of version 6 keeps its colons.
std::string_view without_port(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  const bool single = colon != std::string_view::npos && address.find(':') == colon;
  const bool dotted = address.find('.') != std::string_view::npos;
  return single || (dotted && colon != std::string_view::npos) ? address.substr(0, colon) : address;
}

class ErrorLog final : public LineLog {
 public:
  void restart() override { seen_ = false; }
  std::optional<LogTime> time_of(std::string_view line) override {
    LineScan scan(line);
    return take_time(scan);
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override;

 private:
  static std::optional<LogTime> take_time(LineScan& scan) {
    if (!scan.skip('[')) return scan_iso_time(scan);
    const auto time = scan_month_name_time(scan);
    return time && scan.skip(']') ? time : std::nullopt;
  }
  static void apache(LineScan& scan, Event& event);
  static void nginx(LineScan& scan, Event& event);
  bool seen_ = false;
};

void ErrorLog::apache(LineScan& scan, Event& event) {
  bool first = true;
  while (scan.skip('[')) {
    const std::string_view piece = scan.until(']').value_or(std::string_view{});
    scan.skip_blanks();
    LineScan inner(piece);
    if (inner.skip("client ")) {
      set_text(event.remote, without_port(inner.rest()));
    } else if (inner.skip("pid ")) {
      add_text(event, "pid", inner.rest().substr(0, inner.rest().find(':')));
    } else if (first) {
      const std::size_t colon = piece.find(':');
      if (colon != std::string_view::npos) add_text(event, "module", piece.substr(0, colon));
      add_text(event, "level", colon == std::string_view::npos ? piece : piece.substr(colon + 1));
    }
    first = false;
  }
  set_text(event.object, scan.rest());
}

void ErrorLog::nginx(LineScan& scan, Event& event) {
  if (scan.skip('[')) add_text(event, "level", scan.until(']').value_or(std::string_view{}));
  scan.skip_blanks();
  if (const auto pid = scan.until('#')) add_text(event, "pid", *pid);
  (void)scan.until(": ");                 // the thread
  if (scan.skip('*')) (void)scan.word();  // the connection's number
  const std::string_view message = scan.rest();
  set_text(event.object, message);
  set_text(event.remote, named(message, ", client: "));
  set_text(event.host, named(message, ", host: "));
  add_text(event, "request", named(message, ", request: "));
  add_text(event, "referer", named(message, ", referrer: "));
}

LineSays ErrorLog::read(const LogLine& line, LogClock& clock, Event& event) {
  if (line.text.empty()) return LineSays::kNothing;
  LineScan scan(line.text);
  const auto time = take_time(scan);
  // A message of several lines (a program's stack) goes on without a time.
  if (!time) return seen_ && line.text.front() != '[' ? LineSays::kNothing : LineSays::kNoise;
  const bool bracket = line.text.front() == '[';
  std::string_view raw = line.text.substr(0, line.text.size() - scan.rest().size());
  if (bracket) raw = raw.substr(1, raw.size() - 2);
  scan.skip_blanks();
  if (!bracket && scan.peek() != '[') return LineSays::kNoise;
  event.when = clock.stamp(*time, raw);
  event.when_meaning = Meaning::kLogged;
  note_inference(*time, clock, event);
  event.what = action::kLogRecorded;
  event.object_kind = "message";
  event.how = bracket ? "Apache error log" : "nginx error log";
  if (bracket) {
    apache(scan, event);
  } else {
    nginx(scan, event);
  }
  if (event.remote) event.channel = "web";
  seen_ = true;
  return LineSays::kEvent;
}

Outcome parse_errors(const Artifact& in, EventSink& out) {
  ErrorLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**error.log*"sv, "**error_log*"sv};
constexpr std::array kFields = {FieldSpec{"level", "", "error, warn, notice …"},
                                FieldSpec{"module", "", "part of Apache that says it"},
                                FieldSpec{"pid", "", "process of the server"},
                                FieldSpec{"request", "", "request line (nginx)"},
                                FieldSpec{"referer", "", "page the visitor came from, as the browser says"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {"https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat"sv,
                                    "https://nginx.org/en/docs/ngx_core_module.html#error_log"sv};

}  // namespace

extern const ArtifactParser web_error;
constinit const ArtifactParser web_error{
    .id = "web.error",
    .version = 1,
    .title_en = "Web server error logs (Apache, nginx)",
    .title_ja = "Webサーバーのエラーログ（Apache・nginx）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_errors,
};

}  // namespace triage
