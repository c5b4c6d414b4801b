// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: starts and stops, clock, services, scheduled tasks, protection. Data names: the providers'
// manifests as Windows registers them; numbered data are those of classic events.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kKernel = "Microsoft-Windows-Kernel-General";
constexpr std::string_view kPower = "Microsoft-Windows-Kernel-Power";
constexpr std::string_view kServices = "Service Control Manager";
constexpr std::string_view kTasks = "Microsoft-Windows-TaskScheduler";
constexpr std::string_view kDefender = "Microsoft-Windows-Windows Defender";
constexpr std::string_view kFirewall = "Microsoft-Windows-Windows Firewall With Advanced Security";

constexpr F kClock[] = {{kAttribute, "OldTime", "old_time"},
                        {kAttribute, "NewTime", "new_time"},
                        {kAttribute, "Reason", "reason"},
                        {kProgram, "ProcessName"}};
constexpr F kBoot[] = {{kAttribute, "StartTime", "new_time"},
                       {kAttribute, "StopTime", "new_time"},
                       {kAttribute, "MajorVersion", "major"},
                       {kAttribute, "BuildVersion", "build"}};
constexpr F kUnexpected[] = {{kAttribute, "1", "old_time"}, {kAttribute, "2", "old_date"}};
constexpr F kUptime[] = {{kAttribute, "5", "uptime"}};
constexpr F kShutdown[] = {{kProgram, "param1"},
                           {kWho, "param7"},
                           {kAttribute, "param3", "reason"},
                           {kAttribute, "param5", "shutdown_type"},
                           {kAttribute, "param6", "comment"}};
constexpr F kPowerLoss[] = {{kAttribute, "BugcheckCode", "bugcheck"}, {kAttribute, "Reason", "reason"}};
constexpr F kWake[] = {{kAttribute, "SleepTime", "old_time"}, {kAttribute, "WakeTime", "new_time"}};

constexpr F kInstall[] = {{kObject, "ServiceName"},
                          {kPath, "ImagePath"},
                          {kAttribute, "ServiceType", "service_type"},
                          {kAttribute, "StartType", "start_type"},
                          {kAttribute, "AccountName", "service_account"}};
constexpr F kState[] = {{kObject, "param1"}, {kAttribute, "param2", "state"}};
constexpr F kStartType[] = {{kObject, "param1"},
                            {kAttribute, "param2", "old_value"},
                            {kAttribute, "param3", "new_value"},
                            {kAttribute, "param4", "service"}};

constexpr F kTask[] = {{kObject, "TaskName"},    {kWho, "UserContext"}, {kWho, "UserName"},
                       {kProgram, "ActionName"}, {kProgram, "Path"},    {kAttribute, "ResultCode", "status"}};

constexpr F kThreat[] = {{kObject, "Threat Name"},
                         {kPath, "Path"},
                         {kWho, "Detection User"},
                         {kWho, "User"},
                         {kProgram, "Process Name"},
                         {kAttribute, "Severity Name", "severity"},
                         {kAttribute, "Action Name", "protection_action"},
                         {kAttribute, "Category Name", "category"},
                         {kAttribute, "Detection ID", "detection"}};
constexpr F kDefenderSetting[] = {{kObject, "Feature Name"},
                                  {kObject, "New Value"},
                                  {kAttribute, "Old Value", "old_value"},
                                  {kAttribute, "New Value", "new_value"}};
constexpr F kFirewallRule[] = {{kObject, "RuleName"},
                               {kPath, "ApplicationPath"},
                               {kSid, "ModifyingUser"},
                               {kProgram, "ModifyingApplication"},
                               {kAttribute, "Direction", "direction"},
                               {kAttribute, "Action", "protection_action"}};

constexpr R task(std::uint32_t id, std::string_view what, std::string_view how) {
  return {kTasks, id, what, "task", how, {}, kTask};
}
constexpr R threat(std::uint32_t id, std::string_view how) {
  return {kDefender, id, action::kLogRecorded, "threat", how, {}, kThreat};
}
constexpr R setting(std::uint32_t id, std::string_view how) {
  return {kDefender, id, action::kConfigChanged, "protection", how, {}, kDefenderSetting};
}

