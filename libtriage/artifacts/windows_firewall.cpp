// SPDX-License-Identifier: Apache-2.0
// Windows Firewall log (pfirewall.log): connections allowed and dropped. "#Time Format: Local": the zone is not said.
// Spec: Microsoft Learn, "Interpreting the Windows Firewall Log"; https://www.w3.org/TR/WD-logfile.html
#include <array>

#include "artifacts/line_log.h"
#include "formats/w3c_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

class FirewallLog final : public LineLog {
 public:
  void restart() override { columns_.restart(); }
  std::optional<LogTime> time_of(std::string_view line) override {
    std::string raw;
    if (columns_.directive(line) || !columns_.split(line)) return std::nullopt;
    return columns_.local() ? columns_.time(raw) : std::nullopt;
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (line.text.empty() || columns_.directive(line.text)) return LineSays::kNothing;
    std::string raw;
    if (!columns_.split(line.text)) return LineSays::kNoise;
    const auto time = columns_.time(raw);
    if (!time) return LineSays::kNoise;
    event.when = clock.stamp(*time, raw);
    event.when_meaning = Meaning::kLogged;
    note_inference(*time, clock, event);
    const std::string_view done = columns_.column("action");
    const bool received = columns_.column("path") == "RECEIVE";
    event.what =
        done == "ALLOW" || done == "OPEN" || done == "OPEN-INBOUND" ? action::kNetworkConnected : action::kLogRecorded;
    event.object_kind = "connection";
    event.how = "firewall " + log_text(done);
    set_text(event.remote, columns_.column(received || done == "OPEN-INBOUND" ? "src-ip" : "dst-ip"));
    for (const auto& [name, column] : kColumns) add_text(event, name, columns_.column(column));
    return LineSays::kEvent;
  }

 private:
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kColumns = {
      {{"protocol", "protocol"},
       {"source", "src-ip"},
       {"source_port", "src-port"},
       {"destination", "dst-ip"},
       {"destination_port", "dst-port"},
       {"bytes", "size"},
       {"direction", "path"},
       {"info", "info"}}};
  W3cLog columns_;
};

Outcome parse_firewall(const Artifact& in, EventSink& out) {
  FirewallLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/pfirewall.log*"sv, "**/windows_firewall.log"sv, "**/LogFiles/Firewall/*.log*"sv};
constexpr std::array kFields = {FieldSpec{"protocol", "", "TCP, UDP, ICMP"},
                                FieldSpec{"source", "", "address it came from"},
                                FieldSpec{"source_port", "", "port it came from"},
                                FieldSpec{"destination", "", "address it went to"},
                                FieldSpec{"destination_port", "", "port it went to"},
                                FieldSpec{"bytes", "", "size of the packet in bytes"},
                                FieldSpec{"direction", "", "SEND, RECEIVE or FORWARD"},
                                FieldSpec{"info", "", "what the log adds"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {
    "https://www.w3.org/TR/WD-logfile.html"sv,
    "https://learn.microsoft.com/windows/security/operating-system-security/network-security/"
    "windows-firewall/configure-logging"sv};

}  // namespace

extern const ArtifactParser windows_firewall;
constinit const ArtifactParser windows_firewall{
    .id = "windows.firewall",
    .version = 1,
    .title_en = "Windows Firewall log",
    .title_ja = "Windowsファイアウォールのログ",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_firewall,
};

}  // namespace triage
