// SPDX-License-Identifier: Apache-2.0
// Linux system logs: syslog, messages, auth.log, secure and their rotations. One event a message; a line that begins no
// message goes on with the one before it.
//   traditional := [<PRI>] "Mar 11 09:39:38 " host " " tag "[pid]: " text     (RFC 3164, no year, no zone)
//   iso         := "2024-03-11T09:39:38.123456+09:00 " host " " tag …         (rsyslog's high-precision format)
//   rfc5424     := "<PRI>1 " iso-time host app procid msgid structured-data text
//   era         := "令和8年4月10日 10時31分07秒 " host …                    (formats/japanese_era.h)
// Year and zone of traditional lines are inferred (formats/year_zone.h) and the inference is in the attributes.
// Spec: RFC 3164 §4, RFC 5424 §6; rsyslog's RSYSLOG_FileFormat, RSYSLOG_TraditionalFileFormat.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "artifacts/linux_messages.h"
#include "formats/japanese_era.h"
#include "formats/log_line.h"
#include "formats/year_zone.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kLinesToTry = 40;
constexpr std::size_t kMaxMessage = 65536;

struct Header {
  LogTime time;
  std::string_view raw_time;
  std::optional<std::uint64_t> priority;
  std::string_view host, program, pid;
  bool rfc5424 = false;
};

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= 256 &&
         std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t'; });
}

/// "tag[123]: ", "tag: " or, without either, no tag at all.
void read_tag(LineScan& scan, Header& out) {
  LineScan s = scan;
  std::size_t end = 0;
  const std::string_view rest = s.rest();
  while (end < rest.size() && rest[end] != ':' && rest[end] != '[' && rest[end] != ' ') ++end;
  if (end == rest.size() || end == 0 || rest[end] == ' ') return;
  const std::string_view tag = s.rest().substr(0, end);
  if (!s.skip(tag) || !is_tag(tag)) return;
  if (s.skip('[')) {
    const auto pid = s.until(']');
    if (!pid || pid->find(' ') != std::string_view::npos) return;
    out.pid = *pid;
  }
  if (!s.skip(':')) {
    out.pid = {};
    return;
  }
  (void)s.skip(' ');  // some writers leave it out
  out.program = tag;
  scan = s;
}

/// "app procid msgid structured-data text"
bool read_5424(LineScan& scan, Header& out) {
  const auto known = [](std::string_view word) { return word == "-" ? std::string_view{} : word; };
  out.host = known(scan.word());
  out.program = known(scan.word());
  out.pid = known(scan.word());
  (void)scan.word();  // message id
  if (scan.skip('[')) {
    (void)scan.until("] ");  // structured data say nothing of people or files
  } else {
    (void)scan.word();
  }
  scan.skip_blanks();
  out.rfc5424 = true;
  return true;
}

/// Takes the header off the front of `scan`; false where the line begins no message.
bool read_header(LineScan& scan, Header& out) {
  LineScan s = scan;
  if (s.skip('<')) {
    out.priority = s.digits(1, 3);
    if (!out.priority || !s.skip('>')) return false;
  }
  const bool is_5424 = out.priority && s.skip("1 ");
  const std::string_view before = s.rest();
  auto time = scan_iso_time(s);
  if (!time) time = scan_month_name_time(s);
  if (!time) time = scan_era_time(s);
  if (!time) return false;
  out.time = *time;
  out.raw_time = before.substr(0, before.size() - s.rest().size());
  if (s.skip(": ")) {  // "Mar 11 09:39:39: --- last message repeated 5 times ---"
    scan = s;
    return true;
  }
  if (!s.skip(' ')) return false;
  if (is_5424) {
    scan = s;
    return read_5424(scan, out);
  }
  out.host = s.word();
  if (!is_tag(out.host)) return false;
  read_tag(s, out);
  scan = s;
  return true;
}

