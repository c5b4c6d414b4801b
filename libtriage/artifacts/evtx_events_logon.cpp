// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: logons and sessions. Data names: the providers' manifests, as the Windows documentation of
// advanced security auditing and of Remote Desktop Services names them.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kAudit = "Microsoft-Windows-Security-Auditing";
constexpr std::string_view kSessions = "Microsoft-Windows-TerminalServices-LocalSessionManager";
constexpr std::string_view kConnections = "Microsoft-Windows-TerminalServices-RemoteConnectionManager";
constexpr std::string_view kClient = "Microsoft-Windows-TerminalServices-ClientActiveXCore";
constexpr std::string_view kRdpCore = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS";
constexpr std::string_view kWinlogon = "Microsoft-Windows-Winlogon";

constexpr F kLogon[] = {{kWho, "TargetUserName"},
                        {kSid, "TargetUserSid"},
                        {kSession, "TargetLogonId"},
                        {kRemote, "IpAddress"},
                        {kProgram, "ProcessName"},
                        {kAttribute, "LogonType", "logon_type"},
                        {kAttribute, "TargetDomainName", "domain"},
                        {kAttribute, "WorkstationName", "workstation"},
                        {kAttribute, "IpPort", "remote_port"},
                        {kAttribute, "AuthenticationPackageName", "authentication"},
                        {kAttribute, "LogonProcessName", "logon_process"},
                        {kAttribute, "SubjectUserName", "subject"},
                        {kAttribute, "SubjectUserSid", "subject_sid"},
                        {kAttribute, "Status", "status"},
                        {kAttribute, "SubStatus", "sub_status"},
                        {kAttribute, "FailureReason", "failure_reason"}};
constexpr F kExplicit[] = {{kWho, "SubjectUserName"},
                           {kSid, "SubjectUserSid"},
                           {kSession, "SubjectLogonId"},
                           {kObject, "TargetUserName"},
                           {kRemote, "TargetServerName"},
                           {kProgram, "ProcessName"},
                           {kAttribute, "SubjectDomainName", "domain"},
                           {kAttribute, "TargetDomainName", "target_domain"},
                           {kAttribute, "IpAddress", "remote_address"}};
constexpr F kSubject[] = {{kWho, "SubjectUserName"},
                          {kSid, "SubjectUserSid"},
                          {kSession, "SubjectLogonId"},
                          {kAttribute, "SubjectDomainName", "domain"},
                          {kAttribute, "PrivilegeList", "privileges"}};
constexpr F kKerberos[] = {{kWho, "TargetUserName"},
                           {kSid, "TargetSid"},
                           {kRemote, "IpAddress"},
                           {kObject, "ServiceName"},
                           {kAttribute, "TargetDomainName", "domain"},
                           {kAttribute, "IpPort", "remote_port"},
                           {kAttribute, "Status", "status"},
                           {kAttribute, "TicketEncryptionType", "ticket_encryption"}};
constexpr F kNtlm[] = {{kWho, "TargetUserName"},
                       {kAttribute, "Workstation", "workstation"},
                       {kAttribute, "PackageName", "authentication"},
                       {kAttribute, "Status", "status"}};
constexpr F kStation[] = {{kWho, "AccountName"},
                          {kWho, "TargetUserName"},
                          {kSid, "TargetUserSid"},
                          {kSession, "LogonID"},
                          {kSession, "TargetLogonId"},
                          {kRemote, "ClientAddress"},
                          {kObject, "SessionName"},
                          {kAttribute, "AccountDomain", "domain"},
                          {kAttribute, "ClientName", "workstation"}};
constexpr F kLsm[] = {
    {kWho, "User"},       {kSession, "SessionID"},          {kSession, "Session"},
    {kRemote, "Address"}, {kAttribute, "Reason", "reason"}, {kAttribute, "TargetSession", "target_session"}};
constexpr F kRcm[] = {{kWho, "Param1"}, {kAttribute, "Param2", "domain"}, {kRemote, "Param3"}};
constexpr F kServerValue[] = {{kRemote, "Value"}, {kRemote, "ServerName"}, {kObject, "Value"}};
constexpr F kClientIp[] = {{kRemote, "ClientIP"}, {kRemote, "IPString"}, {kAttribute, "ConnType", "protocol"}};
constexpr F kUserSid[] = {{kSid, "UserSid"}, {kSession, "TSId"}};

