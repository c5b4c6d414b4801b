// SPDX-License-Identifier: Apache-2.0
// Linux audit log (auditd): logons, commands, accounts, files by system call. One event a record.
//   line := ["node=" host " "] "type=" TYPE " msg=audit(" seconds "." milliseconds ":" serial "): " key=value …
// Spec: Linux audit documentation, "Audit Event Fields"; ausearch(8), auditd.conf(5).
#include <array>
#include <string>

#include "artifacts/line_log.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Row {
  std::string_view type, what, object_kind, how;
};
// The result of a logon decides: see read().
constexpr Row kRows[] = {{"USER_LOGIN", action::kLogonSucceeded, "session", "login"},
                         {"USER_AUTH", action::kLogonSucceeded, "session", "authentication"},
                         {"LOGIN", action::kLogonSucceeded, "session", "login"},
                         {"USER_START", action::kLogonSucceeded, "session", "session started"},
                         {"USER_END", action::kLogonEnded, "session", "session ended"},
                         {"USER_LOGOUT", action::kLogonEnded, "session", "logout"},
                         {"USER_CMD", action::kProgramRun, "command", "sudo"},
                         {"EXECVE", action::kProgramRun, "command", "program started"},
                         {"ADD_USER", action::kAccountChanged, "account", "account created"},
                         {"DEL_USER", action::kAccountChanged, "account", "account deleted"},
                         {"ADD_GROUP", action::kAccountChanged, "group", "group created"},
                         {"DEL_GROUP", action::kAccountChanged, "group", "group deleted"},
                         {"USER_MGMT", action::kAccountChanged, "account", "account changed"},
                         {"USER_CHAUTHTOK", action::kAccountChanged, "account", "password or account changed"},
                         {"CONFIG_CHANGE", action::kConfigChanged, "audit", "audit rules changed"},
                         {"SYSTEM_BOOT", action::kSystemStarted, {}, "system started"},
                         {"SYSTEM_SHUTDOWN", action::kSystemStopped, {}, "system stopped"},
                         {"SERVICE_START", action::kServiceStarted, "unit", "unit started"},
                         {"DAEMON_START", action::kServiceStarted, "service", "audit daemon started"}};

/// The value of `key` among "key=value" words, without quotes; values in single quotes hold words of their own.
std::string_view value_of(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\'' || text[at - 1] == '\x1d';
    LineScan scan(text.substr(at + key.size()));
    if (!begins || !scan.skip('=')) continue;
    if (const auto quoted = scan.quoted()) return *quoted;
    const std::string_view word = scan.rest().substr(0, scan.rest().find_first_of(" '\x1d"));
    return word == "?" || word == "(null)" ? std::string_view{} : word;
  }
  return {};
}

/// Values that hold blanks or quotes are written in upper-case hex.
std::string decoded(std::string_view value) {
  const bool hex = value.size() >= 4 && value.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
  if (const auto raw = hex ? from_hex(value) : std::nullopt; raw && !decimal(value)) return log_text(*raw);
  return log_text(value);
}

/// "a0="ls" a1="-l"" → "ls -l"
std::string arguments(std::string_view body) {
  std::string out;
  for (unsigned i = 0; i < 64; ++i) {
    const std::string value = decoded(value_of(body, "a" + std::to_string(i)));
    if (value.empty()) break;
    if (i > 0) out += ' ';
    out += value;
  }
  return out;
}

class AuditLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override;

 private:
  static void describe(std::string_view type, std::string_view body, Event& event);
};