constexpr std::array kRules = {
    R{kKernel, 1, action::kClockChanged, {}, "system time changed", {}, kClock},
    R{kKernel, 12, action::kSystemStarted, {}, "operating system started", {}, kBoot},
    R{kKernel, 13, action::kSystemStopped, {}, "operating system is shutting down", {}, kBoot},
    R{"EventLog", 6005, action::kServiceStarted, "service", "event log service started"},
    R{"EventLog", 6006, action::kLogRecorded, "service", "event log service stopped"},
    R{"EventLog", 6008, action::kSystemStopped, {}, "the shutdown before was unexpected", {}, kUnexpected},
    R{"EventLog", 6009, action::kSystemStarted, {}, "version at start"},
    R{"EventLog", 6013, action::kLogRecorded, {}, "uptime in seconds", {}, kUptime},
    R{"USER32", 1074, action::kSystemStopped, {}, "shutdown or restart asked for", {}, kShutdown},
    R{"User32", 1076, action::kLogRecorded, {}, "reason of the shutdown before", {}, kShutdown},
    R{kPower, 41, action::kLogRecorded, {}, "restarted without a clean shutdown", {}, kPowerLoss},
    R{kPower, 42, action::kLogRecorded, {}, "entering sleep", {}, kPowerLoss},
    R{kPower, 107, action::kLogRecorded, {}, "resumed from sleep"},
    R{kPower, 109, action::kSystemStopped, {}, "shutdown begun by the kernel power manager", {}, kPowerLoss},
    R{kPower, 506, action::kLogRecorded, {}, "entering connected standby"},
    R{kPower, 507, action::kLogRecorded, {}, "leaving connected standby"},
    R{"Microsoft-Windows-Power-Troubleshooter", 1, action::kLogRecorded, {}, "resumed from sleep", {}, kWake},
    R{kServices, 7034, action::kLogRecorded, "service", "service ended unexpectedly", {}, kState},
    // The state's name is in the host's language; the binary part ends in "/4" for running.
    R{kServices,
      7036,
      action::kLogRecorded,
      "service",
      "service changed its state",
      {},
      kState,
      {"Binary", "*2f0034000000", action::kServiceStarted, "service entered the running state"}},
    R{kServices, 7040, action::kConfigChanged, "service", "start type of a service changed", {}, kStartType},
    R{kServices, 7045, action::kConfigChanged, "service", "service installed", {}, kInstall},
    task(100, action::kTaskRun, "task started"),
    task(102, action::kLogRecorded, "task completed"),
    task(106, action::kConfigChanged, "task registered"),
    task(107, action::kTaskRun, "task started by its time trigger"),
    task(108, action::kTaskRun, "task started by an event"),
    task(110, action::kTaskRun, "task started by a user"),
    task(118, action::kTaskRun, "task started at system start"),
    task(119, action::kTaskRun, "task started at a logon"),
    task(129, action::kTaskRun, "process of a task created"),
    task(140, action::kConfigChanged, "task updated"),
    task(141, action::kConfigChanged, "task deleted"),
    task(142, action::kConfigChanged, "task disabled"),
    task(200, action::kTaskRun, "action started"),
    task(201, action::kLogRecorded, "action completed"),
    threat(1006, "malware or unwanted software found"),
    threat(1007, "action taken against malware"),
    threat(1008, "action against malware failed"),
    threat(1009, "item restored from quarantine"),
    threat(1011, "item deleted from quarantine"),
    threat(1015, "suspicious behaviour found"),
    threat(1116, "malware or unwanted software found"),
    threat(1117, "action taken against malware"),
    threat(1118, "action against malware failed"),
    threat(1119, "action against malware failed critically"),
    R{kDefender, 1013, action::kLogCleared, "log", "malware history deleted", {}, kThreat},
    setting(5001, "real-time protection disabled"),
    setting(5004, "real-time protection changed"),
    setting(5007, "setting changed"),
    setting(5010, "scan for malware disabled"),
    setting(5012, "scan for viruses disabled"),
    setting(5013, "change blocked by tamper protection"),
    R{kFirewall, 2004, action::kConfigChanged, "firewall rule", "firewall rule added", {}, kFirewallRule},
    R{kFirewall, 2005, action::kConfigChanged, "firewall rule", "firewall rule changed", {}, kFirewallRule},
    R{kFirewall, 2006, action::kConfigChanged, "firewall rule", "firewall rule deleted", {}, kFirewallRule},
    R{kFirewall, 2003, action::kConfigChanged, "firewall", "firewall setting changed", {}, kFirewallRule},
    R{"Microsoft-Windows-WMI-Activity", 5861, action::kConfigChanged, "WMI consumer", "permanent WMI subscription"},
};

}  // namespace

std::span<const EvtxEventRule> evtx_system_events() { return kRules; }

}  // namespace triage