constexpr std::array kRules = {
    R{kAudit, 4624, action::kLogonSucceeded, "session", "logon", {}, kLogon},
    R{kAudit, 4625, action::kLogonFailed, "session", "logon", {}, kLogon},
    R{kAudit, 4634, action::kLogonEnded, "session", "logoff", {}, kLogon},
    R{kAudit, 4647, action::kLogonEnded, "session", "logoff by the user", {}, kLogon},
    R{kAudit, 4648, action::kLogRecorded, "account", "explicit credentials used", {}, kExplicit},
    R{kAudit, 4672, action::kLogRecorded, "account", "special privileges given", {}, kSubject},
    R{kAudit, 4675, action::kLogRecorded, "account", "SIDs filtered", {}, kLogon},
    R{kAudit,
      4768,
      action::kLogonFailed,
      "service",
      "Kerberos ticket asked for",
      {},
      kKerberos,
      {"Status", "0x0", action::kLogonSucceeded, "Kerberos ticket given"}},
    R{kAudit, 4769, action::kLogRecorded, "service", "Kerberos service ticket asked for", {}, kKerberos},
    R{kAudit, 4770, action::kLogRecorded, "service", "Kerberos service ticket renewed", {}, kKerberos},
    R{kAudit, 4771, action::kLogonFailed, "service", "Kerberos pre-authentication failed", {}, kKerberos},
    R{kAudit,
      4776,
      action::kLogonFailed,
      "account",
      "NTLM credentials checked",
      {},
      kNtlm,
      {"Status", "0x0", action::kLogonSucceeded, {}}},
    R{kAudit, 4778, action::kLogonSucceeded, "window station", "session reconnected", "remote", kStation},
    R{kAudit, 4779, action::kLogonEnded, "window station", "session disconnected", "remote", kStation},
    R{kAudit, 4800, action::kLogRecorded, "window station", "workstation locked", {}, kStation},
    R{kAudit, 4801, action::kLogRecorded, "window station", "workstation unlocked", {}, kStation},
    R{kAudit, 4802, action::kLogRecorded, "window station", "screen saver started", {}, kStation},
    R{kAudit, 4803, action::kLogRecorded, "window station", "screen saver ended", {}, kStation},
    R{kAudit, 4964, action::kLogRecorded, "account", "special group logged on", {}, kLogon},
    R{kWinlogon, 7001, action::kLogonSucceeded, "account", "logon notification", {}, kUserSid},
    R{kWinlogon, 7002, action::kLogonEnded, "account", "logoff notification", {}, kUserSid},
    R{kSessions, 21, action::kLogonSucceeded, "terminal session", "session logon", {}, kLsm},
    R{kSessions, 22, action::kLogRecorded, "terminal session", "shell started", {}, kLsm},
    R{kSessions, 23, action::kLogonEnded, "terminal session", "session logoff", {}, kLsm},
    R{kSessions, 24, action::kLogonEnded, "terminal session", "session disconnected", {}, kLsm},
    R{kSessions, 25, action::kLogonSucceeded, "terminal session", "session reconnected", {}, kLsm},
    R{kSessions, 39, action::kLogRecorded, "terminal session", "session disconnected by another", {}, kLsm},
    R{kSessions, 40, action::kLogRecorded, "terminal session", "session disconnected, with a reason", {}, kLsm},
    R{kSessions, 41, action::kLogRecorded, "terminal session", "session arbitration began", {}, kLsm},
    R{kSessions, 42, action::kLogRecorded, "terminal session", "session arbitration ended", {}, kLsm},
    R{kConnections, 261, action::kLogRecorded, "terminal session", "listener received a connection", "remote"},
    R{kConnections, 1149, action::kNetworkConnected, "terminal session", "user authentication succeeded", "remote",
      kRcm},
    R{kClient, 1024, action::kNetworkConnected, "host", "remote desktop client connects", "remote", kServerValue},
    R{kClient, 1102, action::kNetworkConnected, "host", "remote desktop client connects", "remote", kServerValue},
    R{kClient, 1029, action::kLogRecorded, "account", "remote desktop client, hash of the user name", "remote"},
    R{kRdpCore, 131, action::kNetworkConnected, "host", "remote desktop connection accepted", "remote", kClientIp},
    R{kRdpCore, 140, action::kLogonFailed, "host", "remote desktop, wrong user name or password", "remote", kClientIp},
};

}  // namespace

std::span<const EvtxEventRule> evtx_logon_events() { return kRules; }

}  // namespace triage