/// "rtc_cmos 00:01: setting system clock to 2024-03-10T12:34:56 UTC (1710074096)"
std::optional<std::int64_t> stated_utc(std::string_view text) {
  constexpr std::string_view kWords = "setting system clock to ";
  const std::size_t at = text.find(kWords);
  if (at == std::string_view::npos) return std::nullopt;
  LineScan scan(text.substr(at + kWords.size()));
  const auto time = scan_iso_time(scan);
  if (!time || !scan.skip(" UTC")) return std::nullopt;
  return civil_nanos(*time);
}

/// First pass over a log: years and zone. Lines of one day say the same, so that only those are read that begin
/// another day than the one before, and the last.
class Observer {
 public:
  explicit Observer(LogClock& clock) : clock_(clock) {}

  /// False where too few of the first lines are messages.
  bool run(Bytes data) {
    LineReader reader(data);
    LogLine line;
    while (reader.next(line)) {
      if (++lines_ > kLinesToTry && is_same_day(line.text) && !is_kernel(line.text)) {
        held_.assign(line.text.substr(0, kTime));
        continue;
      }
      see_held();
      see(line.text);
      if (lines_ == kLinesToTry && messages_ * 4 < lines_) return false;
      if (says_all_ && lines_ > kLinesToTry) break;
    }
    see_held();
    return messages_ > 0 && messages_ * 4 >= std::min(lines_, kLinesToTry);
  }

 private:
  static constexpr std::size_t kDay = 7;    // "Mar 11 "
  static constexpr std::size_t kTime = 16;  // "Mar 11 09:39:38 "

  [[nodiscard]] bool is_same_day(std::string_view text) const {
    return !day_.empty() && text.size() > kTime && text.starts_with(day_);
  }
  static bool is_kernel(std::string_view text) {
    const std::size_t blank = text.find(' ', kTime);
    return blank != std::string_view::npos && text.substr(blank + 1).starts_with("kernel");
  }

  void see_held() {
    LineScan scan(held_);
    if (const auto time = scan_month_name_time(scan)) clock_.observe(*time);
    held_.clear();
  }

  void see(std::string_view text) {
    Header header;
    LineScan scan(text);
    if (!read_header(scan, header)) return;
    ++messages_;
    says_all_ = header.time.year && header.time.offset_minutes;
    if (says_all_) return;
    if (header.program == "kernel")
      if (const auto utc = stated_utc(scan.rest())) clock_.observe_utc(header.time, *utc);
    clock_.observe(header.time);
    if (!header.time.year && text.size() > kTime && text[kDay - 1] == ' ') day_ = text.substr(0, kDay);
  }

  LogClock& clock_;
  std::size_t lines_ = 0, messages_ = 0;
  bool says_all_ = false;
  std::string day_;   // the first bytes of the last line that was read
  std::string held_;  // time of a line of that day: it may be the last
};

class SyslogReader {
 public:
  SyslogReader(const Artifact& in, EventSink& out, LogClock& clock) : in_(in), out_(out), clock_(clock) {}
  void read();
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  void begin(const Header& header, std::string_view text, const LogLine& line);
  void finish();

  const Artifact& in_;
  EventSink& out_;
  LogClock& clock_;
  std::optional<Event> event_;
  std::string program_, message_;
  std::size_t at_ = 0, size_ = 0;
  std::uint64_t number_ = 0;
  bool complete_ = true;
};

void SyslogReader::begin(const Header& header, std::string_view text, const LogLine& line) {
  Event& event = event_.emplace();
  event.attributes.reserve(8);
  event.when = clock_.stamp(header.time, header.raw_time);
  event.when_meaning = Meaning::kLogged;
  if (!header.host.empty()) event.host = log_text(header.host);
  program_ = log_text(header.program);
  message_ = log_text(text);
  if (!program_.empty()) event.program = program_;
  event.record = number_;
  if (header.priority) event.attribute("priority", *header.priority);
  if (!header.pid.empty()) event.attribute("pid", log_text(header.pid));
  if (!header.time.year && !clock_.year_from().empty()) event.attribute("year_from", clock_.year_from());
  if (!header.time.offset_minutes && !clock_.zone_from().empty()) event.attribute("zone_from", clock_.zone_from());
  at_ = line.at;
  size_ = line.size;
}

