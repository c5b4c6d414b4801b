// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include "artifacts/evtx_meaning.h"
#include "corpus.h"

namespace triage {
extern const ArtifactParser evtx_log;
}
using namespace triage;

namespace {

std::size_t live_count(const corpus::Said& said) {
  return static_cast<std::size_t>(
      std::count_if(said.events.begin(), said.events.end(), [](const Event& e) { return !e.recovered; }));
}

}  // namespace

TEST_CASE("evtx: every file of the corpus gives the live records that a walk by signature and size counts") {
  if (!corpus::present(23)) return;
  std::istringstream table(corpus::read(corpus::root() / "expected" / "evtx_live_records.csv"));
  std::string line;
  std::getline(table, line);
  REQUIRE(line.starts_with("file,bytes,chunks,live_records"));
  std::size_t files = 0, live = 0, recovered = 0;
  while (std::getline(table, line)) {
    const std::string file = line.substr(0, line.find(','));
    const std::size_t expected = std::stoul(line.substr(line.rfind(',') + 1));
    const auto said = corpus::parse(evtx_log, corpus::read(corpus::root() / file), "/x.evtx");
    CHECK_MESSAGE(live_count(said) == expected, file);
    for (const Event& event : said.events) CHECK_MESSAGE(event.record.has_value(), file);
    ++files;
    live += live_count(said);
    recovered += said.events.size() - live_count(said);
  }
  CHECK(files == 23);
  MESSAGE(files << " files, " << live << " live and " << recovered << " recovered records");
}

TEST_CASE("evtx: every live record of a sound file has provider, event id, log and host") {
  if (!corpus::present(3)) return;
  for (const char* name : {"security.evtx", "system.evtx", "sample-with-irregular-bool-values.evtx"}) {
    const auto said = corpus::parse(evtx_log, corpus::read(corpus::root() / "evtx" / name), "/x.evtx");
    for (const Event& event : said.events) {
      if (event.recovered) continue;
      const bool full = !event.partial && event.host && event.when.utc_nanos &&
                        !corpus::attribute(event, "provider").empty() &&
                        !corpus::attribute(event, "event_id").empty() && !corpus::attribute(event, "log").empty();
      CHECK_MESSAGE(full, name);
    }
  }
}

TEST_CASE("evtx: a new local user in a real Security log is an account change with its SID") {
  if (!corpus::present(1)) return;
  const auto said =
      corpus::parse(evtx_log, corpus::read(corpus::root() / "evtx" / "new-user-security.evtx"), "/x.evtx");
  const auto made = std::find_if(said.events.begin(), said.events.end(), [](const Event& e) {
    return !e.recovered && corpus::attribute(e, "event_id") == "4720";
  });
  REQUIRE(made != said.events.end());
  CHECK(made->what == action::kAccountChanged);
  CHECK(made->how == "account created");
  CHECK(made->object.has_value());
  CHECK(corpus::attribute(*made, "target_sid").starts_with("S-1-5-21-"));
}

TEST_CASE("evtx: rows give declared attributes and known actions only, once an event") {
  std::vector<const EvtxEventRule*> seen;
  for (const auto family : {evtx_logon_events(), evtx_security_events(), evtx_system_events(), evtx_device_events(),
                            evtx_network_events(), evtx_program_events(), evtx_sysmon_events()}) {
    for (const EvtxEventRule& rule : family) {
      CHECK_MESSAGE(is_action(rule.what), rule.id);
      CHECK_MESSAGE((rule.variant.source.empty() || is_action(rule.variant.what)), rule.id);
      CHECK_MESSAGE(evtx_rule(rule.provider, rule.id) == &rule, rule.provider << " " << rule.id);
      for (const EvtxFieldRule& field : rule.fields) {
        if (field.slot != EvtxSlot::kAttribute) continue;
        const bool declared = std::any_of(evtx_log.fields.begin(), evtx_log.fields.end(),
                                          [&](const FieldSpec& spec) { return spec.name == field.attribute; });
        CHECK_MESSAGE(declared, rule.id << " " << field.attribute);
      }
      seen.push_back(&rule);
    }
  }
  CHECK(seen.size() > 240);
  CHECK(evtx_rule("microsoft-windows-security-auditing", 4624) != nullptr);
  CHECK(evtx_rule("Microsoft-Windows-Security-Auditing", 1) == nullptr);
}

