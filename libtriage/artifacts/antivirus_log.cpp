// SPDX-License-Identifier: Apache-2.0
// Logs of other virus scanners: McAfee (AccessProtectionLog, OnAccessScanLog) and Trend Micro OfficeScan (pccnt35.log).
//   mcafee := "9/27/2013" TAB "2:42:26 PM" TAB status TAB [account TAB] program TAB [object TAB] rule TAB action
//   trend := "20180130<;>1445<;>" threat "<;>" action "<;>" scan "<;>" … path "<;>" file "<;>" … [seconds "<;>"] …
// Local time, the zone is not said; newer lines of Trend Micro have seconds since 1970 UTC too.
// Spec: read off real logs (plaso's test data) and Trend Micro's "Virus/Malware log" columns.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/line_log.h"
#include "formats/config_lines.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> out;
  while (out.size() < 32) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + separator.size());
  }
  return out;
}

/// "9/27/2013" and "2:42:26 PM", as McAfee writes them for the United States.
std::optional<LogTime> american(std::string_view date, std::string_view clock) {
  LineScan d(date), c(clock);
  LogTime out;
  const auto month = d.digits(1, 2);
  const bool slash = d.skip('/');
  const auto day = d.digits(1, 2);
  const bool again = d.skip('/');
  const auto year = d.digits(4, 4);
  const auto hour = c.digits(1, 2);
  const bool colon = c.skip(':');
  const auto minute = c.digits(2, 2);
  const bool second_colon = c.skip(':');
  const auto second = c.digits(2, 2);
  if (!month || !slash || !day || !again || !year || !hour || !colon || !minute || !second_colon || !second)
    return std::nullopt;
  c.skip_blanks();
  const bool afternoon = c.skip("PM");
  const bool morning = !afternoon && c.skip("AM");
  out.year = static_cast<int>(*year);
  out.month = static_cast<unsigned>(*month);
  out.day = static_cast<unsigned>(*day);
  out.hour = static_cast<unsigned>(*hour);
  if (afternoon && out.hour < 12) out.hour += 12;
  if (morning && out.hour == 12) out.hour = 0;
  out.minute = static_cast<unsigned>(*minute);
  out.second = static_cast<unsigned>(*second);
  return out;
}

/// "20180130" and "1445".
std::optional<LogTime> compact(std::string_view date, std::string_view clock) {
  LineScan d(date), c(clock);
  const auto year = d.digits(4, 4), month = d.digits(2, 2), day = d.digits(2, 2);
  const auto hour = c.digits(1, 2), minute = c.digits(2, 2);
  if (!year || !month || !day || !d.empty() || !hour || !minute || !c.empty()) return std::nullopt;
  LogTime out;
  out.year = static_cast<int>(*year);
  out.month = static_cast<unsigned>(*month);
  out.day = static_cast<unsigned>(*day);
  out.hour = static_cast<unsigned>(*hour);
  out.minute = static_cast<unsigned>(*minute);
  out.precision = Precision::kMinute;
  return out;
}

class VirusLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view line) override {
    const bool trend = line.find("<;>") != std::string_view::npos;
    const auto parts = split(line, trend ? "<;>" : "\t");
    if (parts.size() < 2) return std::nullopt;
    return trend ? compact(parts[0], parts[1]) : american(parts[0], parts[1]);
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (trimmed(line.text).empty()) return LineSays::kNothing;
    const bool trend = line.text.find("<;>") != std::string_view::npos;
    const auto parts = split(line.text, trend ? "<;>" : "\t");
    const auto time = time_of(line.text);
    if (!time || parts.size() < (trend ? 8U : 5U)) return LineSays::kNoise;
    const std::string raw = std::string(parts[0]) + " " + std::string(parts[1]);
    event.when = clock.stamp(*time, raw);
    event.when_meaning = Meaning::kLogged;
    note_inference(*time, clock, event);
    event.what = action::kLogRecorded;
    if (trend) {
      trend_micro(parts, event);
    } else {
      mcafee(parts, event);
    }
    return LineSays::kEvent;
  }

 private:
  static void mcafee(const std::vector<std::string_view>& parts, Event& event) {
    event.how = "McAfee: " + log_text(trimmed(parts[2]));
    const bool account = parts.size() >= 8;  // lines about ports name no account
    if (account) set_text(event.who, parts[3]);
    set_text(event.program, trimmed(parts[account ? 4 : 3]));
    event.object_kind = account ? "file" : "connection";
    if (account) {
      set_text(event.object, trimmed(parts[5]));
      event.path = event.object;
      add_text(event, "rule", trimmed(parts[6]));
      add_text(event, "action", trimmed(parts[7]));
    } else {
      add_text(event, "rule", trimmed(parts[4]));
      if (parts.size() > 5) set_text(event.remote, trimmed(parts[5]));
    }
  }
  static void trend_micro(const std::vector<std::string_view>& parts, Event& event) {
    event.how = "Trend Micro: threat found";
    event.object_kind = "file";
    set_text(event.object, std::string(parts[6]) + std::string(parts[7]));
    event.path = event.object;
    add_text(event, "threat", parts[2]);
    add_text(event, "action", parts[3]);
    add_text(event, "scan_type", parts[4]);
    const auto seconds = parts.size() > 9 ? decimal(parts[9]) : std::nullopt;
    if (!seconds || *seconds < 100000000 || *seconds > 0xffffffffU) return;
    event.when = from_unix(static_cast<std::int64_t>(*seconds));  // exact and in UTC
  }
};

Outcome parse_virus_log(const Artifact& in, EventSink& out) {
  VirusLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/AccessProtectionLog*.txt"sv, "**/OnAccessScanLog*.txt"sv, "**/pccnt35.log*"sv,
                               "**/pccnt*.log"sv};
constexpr std::array kFields = {FieldSpec{"rule", "", "rule that was applied"},
                                FieldSpec{"action", "", "what was done; Trend Micro: its number"},
                                FieldSpec{"threat", "", "name of the threat"},
                                FieldSpec{"scan_type", "", "number of the kind of scan"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {"https://docs.trendmicro.com/en-us/documentation/officescan/"sv,
                                    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/mcafeeav.py"sv};

}  // namespace

extern const ArtifactParser antivirus_log;
constinit const ArtifactParser antivirus_log{
    .id = "windows.antivirus_log",
    .version = 1,
    .title_en = "Logs of virus scanners (McAfee, Trend Micro)",
    .title_ja = "ウイルス対策ソフトのログ（McAfee・Trend Micro）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_virus_log,
};

}  // namespace triage
