// SPDX-License-Identifier: Apache-2.0
// Wordings: OpenSSH 9 auth.c and session.c, sudo 1.9 logging, shadow-utils 4 (useradd and kin), pam_unix 1.5, cron 3
// and cronie, Linux 6 drivers/usb/core, systemd 252 core and logind.
#include "artifacts/linux_messages.h"

#include "formats/log_line.h"

namespace triage {
namespace {

void set(std::optional<std::string>& field, std::string_view text) {
  if (!text.empty()) field = log_text(text);
}

void kind(Event& out, std::string_view what, std::string_view object_kind, std::string_view how) {
  out.what = what;
  if (!object_kind.empty()) out.object_kind = object_kind;
  if (!how.empty()) out.how = how;
}

/// "… from 192.0.2.1 port 4321 ssh2[: RSA SHA256:…]"
void from_address(LineScan scan, Event& out) {
  if (!scan.until(" from ")) return;
  set(out.remote, scan.word());
  if (scan.skip("port ")) {
    LineScan rest = scan;
    if (const auto port = rest.digits(1, 5)) out.attribute("remote_port", *port);
  }
  if (const auto key = scan.rest().find(": "); key != std::string_view::npos)
    out.attribute("key", log_text(scan.rest().substr(key + 2)));
}

/// pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)
bool pam_session(std::string_view message, Event& out) {
  if (!message.starts_with("pam_")) return false;
  LineScan scan(message);
  const bool opened = message.find("session opened for user ") != std::string_view::npos;
  const bool closed = message.find("session closed for user ") != std::string_view::npos;
  if (opened || closed) {
    (void)scan.until(" for user ");  // found above
    std::string_view user = scan.word();
    user = user.substr(0, user.find('('));
    set(out.who, user);
    kind(out, opened ? action::kLogonSucceeded : action::kLogonEnded, "session",
         opened ? "session opened" : "session closed");
    return true;
  }
  if (message.find("authentication failure;") == std::string_view::npos) return false;
  kind(out, action::kLogonFailed, "session", "authentication failure");
  LineScan fields(message);
  if (fields.until(" rhost=")) set(out.remote, fields.word());
  LineScan users(message);
  if (users.until(" user=")) set(out.who, users.word());
  return true;
}

void sshd(std::string_view message, Event& out) {
  LineScan scan(message);
  const bool accepted = scan.skip("Accepted ");
  if (accepted || scan.skip("Failed ")) {
    const std::string_view method = scan.word();
    if (!scan.skip("for ")) return;
    const bool invalid = scan.skip("invalid user ");
    const LineScan from = scan;
    set(out.who, scan.until(" from ").value_or(std::string_view{}));
    kind(out, accepted ? action::kLogonSucceeded : action::kLogonFailed, "session",
         invalid ? "ssh, no such user" : "ssh");
    out.channel = "remote";
    out.attribute("method", log_text(method));
    from_address(from, out);
  } else if (scan.skip("Invalid user ")) {
    kind(out, action::kLogonFailed, "session", "ssh, no such user");
    out.channel = "remote";
    const LineScan from = scan;
    set(out.who, scan.until(" from ").value_or(std::string_view{}));
    from_address(from, out);
  } else if (scan.skip("Disconnected from user ")) {
    kind(out, action::kLogonEnded, "session", "ssh");
    out.channel = "remote";
    set(out.who, scan.word());
    set(out.remote, scan.word());
  } else if (message.starts_with("Server listening on ")) {
    kind(out, action::kServiceStarted, "service", "ssh server listening");
  }
}

/// "   suzuki : TTY=pts/0 ; PWD=/home/suzuki ; USER=root ; COMMAND=/bin/ls", also with a refusal before TTY.
void sudo(std::string_view message, Event& out) {
  LineScan scan(message);
  scan.skip_blanks();
  const auto user = scan.until(" : ");
  if (!user || scan.rest().find("COMMAND=") == std::string_view::npos) return;
  set(out.who, *user);
  const bool refused =
      !scan.rest().starts_with("TTY=") && !scan.rest().starts_with("PWD=") && !scan.rest().starts_with("HOST=");
  kind(out, refused ? action::kLogRecorded : action::kProgramRun, "command", refused ? "sudo refused" : "sudo");
  while (!scan.empty()) {
    scan.skip_blanks();
    if (scan.skip("COMMAND=")) {
      set(out.object, scan.rest());
      return;
    }
    const std::string_view part = scan.until(" ;").value_or(std::string_view{});
    if (part.empty()) return;
    if (part.starts_with("TTY=")) out.attribute("terminal", log_text(part.substr(4)));
    if (part.starts_with("PWD=")) out.attribute("directory", log_text(part.substr(4)));
    if (part.starts_with("USER=")) out.attribute("as_user", log_text(part.substr(5)));
  }
}

/// "(to root) suzuki on pts/0", "FAILED SU (to root) suzuki on pts/0"
void su(std::string_view message, Event& out) {
  LineScan scan(message);
  const bool failed = scan.skip("FAILED SU ");
  if (!scan.skip("(to ")) return;
  const auto target = scan.until(") ");
  if (!target) return;
  set(out.who, scan.word());
  set(out.object, *target);
  kind(out, failed ? action::kLogonFailed : action::kLogonSucceeded, "account", "su");
  if (scan.skip("on ")) out.attribute("terminal", log_text(scan.word()));
}

/// "new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash", "delete user 'eve'", "add 'eve' to group
/// 'sudo'"
void accounts(std::string_view message, Event& out) {
  LineScan scan(message);
  const bool group = message.starts_with("new group");
  if (scan.skip("new user: name=") || scan.skip("new group: name=")) {
    set(out.object, scan.until(',').value_or(scan.rest()));
    kind(out, action::kAccountChanged, group ? "group" : "account", group ? "group created" : "account created");
    if (scan.until("ID="))
      if (const auto id = scan.digits(1, 10)) out.attribute("account_id", *id);
    return;
  }
  if (scan.until("password changed for ")) {
    kind(out, action::kAccountChanged, "account", "password changed");
    set(out.object, scan.word());
    return;
  }
  struct Words {
    std::string_view start, how;
  };
  static constexpr Words kWords[] = {
      {"delete user '", "account deleted"}, {"add '", "added to a group"},       {"delete '", "removed from a group"},
      {"change user '", "account changed"}, {"lock user '", "account locked"},   {"unlock user '", "account unlocked"},
      {"removed group '", "group deleted"}, {"remove group '", "group deleted"}, {"changed user '", "account changed"}};
  for (const Words& words : kWords) {
    if (!scan.skip(words.start)) continue;
    const bool is_group = words.how == "group deleted";
    kind(out, action::kAccountChanged, is_group ? "group" : "account", words.how);
    set(out.object, scan.until('\'').value_or(std::string_view{}));
    if (scan.until("group '")) out.attribute("group", log_text(scan.rest().substr(0, scan.rest().find('\''))));
    return;
  }
}

/// "(root) CMD (run-parts /etc/cron.hourly)"
void cron(std::string_view message, Event& out) {
  LineScan scan(message);
  if (!scan.skip('(')) return;
  const auto user = scan.until(") CMD (");
  if (!user) return;
  std::string_view command = scan.rest();
  if (!command.empty() && command.back() == ')') command.remove_suffix(1);
  set(out.who, *user);
  set(out.object, command);
  kind(out, action::kTaskRun, "command", "cron");
}

/// "usb 1-2: New USB device found, idVendor=0951, idProduct=1666, bcdDevice= 1.00", after an optional "[  12.345] "
void kernel(std::string_view message, Event& out) {
  LineScan scan(message);
  if (scan.skip('[')) (void)scan.until("] ");  // seconds since the start
  if (scan.skip("Linux version ")) {
    kind(out, action::kSystemStarted, {}, "kernel started");
    out.attribute("kernel", log_text(scan.word()));
    return;
  }
  if (!scan.skip("usb ")) return;
  const auto port = scan.until(": ");
  if (!port) return;
  if (scan.skip("New USB device found, idVendor=")) {
    kind(out, action::kDeviceConnected, "device", "usb");
    const std::string vendor = log_text(scan.rest().substr(0, scan.rest().find(',')));
    std::string product;
    if (scan.until("idProduct=")) product = log_text(scan.rest().substr(0, scan.rest().find(',')));
    out.object = "usb:" + vendor + ":" + product;
    out.attribute("vendor_id", vendor).attribute("product_id", product);
  } else if (scan.rest().starts_with("USB disconnect")) {
    kind(out, action::kDeviceDisconnected, "device", "usb");
  } else if (scan.skip("SerialNumber: ")) {
    kind(out, action::kLogRecorded, "device", "serial number of a usb device");
    out.attribute("serial", log_text(scan.rest()));
  } else {
    return;
  }
  out.channel = "usb";
  out.attribute("usb_port", log_text(*port));
}

void systemd(std::string_view message, Event& out) {
  LineScan scan(message);
  if (message.starts_with("Startup finished in ")) {
    kind(out, action::kSystemStarted, {}, "startup finished");
  } else if (scan.skip("Started ")) {
    kind(out, action::kServiceStarted, "unit", "unit started");
    set(out.object, scan.rest().ends_with('.') ? scan.rest().substr(0, scan.rest().size() - 1) : scan.rest());
  } else if (message.starts_with("Reached target Shutdown") || message.starts_with("Reached target shutdown.target") ||
             message.starts_with("Shutting down")) {
    kind(out, action::kSystemStopped, {}, "shutting down");
  }
}

/// "New session 3 of user suzuki.", "Removed session 3.", "System is powering down."
void logind(std::string_view message, Event& out) {
  LineScan scan(message);
  const auto without_dot = [](std::string_view text) {
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
  };
  if (scan.skip("New session ")) {
    set(out.session, scan.word());
    if (scan.skip("of user ")) set(out.who, without_dot(scan.word()));
    kind(out, action::kLogonSucceeded, "session", "new session");
  } else if (scan.skip("Removed session ")) {
    set(out.session, without_dot(scan.word()));
    kind(out, action::kLogonEnded, "session", "session removed");
  } else if (message.starts_with("System is powering down") || message.starts_with("System is rebooting") ||
             message.starts_with("Power key pressed")) {
    kind(out, action::kSystemStopped, {}, "shutting down");
  }
}

struct Reader {
  std::string_view program;
  void (*read)(std::string_view, Event&);
};
constexpr Reader kReaders[] = {
    {"sshd", sshd},         {"sshd-session", sshd},    {"sudo", sudo},           {"su", su},
    {"useradd", accounts},  {"usermod", accounts},     {"userdel", accounts},    {"groupadd", accounts},
    {"groupmod", accounts}, {"groupdel", accounts},    {"gpasswd", accounts},    {"passwd", accounts},
    {"chpasswd", accounts}, {"chage", accounts},       {"CRON", cron},           {"cron", cron},
    {"crond", cron},        {"CROND", cron},           {"/USR/SBIN/CRON", cron}, {"kernel", kernel},
    {"systemd", systemd},   {"systemd-logind", logind}};

}  // namespace

void describe_linux_message(std::string_view program, std::string_view message, Event& out) {
  out.what = action::kLogRecorded;
  if (message.starts_with("pam_") && pam_session(message, out)) return;
  for (const Reader& reader : kReaders) {
    if (reader.program != program) continue;
    reader.read(message, out);
    return;
  }
}

}  // namespace triage
