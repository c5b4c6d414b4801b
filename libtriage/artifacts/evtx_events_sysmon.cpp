// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: Sysmon. Data names: "Sysmon" (Microsoft Sysinternals), schema 4.90.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kSysmon = "Microsoft-Windows-Sysmon";

constexpr F kUser = {kWho, "User"};
constexpr F kHashes = {kAttribute, "Hashes", "hashes"};
constexpr F kHash256 = {kSha256, "Hashes|SHA256="};
constexpr F kRule = {kAttribute, "RuleName", "rule"};
constexpr F kGuid = {kAttribute, "ProcessGuid", "process_guid"};

constexpr F kProcess[] = {{kObjectProgram, "Image"},
                          kUser,
                          {kSession, "LogonId"},
                          kHash256,
                          kHashes,
                          kGuid,
                          kRule,
                          {kAttribute, "CommandLine", "command_line"},
                          {kAttribute, "CurrentDirectory", "directory"},
                          {kAttribute, "ProcessId", "new_process"},
                          {kAttribute, "ParentProcessId", "parent_process"},
                          {kAttribute, "ParentImage", "parent_program"},
                          {kAttribute, "ParentCommandLine", "parent_command_line"},
                          {kAttribute, "OriginalFileName", "original_name"}};
constexpr F kFile[] = {{kObjectPath, "TargetFilename"},
                       {kProgram, "Image"},
                       kUser,
                       kHash256,
                       kHashes,
                       kGuid,
                       kRule,
                       {kAttribute, "CreationUtcTime", "new_time"},
                       {kAttribute, "PreviousCreationUtcTime", "old_time"},
                       {kAttribute, "Contents", "contents"}};
constexpr F kConnection[] = {{kObjectProgram, "Image"},
                             kUser,
                             {kRemote, "DestinationHostname"},
                             {kRemote, "DestinationIp"},
                             kGuid,
                             kRule,
                             {kAttribute, "DestinationIp", "remote_address"},
                             {kAttribute, "DestinationPort", "remote_port"},
                             {kAttribute, "SourceIp", "local_address"},
                             {kAttribute, "SourcePort", "local_port"},
                             {kAttribute, "Protocol", "protocol"},
                             {kAttribute, "Initiated", "initiated"}};
constexpr F kLoaded[] = {{kObjectPath, "ImageLoaded"},
                         {kProgram, "Image"},
                         kUser,
                         kHash256,
                         kHashes,
                         kGuid,
                         kRule,
                         {kAttribute, "Signature", "publisher"},
                         {kAttribute, "SignatureStatus", "status"}};
constexpr F kOtherProcess[] = {{kObjectPath, "TargetImage"},
                               {kProgram, "SourceImage"},
                               {kWho, "SourceUser"},
                               kRule,
                               {kAttribute, "GrantedAccess", "access_mask"},
                               {kAttribute, "SourceProcessGUID", "process_guid"},
                               {kAttribute, "TargetProcessId", "new_process"}};
constexpr F kRegistry[] = {{kObject, "TargetObject"},
                           {kProgram, "Image"},
                           kUser,
                           kGuid,
                           kRule,
                           {kAttribute, "EventType", "change"},
                           {kAttribute, "Details", "new_value"},
                           {kAttribute, "NewName", "new_name"}};
constexpr F kQuery[] = {{kObject, "QueryName"},
                        {kProgram, "Image"},
                        kUser,
                        kGuid,
                        kRule,
                        {kAttribute, "QueryResults", "answer"},
                        {kAttribute, "QueryStatus", "status"}};
constexpr F kDrive[] = {{kObject, "Device"}, {kProgram, "Image"}, kUser, kGuid, kRule};
constexpr F kPipe[] = {{kObject, "PipeName"}, {kProgram, "Image"}, kUser, kGuid, kRule};
constexpr F kState[] = {
    {kObject, "State"}, {kAttribute, "Version", "product_version"}, {kAttribute, "Configuration", "new_value"}};
constexpr F kClipboard[] = {{kProgram, "Image"},
                            kUser,
                            kHash256,
                            kHashes,
                            kGuid,
                            {kRemote, "ClientInfo|ip: "},
                            {kAttribute, "ClientInfo", "client"}};

constexpr std::array kRules = {
    R{kSysmon, 1, action::kProgramRun, "program", "process created", {}, kProcess},
    R{kSysmon, 2, action::kFileChanged, "file", "creation time of a file changed", {}, kFile},
    R{kSysmon, 3, action::kNetworkConnected, "program", "network connection", {}, kConnection},
    R{kSysmon, 4, action::kLogRecorded, "service", "Sysmon changed its state", {}, kState},
    R{kSysmon, 5, action::kLogRecorded, "program", "process ended", {}, kProcess},
    R{kSysmon, 6, action::kLogRecorded, "driver", "driver loaded", {}, kLoaded},
    R{kSysmon, 7, action::kLogRecorded, "module", "module loaded", {}, kLoaded},
    R{kSysmon, 8, action::kLogRecorded, "program", "thread made in another process", {}, kOtherProcess},
    R{kSysmon, 9, action::kLogRecorded, "volume", "drive read below the file system", {}, kDrive},
    R{kSysmon, 10, action::kLogRecorded, "program", "process opened by another", {}, kOtherProcess},
    R{kSysmon, 11, action::kFileCreated, "file", "file created", {}, kFile},
    R{kSysmon, 12, action::kConfigChanged, "registry key", "registry key or value made or deleted", {}, kRegistry},
    R{kSysmon, 13, action::kConfigChanged, "registry value", "registry value set", {}, kRegistry},
    R{kSysmon, 14, action::kConfigChanged, "registry key", "registry key or value renamed", {}, kRegistry},
    R{kSysmon, 15, action::kFileCreated, "stream", "named stream created", {}, kFile},
    R{kSysmon, 16, action::kConfigChanged, "protection", "Sysmon configuration changed", {}, kState},
    R{kSysmon, 17, action::kLogRecorded, "pipe", "named pipe made", {}, kPipe},
    R{kSysmon, 18, action::kLogRecorded, "pipe", "named pipe opened", {}, kPipe},
    R{kSysmon, 22, action::kLogRecorded, "domain", "name looked up", {}, kQuery},
    R{kSysmon, 23, action::kFileDeleted, "file", "file deleted, content kept by Sysmon", {}, kFile},
    R{kSysmon, 24, action::kLogRecorded, "clipboard", "clipboard changed", {}, kClipboard},
    R{kSysmon, 25, action::kLogRecorded, "program", "process image tampered with", {}, kProcess},
    R{kSysmon, 26, action::kFileDeleted, "file", "file deleted", {}, kFile},
    R{kSysmon, 27, action::kLogRecorded, "file", "executable file blocked", {}, kFile},
    R{kSysmon, 28, action::kLogRecorded, "file", "shredding of a file blocked", {}, kFile},
    R{kSysmon, 29, action::kFileCreated, "file", "executable file made", {}, kFile},
};

}  // namespace

std::span<const EvtxEventRule> evtx_sysmon_events() { return kRules; }

}  // namespace triage
