// SPDX-License-Identifier: Apache-2.0
// FTP servers: vsftpd's own log and the transfer log of wu-ftpd and kin (xferlog). Local time, the zone is not said.
//   vsftpd := Mon Jun  6 18:43:59 2016 " [pid " n "] " ["[" account "] "] ["OK " | "FAIL "] verb ": Client \"" address
//   "\""
//             {", " …}
//   xfer := Thu Sep  2 09:52:00 2004 " " seconds " " host " " bytes " " file " " a|b " " flags " " o|i|d " " a|g|r " "
//           account " " service " " 0|1 " " id " " c|i        Spec: xferlog(5); vsftpd.conf(5), vsftpd's logging.c.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/line_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Verb {
  std::string_view name, what, object_kind, how;
};
constexpr Verb kVerbs[] = {{"UPLOAD", action::kFileCreated, "file", "FTP upload"},
                           {"DOWNLOAD", action::kFileDownloaded, "file", "FTP download"},
                           {"APPEND", action::kFileModified, "file", "FTP append"},
                           {"DELETE", action::kFileDeleted, "file", "FTP delete"},
                           {"RENAME", action::kFileRenamed, "file", "FTP rename"},
                           {"MKDIR", action::kFileCreated, "directory", "FTP folder made"},
                           {"RMDIR", action::kFileDeleted, "directory", "FTP folder removed"},
                           {"CHMOD", action::kFileChanged, "file", "FTP mode changed"},
                           {"LOGIN", action::kLogonSucceeded, "session", "FTP login"},
                           {"CONNECT", action::kNetworkConnected, "connection", "FTP connection"}};

class FtpLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view line) override {
    LineScan scan(line);
    return scan_month_name_time(scan);
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override;

 private:
  static bool vsftpd(LineScan scan, Event& event);
  static bool transfer(LineScan scan, Event& event);
};

bool FtpLog::vsftpd(LineScan scan, Event& event) {
  if (!scan.skip("[pid ")) return false;
  add_text(event, "pid", scan.until(']').value_or(std::string_view{}));
  scan.skip_blanks();
  if (scan.skip('[')) set_text(event.who, scan.until(']').value_or(std::string_view{}));
  scan.skip_blanks();
  const bool ok = scan.skip("OK ");
  const bool failed = !ok && scan.skip("FAIL ");
  const auto verb = scan.until(": ");
  if (!verb) return false;
  event.what = action::kLogRecorded;
  event.how = verb->starts_with("FTP ") ? log_text(*verb) : "FTP " + log_text(*verb);
  for (const Verb& one : kVerbs) {
    if (one.name != *verb) continue;
    event.what = failed && one.what != action::kLogonSucceeded ? action::kLogRecorded : one.what;
    event.object_kind = one.object_kind;
    event.how = one.how;
  }
  if (failed && *verb == "LOGIN") event.what = action::kLogonFailed;
  if (ok || failed) add_text(event, "result", ok ? "OK" : "FAIL");
  if (!scan.skip("Client ")) return true;
  set_text(event.remote, scan.quoted().value_or(std::string_view{}));
  if (!scan.skip(", ")) return true;
  if (const auto path = scan.quoted()) {
    const std::size_t blank = event.what == action::kFileRenamed ? path->find(' ') : std::string_view::npos;
    if (event.object_kind == "file" || event.object_kind == "directory") {
      set_text(event.path, path->substr(0, blank));
      event.object = event.path;
      if (blank != std::string_view::npos) add_text(event, "new_path", path->substr(blank + 1));
    } else {
      add_text(event, "message", *path);
    }
    (void)scan.skip(", ");
  }
  LineScan size(scan.rest());
  if (const auto bytes = size.digits(1, 18); bytes && size.skip(" bytes")) {
    event.object_size = *bytes;
    scan = size;
  }
  (void)scan.skip(", ");  // stands between size and rate
  add_text(event, "rate", scan.rest());
  return true;
}

/// The last nine words have fixed places; a file name may hold blanks.
bool FtpLog::transfer(LineScan scan, Event& event) {
  const auto seconds = scan.digits(1, 9);
  if (!seconds || !scan.skip(' ')) return false;
  const std::string_view host = scan.word();
  const auto bytes = scan.digits(1, 18);
  if (!bytes || !scan.skip(' ')) return false;
  std::string_view rest = scan.rest();
  std::array<std::string_view, 9> words;  // type, flags, direction, access, account, service, method, id, completion
  for (std::size_t i = words.size(); i-- > 0;) {
    const std::size_t blank = rest.rfind(' ');
    if (blank == std::string_view::npos) return false;
    words[i] = rest.substr(blank + 1);
    rest = rest.substr(0, blank);
  }
  if (words[2].size() != 1 || (words[8] != "c" && words[8] != "i")) return false;
  const char direction = words[2].front();
  if (direction != 'o' && direction != 'i' && direction != 'd') return false;
  event.what = direction == 'o'   ? action::kFileDownloaded
               : direction == 'i' ? action::kFileCreated
                                  : action::kFileDeleted;
  event.how = direction == 'o' ? "FTP download" : direction == 'i' ? "FTP upload" : "FTP delete";
  event.object_kind = "file";
  set_text(event.remote, host);
  set_text(event.path, rest);
  event.object = event.path;
  event.object_size = *bytes;
  set_text(event.who, words[4]);
  event.attribute("seconds", *seconds);
  add_text(event, "access", words[3] == "a" ? "anonymous" : words[3] == "g" ? "guest" : "account");
  add_text(event, "result", words[8] == "c" ? "complete" : "incomplete");
  return true;
}

LineSays FtpLog::read(const LogLine& line, LogClock& clock, Event& event) {
  if (line.text.empty()) return LineSays::kNothing;
  LineScan scan(line.text);
  const auto time = scan_month_name_time(scan);
  const std::string_view raw = line.text.substr(0, line.text.size() - scan.rest().size());
  if (!time || !scan.skip(' ')) return LineSays::kNoise;
  if (!vsftpd(scan, event) && !transfer(scan, event)) return LineSays::kNoise;
  event.when = clock.stamp(*time, raw);
  event.when_meaning = Meaning::kLogged;
  event.channel = "remote";
  note_inference(*time, clock, event);
  return LineSays::kEvent;
}

Outcome parse_ftp(const Artifact& in, EventSink& out) {
  FtpLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/vsftpd.log*"sv, "**/xferlog*"sv, "**/proftpd/*.log*"sv};
constexpr std::array kFields = {FieldSpec{"pid", "", "process of the server"},
                                FieldSpec{"result", "", "OK, FAIL, complete or incomplete"},
                                FieldSpec{"new_path", "", "name after a rename"},
                                FieldSpec{"message", "", "FTP command or answer"},
                                FieldSpec{"rate", "", "transfer rate as the log says it"},
                                FieldSpec{"seconds", "seconds", "how long the transfer took"},
                                FieldSpec{"access", "", "anonymous, guest or account"},
                                kYearFrom,
                                kZoneFrom};
constexpr std::array kReferences = {"https://man.freebsd.org/cgi/man.cgi?query=xferlog&sektion=5"sv,
                                    "https://security.appspot.com/vsftpd/vsftpd_conf.html"sv};

}  // namespace

extern const ArtifactParser ftp_log;
constinit const ArtifactParser ftp_log{
    .id = "linux.ftp",
    .version = 1,
    .title_en = "FTP server logs (vsftpd, xferlog)",
    .title_ja = "FTP サーバーのログ（vsftpd・xferlog）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_ftp,
};

}  // namespace triage