LineSays AuditLog::read(const LogLine& line, LogClock&, Event& event) {
  if (line.text.empty()) return LineSays::kNothing;
  LineScan scan(line.text);
  if (scan.skip("node=")) set_text(event.host, scan.word());
  scan.skip_blanks();
  if (!scan.skip("type=")) return LineSays::kNoise;
  const std::string_view type = scan.word();
  if (type.empty() || !scan.skip("msg=audit(")) return LineSays::kNoise;
  const std::string_view from = scan.rest();
  const auto seconds = scan.digits(1, 11);
  if (!seconds || !scan.skip('.')) return LineSays::kNoise;
  const auto millis = scan.digits(1, 3);
  if (!millis || !scan.skip(':')) return LineSays::kNoise;
  const std::size_t time_size = from.size() - scan.rest().size() - 1;
  const auto serial = scan.digits(1, 18);
  if (!serial || !scan.skip("):")) return LineSays::kNoise;
  scan.skip_blanks();
  event.when = from_unix(static_cast<std::int64_t>(*seconds), static_cast<std::uint32_t>(*millis * 1000000),
                         Precision::kMillisecond);
  event.when.raw = std::string(from.substr(0, time_size));
  event.when_meaning = Meaning::kLogged;
  event.attribute("type", log_text(type)).attribute("serial", *serial);
  describe(type, scan.rest(), event);
  return LineSays::kEvent;
}

void AuditLog::describe(std::string_view type, std::string_view body, Event& event) {
  event.what = action::kLogRecorded;
  for (const Row& row : kRows) {
    if (row.type != type) continue;
    event.what = row.what;
    if (!row.object_kind.empty()) event.object_kind = row.object_kind;
    event.how = row.how;
  }
  const std::string_view result = value_of(body, "res");
  if (event.what == action::kLogonSucceeded && (result == "failed" || result == "0")) event.what = action::kLogonFailed;
  const std::string account = decoded(value_of(body, "acct"));
  const bool about_account = event.what == action::kAccountChanged;
  if (!account.empty()) (about_account ? event.object : event.who) = account;
  if (const auto uid = decimal(value_of(body, "auid")); uid && *uid < 0xffffffffU) {
    event.uid = static_cast<std::uint32_t>(*uid);
  } else if (const auto real = decimal(value_of(body, "uid")); real && *real < 0xffffffffU) {
    event.uid = static_cast<std::uint32_t>(*real);
  }
  if (const auto session = value_of(body, "ses"); session != "4294967295") set_text(event.session, session);
  set_text(event.remote, value_of(body, "addr"));
  if (const std::string exe = decoded(value_of(body, "exe")); !exe.empty()) event.program = exe;
  if (const std::string command = type == "EXECVE" ? arguments(body) : decoded(value_of(body, "cmd")); !command.empty())
    event.object = command;
  if (type == "PATH" || type == "AVC") {
    const std::string name = decoded(value_of(body, type == "PATH" ? "name" : "path"));
    if (!name.empty()) event.object = event.path = name;
    if (!name.empty()) event.object_kind = "file";
  }
  add_text(event, "result", result.empty() ? value_of(body, "success") : result);
  add_text(event, "terminal", value_of(body, "terminal"));
  add_text(event, "syscall", value_of(body, "syscall"));
  add_text(event, "key", value_of(body, "key"));
  add_text(event, "pid", value_of(body, "pid"));
  add_text(event, "message", body);
}

Outcome parse_audit(const Artifact& in, EventSink& out) {
  AuditLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/audit.log*"sv, "**/audit/audit*.log*"sv, "**/selinux.log"sv, "**/audit_*.log"sv};
constexpr std::array kFields = {
    FieldSpec{"type", "", "type of the record"},
    FieldSpec{"serial", "count", "number of the audit event; records of one event share it"},
    FieldSpec{"result", "", "success or failed"},
    FieldSpec{"terminal", "", "terminal or ssh"},
    FieldSpec{"syscall", "", "number of the system call"},
    FieldSpec{"key", "", "key of the rule that logged it"},
    FieldSpec{"pid", "", "process id"},
    FieldSpec{"message", "", "the rest of the record"}};
constexpr std::array kReferences = {"https://github.com/linux-audit/audit-documentation/wiki"sv,
                                    "https://man7.org/linux/man-pages/man8/auditd.8.html"sv};

}  // namespace

extern const ArtifactParser audit_log;
constinit const ArtifactParser audit_log{
    .id = "linux.audit",
    .version = 1,
    .title_en = "Linux audit log (auditd, SELinux)",
    .title_ja = "Linux の監査ログ（auditd・SELinux）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_audit,
};

}  // namespace triage
