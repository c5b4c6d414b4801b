// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: PowerShell, installed and started programs, application errors and alerts. Numbered data are
// those of classic events, which have no names.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kClassicShell = "PowerShell";
constexpr std::string_view kPowerShell = "Microsoft-Windows-PowerShell";
constexpr std::string_view kInstaller = "MsiInstaller";
constexpr std::string_view kAppLocker = "Microsoft-Windows-AppLocker";
constexpr std::string_view kAppx = "Microsoft-Windows-AppXDeployment-Server";
constexpr std::string_view kShell = "Microsoft-Windows-Shell-Core";

constexpr F kEngine[] = {{kObject, "3|HostApplication="},
                         {kProgram, "3|HostName="},
                         {kAttribute, "3|HostApplication=", "command_line"},
                         {kAttribute, "3|EngineVersion=", "engine_version"},
                         {kAttribute, "3|HostId=", "host_id"},
                         {kAttribute, "3|RunspaceId=", "runspace"}};
constexpr F kPipeline[] = {{kObject, "1"},
                           {kWho, "2|UserId="},
                           {kAttribute, "2|HostApplication=", "command_line"},
                           {kAttribute, "2|ScriptName=", "script_path"},
                           {kAttribute, "2|HostId=", "host_id"},
                           {kAttribute, "2|RunspaceId=", "runspace"}};
constexpr F kModule[] = {{kObject, "ContextInfo|Command Name = "},
                         {kWho, "ContextInfo|User = "},
                         {kPath, "ContextInfo|Script Name = "},
                         {kProgram, "ContextInfo|Host Name = "},
                         {kAttribute, "ContextInfo|Host Application = ", "command_line"}};
constexpr F kScript[] = {{kObjectPath, "Path"},
                         {kObject, "ScriptBlockId"},
                         {kAttribute, "ScriptBlockId", "script_block"},
                         {kAttribute, "MessageNumber", "part"},
                         {kAttribute, "MessageTotal", "parts"}};
constexpr F kScriptRun[] = {{kObject, "ScriptBlockId"}, {kAttribute, "RunspaceId", "runspace"}};
constexpr F kProduct[] = {
    {kObject, "1"}, {kAttribute, "2", "product_version"}, {kAttribute, "4", "status"}, {kAttribute, "5", "vendor"}};
constexpr F kProductText[] = {{kObject, "1"}};
constexpr F kCrash[] = {{kObject, "1"},
                        {kProgram, "1"},
                        {kObject, "AppName"},
                        {kProgram, "AppName"},
                        {kPath, "11"},
                        {kPath, "AppPath"},
                        {kAttribute, "4", "module"},
                        {kAttribute, "ModuleName", "module"},
                        {kAttribute, "7", "status"},
                        {kAttribute, "ExceptionCode", "status"}};
constexpr F kReport[] = {
    {kObject, "6"}, {kProgram, "6"}, {kObject, "P1"}, {kAttribute, "3", "report"}, {kAttribute, "EventName", "report"}};
constexpr F kAlert[] = {{kProgram, "1"}, {kObject, "2"}, {kAttribute, "3", "alert"}};
constexpr F kLocked[] = {{kObjectProgram, "FullFilePath"},
                         {kObjectProgram, "FilePath"},
                         {kObject, "Package"},
                         {kSid, "TargetUser"},
                         {kSha256, "FileHash"},
                         {kAttribute, "RuleName", "rule"},
                         {kAttribute, "PolicyName", "policy"},
                         {kAttribute, "Fqbn", "publisher"}};
constexpr F kPackage[] = {{kObject, "PackageFullName"},
                          {kObject, "PackageMoniker"},
                          {kPath, "Path"},
                          {kAttribute, "ErrorCode", "status"},
                          {kAttribute, "CallingProcess", "parent_program"}};
constexpr F kCommand[] = {
    {kObjectProgram, "Command"}, {kAttribute, "Command", "command_line"}, {kAttribute, "PID", "new_process"}};

constexpr R locked(std::uint32_t id, std::string_view what, std::string_view how) {
  return {kAppLocker, id, what, "program", how, {}, kLocked};
}

