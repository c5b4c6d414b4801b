// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "corpus.h"

using namespace triage;

namespace {

struct Claim {
  const char* file;
  const char* parser;
  const char* seen_as;  ///< path the parser sees; its own where null
};

// The rows of expected/plaso.csv whose family these parsers read.
constexpr Claim kClaims[] = {
    {"syslog/syslog_cron.log", "linux.syslog", "/var/log/syslog"},
    {"syslog/syslog_rsyslog_SysklogdFileFormat", "linux.syslog", "/var/log/syslog"},
    {"syslog/syslog_rsyslog_SyslogProtocol23Format", "linux.syslog", "/var/log/syslog"},
    {"syslog/syslog_rsyslog_traditional", "linux.syslog", "/var/log/syslog"},
    {"iis/iis6.log", "windows.iis", nullptr},
    {"iis/iis7_owa.log", "windows.iis", nullptr},
    {"iis/iis_without_date.log", "windows.iis", nullptr},
    {"iis/iis10.log", "windows.iis", nullptr},
    {"iis/iis10_edge_cases.log", "windows.iis", nullptr},
    {"windows_firewall.log", "windows.firewall", nullptr},
    {"bash_history_desync", "linux.shell_history", nullptr},
    {"zsh_extended_history.txt", "linux.shell_history", nullptr},
    {"fish_history", "linux.shell_history", nullptr},
    {"selinux.log", "linux.audit", nullptr},
    {"audit_enriched.log", "linux.audit", nullptr},
    {"dpkg.log", "linux.packages", nullptr},
};

}  // namespace

TEST_CASE("text logs: plaso's files give as many events as its own tests assert") {
  if (!corpus::present(static_cast<int>(std::size(kClaims)))) return;
  const std::string table = corpus::read(corpus::root() / "expected" / "plaso.csv");
  std::size_t agreed = 0;
  for (const Claim& claim : kClaims) {
    const std::string data = corpus::read(corpus::root() / "plaso" / claim.file);
    const std::string path = claim.seen_as != nullptr ? claim.seen_as : std::string("/") + claim.file;
    const auto said = corpus::parse(corpus::parser(claim.parser), data, path);
    CHECK_MESSAGE(said.events.size() == corpus::expected_of(table, claim.file), claim.file);
    agreed += said.events.size() == corpus::expected_of(table, claim.file) ? 1 : 0;
  }
  MESSAGE(agreed << " of " << std::size(kClaims) << " rows agree");
}
