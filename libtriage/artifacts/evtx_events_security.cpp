// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: the rest of security auditing (accounts, processes, objects, shares, policy, tasks) and cleared
// logs. Data names: Windows documentation of advanced security auditing.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kAudit = "Microsoft-Windows-Security-Auditing";
constexpr std::string_view kEventlog = "Microsoft-Windows-Eventlog";

constexpr F kWhoDid = {kWho, "SubjectUserName"};
constexpr F kSidDid = {kSid, "SubjectUserSid"};
constexpr F kSessionDid = {kSession, "SubjectLogonId"};
constexpr F kDomainDid = {kAttribute, "SubjectDomainName", "domain"};

constexpr F kAccount[] = {kWhoDid,
                          kSidDid,
                          kSessionDid,
                          kDomainDid,
                          {kObject, "TargetUserName"},
                          {kObject, "NewTargetUserName"},
                          {kAttribute, "TargetSid", "target_sid"},
                          {kAttribute, "TargetDomainName", "target_domain"},
                          {kAttribute, "OldTargetUserName", "old_name"},
                          {kAttribute, "NewTargetUserName", "new_name"},
                          {kAttribute, "MemberName", "member"},
                          {kAttribute, "MemberSid", "member_sid"},
                          {kAttribute, "UserAccountControl", "account_flags"}};
constexpr F kProcess[] = {{kObjectProgram, "NewProcessName"},
                          {kWho, "TargetUserName"},
                          kWhoDid,
                          {kSid, "TargetUserSid"},
                          kSidDid,
                          kSessionDid,
                          kDomainDid,
                          {kAttribute, "CommandLine", "command_line"},
                          {kAttribute, "NewProcessId", "new_process"},
                          {kAttribute, "ProcessId", "parent_process"},
                          {kAttribute, "ParentProcessName", "parent_program"},
                          {kAttribute, "TokenElevationType", "elevation"}};
constexpr F kProcessEnd[] = {{kObjectProgram, "ProcessName"},
                             kWhoDid,
                             kSidDid,
                             kSessionDid,
                             kDomainDid,
                             {kAttribute, "ProcessId", "new_process"},
                             {kAttribute, "Status", "status"}};
constexpr F kObjectAccess[] = {{kObjectPath, "ObjectName"},
                               kWhoDid,
                               kSidDid,
                               kSessionDid,
                               kDomainDid,
                               {kProgram, "ProcessName"},
                               {kAttribute, "ObjectType", "object_type"},
                               {kAttribute, "AccessMask", "access_mask"},
                               {kAttribute, "AccessList", "access_list"},
                               {kAttribute, "HandleId", "handle"},
                               {kAttribute, "ObjectValueName", "value_name"},
                               {kAttribute, "OldValue", "old_value"},
                               {kAttribute, "NewValue", "new_value"}};
constexpr F kShare[] = {{kObject, "ShareName"},
                        {kPath, "RelativeTargetName"},
                        {kRemote, "IpAddress"},
                        kWhoDid,
                        kSidDid,
                        kSessionDid,
                        kDomainDid,
                        {kAttribute, "IpPort", "remote_port"},
                        {kAttribute, "ShareLocalPath", "share_path"},
                        {kAttribute, "AccessMask", "access_mask"}};
constexpr F kDevice[] = {{kObject, "DeviceId"},
                         kWhoDid,
                         kSidDid,
                         kSessionDid,
                         {kAttribute, "DeviceDescription", "device"},
                         {kAttribute, "ClassName", "device_class"},
                         {kAttribute, "VendorIds", "vendor"},
                         {kAttribute, "LocationInformation", "location"}};
constexpr F kService[] = {{kObject, "ServiceName"},
                          {kPath, "ServiceFileName"},
                          kWhoDid,
                          kSidDid,
                          kSessionDid,
                          {kAttribute, "ServiceType", "service_type"},
                          {kAttribute, "ServiceStartType", "start_type"},
                          {kAttribute, "ServiceAccount", "service_account"}};
constexpr F kTask[] = {{kObject, "TaskName"}, kWhoDid, kSidDid, kSessionDid, kDomainDid};
constexpr F kPolicy[] = {
    {kObject, "SubcategoryGuid"}, kWhoDid, kSidDid, kSessionDid, {kAttribute, "AuditPolicyChanges", "changes"}};
constexpr F kClock[] = {kWhoDid,
                        kSidDid,
                        kSessionDid,
                        {kProgram, "ProcessName"},
                        {kAttribute, "PreviousTime", "old_time"},
                        {kAttribute, "NewTime", "new_time"}};
constexpr F kCleared[] = {{kWho, "SubjectUserName"},
                          {kSid, "SubjectUserSid"},
                          {kSession, "SubjectLogonId"},
                          {kObject, "Channel"},
                          {kAttribute, "SubjectDomainName", "domain"},
                          {kAttribute, "BackupPath", "backup"}};
constexpr F kConnection[] = {{kObjectProgram, "Application"},          {kRemote, "DestAddress"},
                             {kAttribute, "DestPort", "remote_port"},  {kAttribute, "SourceAddress", "local_address"},
                             {kAttribute, "SourcePort", "local_port"}, {kAttribute, "Protocol", "protocol"},
                             {kAttribute, "Direction", "direction"}};
constexpr F kDirectory[] = {{kObject, "ObjectDN"},
                            kWhoDid,
                            kSidDid,
                            kSessionDid,
                            {kAttribute, "AttributeLDAPDisplayName", "value_name"},
                            {kAttribute, "AttributeValue", "new_value"}};

constexpr R account(std::uint32_t id, std::string_view how) {
  return {kAudit, id, action::kAccountChanged, "account", how, {}, kAccount};
}
constexpr R group(std::uint32_t id, std::string_view how) {
  return {kAudit, id, action::kAccountChanged, "group", how, {}, kAccount};
}

