// SPDX-License-Identifier: Apache-2.0
// Internet Information Services, W3C extended logs: who asked the web server for what. Times are UTC by definition.
// Spec: Microsoft Learn, "W3C Logging" (IIS 6 to 10); https://www.w3.org/TR/WD-logfile.html
#include <array>

#include "artifacts/line_log.h"
#include "formats/w3c_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

class IisLog final : public LineLog {
 public:
  void restart() override { columns_.restart(); }
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }  // every line says it all
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (line.text.empty() || columns_.directive(line.text)) return LineSays::kNothing;
    std::string raw;
    if (!columns_.split(line.text)) return LineSays::kNoise;
    auto time = columns_.time(raw);
    if (!time) return LineSays::kNoise;
    time->offset_minutes = 0;
    event.when = clock.stamp(*time, raw);
    event.when_meaning = Meaning::kLogged;
    event.what = action::kUrlVisited;
    event.object_kind = "url";
    event.how = "web server request";
    event.channel = "web";
    set_text(event.who, columns_.column("cs-username"));
    set_text(event.remote, columns_.column("c-ip"));
    set_text(event.host, columns_.column("s-computername"));
    std::string url = log_text(columns_.column("cs-uri-stem"));
    if (const auto query = columns_.column("cs-uri-query"); !query.empty()) url += '?' + log_text(query);
    if (!url.empty()) event.object = url;
    for (const auto& [name, column] : kColumns) add_text(event, name, columns_.column(column));
    return LineSays::kEvent;
  }

 private:
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kColumns = {
      {{"method", "cs-method"},
       {"status", "sc-status"},
       {"sub_status", "sc-substatus"},
       {"bytes_sent", "sc-bytes"},
       {"bytes_received", "cs-bytes"},
       {"server_address", "s-ip"},
       {"server_port", "s-port"},
       {"site", "s-sitename"},
       {"agent", "cs(User-Agent)"},
       {"referer", "cs(Referer)"}}};
  W3cLog columns_;
};

Outcome parse_iis(const Artifact& in, EventSink& out) {
  IisLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/W3SVC*/*.log"sv, "**/LogFiles/**.log"sv, "**/iis*.log"sv, "**/u_ex*.log"sv,
                               "**/ex??????.log"sv};
constexpr std::array kFields = {FieldSpec{"method", "", "HTTP method"},
                                FieldSpec{"status", "", "HTTP status"},
                                FieldSpec{"sub_status", "", "IIS substatus"},
                                FieldSpec{"bytes_sent", "", "size of the answer in bytes"},
                                FieldSpec{"bytes_received", "", "size of the request in bytes"},
                                FieldSpec{"server_address", "", "address of the server"},
                                FieldSpec{"server_port", "", "port of the server"},
                                FieldSpec{"site", "", "site that was asked"},
                                FieldSpec{"agent", "", "browser, as it names itself, blanks as +"},
                                FieldSpec{"referer", "", "page the visitor came from, as the browser says"}};
constexpr std::array kReferences = {"https://www.w3.org/TR/WD-logfile.html"sv,
                                    "https://learn.microsoft.com/windows/win32/http/w3c-logging"sv};

}  // namespace

extern const ArtifactParser iis_log;
constinit const ArtifactParser iis_log{
    .id = "windows.iis",
    .version = 1,
    .title_en = "IIS web server logs (W3C)",
    .title_ja = "IIS Webサーバーのログ（W3C形式）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_iis,
};

}  // namespace triage