void SyslogReader::finish() {
  if (!event_) return;
  Event& event = *event_;
  event.locator = in_.at(at_, size_);
  describe_linux_message(program_, message_, event);
  if (!message_.empty()) event.attributes.push_back({"message", std::move(message_), false});
  if (event.when.status == TimeStatus::kOutOfRange) {
    out_.damage(DamageKind::kRange, at_, "time", "a date or time that cannot be: " + log_text(event.when.raw));
    complete_ = false;
  }
  out_.event(std::move(event));
  event_.reset();
}

void SyslogReader::read() {
  LineReader reader(in_.data);
  LogLine line;
  bool said_noise = false;
  while (reader.next(line)) {
    ++number_;
    Header header;
    LineScan scan(line.text);
    if (read_header(scan, header)) {
      finish();
      begin(header, scan.rest(), line);
    } else if (event_) {
      size_ = line.at + line.size - at_;
      if (!line.text.empty() && message_.size() + line.text.size() < kMaxMessage)
        message_ += '\n' + log_text(line.text);
    } else if (!line.text.empty() && !said_noise) {
      out_.damage(DamageKind::kTruncated, line.at, "line", "the file begins in the middle of a message");
      complete_ = false;
      said_noise = true;
    }
  }
  finish();
}

Outcome parse_syslog(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  LogClock clock(in.stream);
  if (!Observer(clock).run(in.data)) return Outcome::kNotMine;
  clock.infer();
  SyslogReader reader(in, out, clock);
  reader.read();
  return reader.complete() ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/syslog"sv,         "**/syslog.*"sv,   "**/syslog-*"sv,   "**/syslog_*"sv,
                               "**/messages"sv,       "**/messages.*"sv, "**/messages-*"sv, "**/auth.log*"sv,
                               "**/secure"sv,         "**/secure.*"sv,   "**/secure-*"sv,   "**/kern.log*"sv,
                               "**/daemon.log*"sv,    "**/user.log*"sv,  "**/cron.log*"sv,  "**/var/log/cron"sv,
                               "**/var/log/cron-*"sv, "**/mail.log*"sv,  "**/maillog*"sv,   "**/var/log/debug*"sv,
                               "**/boot.log*"sv};
constexpr std::array kOwnFields = {FieldSpec{"message", "", "text of the message"},
                                   FieldSpec{"pid", "", "process that wrote it"},
                                   FieldSpec{"priority", "count", "facility × 8 + severity"},
                                   FieldSpec{"year_from", "", "what the year was inferred from: file time, or log"},
                                   FieldSpec{"zone_from", "", "what the zone was inferred from: file time, or log"}};
constexpr auto kFields = [] {
  std::array<FieldSpec, kOwnFields.size() + kMessageFields.size()> out{};
  std::copy(kOwnFields.begin(), kOwnFields.end(), out.begin());
  std::copy(kMessageFields.begin(), kMessageFields.end(), out.begin() + kOwnFields.size());
  return out;
}();
constexpr std::array kReferences = {"RFC 3164: The BSD syslog protocol, section 4"sv,
                                    "RFC 5424: The syslog protocol, section 6"sv,
                                    "https://www.rsyslog.com/doc/configuration/templates.html"sv};

}  // namespace

extern const ArtifactParser syslog;
constinit const ArtifactParser syslog{
    .id = "linux.syslog",
    .version = 1,
    .title_en = "Linux system logs (syslog, auth.log, messages)",
    .title_ja = "Linux のシステムログ（syslog・auth.log・messages）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_syslog,
};

}  // namespace triage