constexpr std::array kRules = {
    R{kAudit, 4608, action::kSystemStarted, {}, "Windows is starting"},
    R{kAudit, 4609, action::kSystemStopped, {}, "Windows is shutting down"},
    R{kAudit, 4616, action::kClockChanged, {}, "system time changed", {}, kClock},
    R{kAudit,
      4656,
      action::kLogRecorded,
      "object",
      "handle asked for",
      {},
      kObjectAccess,
      {"ObjectType", "File", action::kFileOpened, {}}},
    R{kAudit, 4657, action::kConfigChanged, "registry value", "registry value changed", {}, kObjectAccess},
    R{kAudit, 4658, action::kLogRecorded, "object", "handle closed", {}, kObjectAccess},
    R{kAudit, 4659, action::kLogRecorded, "object", "handle asked for, to delete", {}, kObjectAccess},
    R{kAudit, 4660, action::kLogRecorded, "object", "object deleted", {}, kObjectAccess},
    R{kAudit,
      4663,
      action::kLogRecorded,
      "object",
      "object accessed",
      {},
      kObjectAccess,
      {"ObjectType", "File", action::kFileAccessed, {}}},
    R{kAudit, 4670, action::kConfigChanged, "object", "permissions changed", {}, kObjectAccess},
    R{kAudit, 4688, action::kProgramRun, "program", "process created", {}, kProcess},
    R{kAudit, 4689, action::kLogRecorded, "program", "process ended", {}, kProcessEnd},
    R{kAudit, 4697, action::kConfigChanged, "service", "service installed", {}, kService},
    R{kAudit, 4698, action::kConfigChanged, "task", "scheduled task created", {}, kTask},
    R{kAudit, 4699, action::kConfigChanged, "task", "scheduled task deleted", {}, kTask},
    R{kAudit, 4700, action::kConfigChanged, "task", "scheduled task enabled", {}, kTask},
    R{kAudit, 4701, action::kConfigChanged, "task", "scheduled task disabled", {}, kTask},
    R{kAudit, 4702, action::kConfigChanged, "task", "scheduled task updated", {}, kTask},
    R{kAudit, 4719, action::kConfigChanged, "audit policy", "audit policy changed", {}, kPolicy},
    account(4720, "account created"),
    account(4722, "account enabled"),
    account(4723, "password change tried by its owner"),
    account(4724, "password reset tried"),
    account(4725, "account disabled"),
    account(4726, "account deleted"),
    account(4738, "account changed"),
    account(4740, "account locked out"),
    account(4767, "account unlocked"),
    account(4781, "account renamed"),
    account(4741, "computer account created"),
    account(4742, "computer account changed"),
    account(4743, "computer account deleted"),
    group(4727, "global group created"),
    group(4728, "member added to global group"),
    group(4729, "member removed from global group"),
    group(4730, "global group deleted"),
    group(4731, "local group created"),
    group(4732, "member added to local group"),
    group(4733, "member removed from local group"),
    group(4734, "local group deleted"),
    group(4735, "local group changed"),
    group(4737, "global group changed"),
    group(4754, "universal group created"),
    group(4755, "universal group changed"),
    group(4756, "member added to universal group"),
    group(4757, "member removed from universal group"),
    R{kAudit, 4798, action::kLogRecorded, "account", "local groups of a user listed", {}, kAccount},
    R{kAudit, 4799, action::kLogRecorded, "group", "members of a local group listed", {}, kAccount},
    R{kAudit, 5136, action::kConfigChanged, "directory object", "directory object changed", {}, kDirectory},
    R{kAudit, 5140, action::kFileAccessed, "share", "network share accessed", "share", kShare},
    R{kAudit, 5142, action::kConfigChanged, "share", "network share added", "share", kShare},
    R{kAudit, 5143, action::kConfigChanged, "share", "network share changed", "share", kShare},
    R{kAudit, 5144, action::kConfigChanged, "share", "network share deleted", "share", kShare},
    R{kAudit, 5145, action::kFileAccessed, "share", "file on a network share checked for access", "share", kShare},
    R{kAudit,
      5156,
      action::kNetworkConnected,
      "program",
      "connection allowed by the filtering platform",
      {},
      kConnection},
    R{kAudit, 5157, action::kLogRecorded, "program", "connection blocked by the filtering platform", {}, kConnection},
    R{kAudit, 5158, action::kLogRecorded, "program", "local port bound", {}, kConnection},
    R{kAudit, 6416, action::kDeviceConnected, "device", "new external device recognised", {}, kDevice},
    R{kAudit, 6419, action::kConfigChanged, "device", "request to disable a device", {}, kDevice},
    R{kAudit, 6420, action::kConfigChanged, "device", "device disabled", {}, kDevice},
    R{kAudit, 6421, action::kConfigChanged, "device", "request to enable a device", {}, kDevice},
    R{kAudit, 6422, action::kConfigChanged, "device", "device enabled", {}, kDevice},
    R{kAudit, 6423, action::kLogRecorded, "device", "device installation forbidden by policy", {}, kDevice},
    R{kEventlog, 104, action::kLogCleared, "log", "log cleared", {}, kCleared},
    R{kEventlog, 1100, action::kLogRecorded, "log", "event logging service shut down"},
    R{kEventlog, 1102, action::kLogCleared, "log", "audit log cleared", {}, kCleared},
    R{kEventlog, 1104, action::kLogRecorded, "log", "security log is full"},
    R{kEventlog, 1105, action::kLogRecorded, "log", "log backed up by itself", {}, kCleared},
};

}  // namespace

std::span<const EvtxEventRule> evtx_security_events() { return kRules; }

}  // namespace triage