constexpr std::array kRules = {
    R{kClassicShell, 400, action::kProgramRun, "program", "PowerShell engine started", {}, kEngine},
    R{kClassicShell, 403, action::kLogRecorded, "program", "PowerShell engine stopped", {}, kEngine},
    R{kClassicShell, 600, action::kLogRecorded, "program", "PowerShell provider started", {}, kEngine},
    R{kClassicShell, 800, action::kProgramRun, "command", "PowerShell pipeline run", {}, kPipeline},
    R{kPowerShell, 4100, action::kLogRecorded, "command", "PowerShell error", {}, kModule},
    R{kPowerShell, 4103, action::kProgramRun, "command", "PowerShell command run", {}, kModule},
    R{kPowerShell, 4104, action::kProgramRun, "script", "PowerShell script block compiled", {}, kScript},
    R{kPowerShell, 4105, action::kProgramRun, "script", "PowerShell script block started", {}, kScriptRun},
    R{kPowerShell, 4106, action::kLogRecorded, "script", "PowerShell script block ended", {}, kScriptRun},
    R{kPowerShell, 40961, action::kLogRecorded, "program", "PowerShell console starting"},
    R{kPowerShell, 40962, action::kProgramRun, "program", "PowerShell console ready"},
    R{kInstaller, 1033, action::kProgramInstalled, "program", "Windows Installer installed a product", {}, kProduct},
    R{kInstaller, 1034, action::kConfigChanged, "program", "Windows Installer removed a product", {}, kProduct},
    R{kInstaller, 1035, action::kConfigChanged, "program", "Windows Installer reconfigured a product", {}, kProduct},
    R{kInstaller, 1040, action::kLogRecorded, "program", "Windows Installer transaction began", {}, kProductText},
    R{kInstaller, 1042, action::kLogRecorded, "program", "Windows Installer transaction ended", {}, kProductText},
    R{kInstaller, 11707, action::kProgramInstalled, "program", "installation completed", {}, kProductText},
    R{kInstaller, 11708, action::kLogRecorded, "program", "installation failed", {}, kProductText},
    R{kInstaller, 11724, action::kConfigChanged, "program", "removal completed", {}, kProductText},
    R{"Application Error", 1000, action::kLogRecorded, "program", "program crashed", {}, kCrash},
    R{"Application Hang", 1002, action::kLogRecorded, "program", "program stopped responding", {}, kCrash},
    R{"Windows Error Reporting", 1001, action::kLogRecorded, "program", "error report", {}, kReport},
    R{"Microsoft Office 14 Alerts", 300, action::kLogRecorded, "document", "Office alert shown", {}, kAlert},
    R{"Microsoft Office 15 Alerts", 300, action::kLogRecorded, "document", "Office alert shown", {}, kAlert},
    R{"Microsoft Office 16 Alerts", 300, action::kLogRecorded, "document", "Office alert shown", {}, kAlert},
    locked(8002, action::kProgramRun, "program allowed"),
    locked(8003, action::kProgramRun, "program allowed, but audited"),
    locked(8004, action::kLogRecorded, "program blocked"),
    locked(8005, action::kProgramRun, "script or installer allowed"),
    locked(8006, action::kProgramRun, "script or installer allowed, but audited"),
    locked(8007, action::kLogRecorded, "script or installer blocked"),
    locked(8020, action::kProgramRun, "packaged app allowed"),
    locked(8022, action::kLogRecorded, "packaged app blocked"),
    locked(8023, action::kProgramInstalled, "installation of a packaged app allowed"),
    R{kAppx, 400, action::kProgramInstalled, "package", "package deployed", {}, kPackage},
    R{kAppx, 401, action::kLogRecorded, "package", "package not deployed", {}, kPackage},
    R{kAppx, 854, action::kProgramInstalled, "package", "package added", {}, kPackage},
    R{kShell, 9707, action::kProgramRun, "program", "command of a Run key started", {}, kCommand},
    R{kShell, 9708, action::kLogRecorded, "program", "command of a Run key finished", {}, kCommand},
};

}  // namespace

std::span<const EvtxEventRule> evtx_program_events() { return kRules; }

}  // namespace triage