TEST_CASE("evtx: a log that is cut keeps the records before the cut, which libevtx loses with their chunk") {
  if (!corpus::present(1)) return;
  // Counted by a walk by signature and size over the chunks as far as they are there; plaso (libevtx) gives 194.
  const auto said = corpus::parse(evtx_log, corpus::read(corpus::root() / "plaso" / "evtx" / "System2.evtx"),
                                  "/Windows/System32/winevt/Logs/System.evtx");
  CHECK(live_count(said) == 284);
  CHECK(said.outcome == Outcome::kPartial);
  CHECK_FALSE(said.damages.empty());
}

TEST_CASE("evtx: the events that a leak case asks for have a meaning") {
  struct Wanted {
    std::string_view provider;
    std::uint64_t id;
    std::string_view what;
  };
  // Provider and identifier: Microsoft Learn, "Appendix L: Events to Monitor", and the providers' manifests.
  constexpr std::string_view kAudit = "Microsoft-Windows-Security-Auditing";
  constexpr std::string_view kSession = "Microsoft-Windows-TerminalServices-LocalSessionManager";
  const Wanted wanted[] = {
      {kAudit, 4624, action::kLogonSucceeded},
      {kAudit, 4625, action::kLogonFailed},
      {kAudit, 4634, action::kLogonEnded},
      {kAudit, 4647, action::kLogonEnded},
      {kAudit, 4648, {}},
      {kAudit, 4672, {}},
      {kAudit, 4778, {}},
      {kAudit, 4779, {}},
      {kAudit, 4688, action::kProgramRun},
      {kAudit, 4656, {}},
      {kAudit, 4663, {}},
      {kAudit, 5140, {}},
      {kAudit, 5145, {}},
      {kAudit, 6416, action::kDeviceConnected},
      {"Microsoft-Windows-Eventlog", 1102, action::kLogCleared},
      {"Microsoft-Windows-Eventlog", 104, action::kLogCleared},
      {"Service Control Manager", 7045, action::kConfigChanged},
      {"Microsoft-Windows-PowerShell", 4103, action::kProgramRun},
      {"Microsoft-Windows-PowerShell", 4104, action::kProgramRun},
      {"Microsoft-Windows-Partition", 1006, action::kDeviceConnected},
      {"Microsoft-Windows-Kernel-PnP", 400, action::kDeviceConnected},
      {"Microsoft-Windows-Kernel-PnP", 410, action::kDeviceConnected},
      {"Microsoft-Windows-DriverFrameworks-UserMode", 2003, action::kDeviceConnected},
      {"Microsoft-Windows-DriverFrameworks-UserMode", 2100, {}},
      {kSession, 21, action::kLogonSucceeded},
      {kSession, 23, action::kLogonEnded},
      {kSession, 24, {}},
      {kSession, 25, {}},
      {"Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1149, {}},
      {"Microsoft-Windows-PrintService", 307, action::kDocumentPrinted},
      {"Microsoft-Windows-Bits-Client", 59, {}},
      {"Microsoft-Windows-Bits-Client", 60, {}},
      {"Microsoft-Windows-Windows Defender", 1116, {}},
      {"Microsoft-Windows-Windows Defender", 1117, {}},
      {"Microsoft-Windows-Windows Defender", 5001, action::kConfigChanged},
      {"Microsoft-Windows-TaskScheduler", 106, action::kConfigChanged},
      {"Microsoft-Windows-TaskScheduler", 200, action::kTaskRun},
      {"Microsoft-Windows-Sysmon", 1, action::kProgramRun},
      {"Microsoft-Windows-Sysmon", 3, action::kNetworkConnected},
      {"Microsoft-Windows-Sysmon", 11, action::kFileCreated},
      {"Microsoft-Windows-Sysmon", 22, {}},
      {"Microsoft-Windows-Sysmon", 23, action::kFileDeleted},
  };
  for (const Wanted& one : wanted) {
    const EvtxEventRule* rule = evtx_rule(one.provider, one.id);
    CHECK_MESSAGE(rule != nullptr, one.provider << " " << one.id);
    if (rule == nullptr) continue;
    CHECK_MESSAGE((one.what.empty() || rule->what == one.what), one.provider << " " << one.id << " " << rule->what);
    // What was done or to whom: no row is a bare number.
    CHECK_MESSAGE((!rule->how.empty() && !rule->fields.empty()), one.provider << " " << one.id);
  }
}
