// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: networks, shares as a client, transfers in the background, remote management.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kWlan = "Microsoft-Windows-WLAN-AutoConfig";
constexpr std::string_view kProfile = "Microsoft-Windows-NetworkProfile";
constexpr std::string_view kBits = "Microsoft-Windows-Bits-Client";
constexpr std::string_view kSmbClient = "Microsoft-Windows-SMBClient";
constexpr std::string_view kSmbServer = "Microsoft-Windows-SMBServer";
constexpr std::string_view kWinRm = "Microsoft-Windows-WinRM";

constexpr F kWireless[] = {{kObject, "SSID"},
                           {kAttribute, "ProfileName", "profile"},
                           {kAttribute, "BSSType", "network_type"},
                           {kAttribute, "BSSID", "bssid"},
                           {kAttribute, "PHYType", "radio"},
                           {kAttribute, "AuthenticationAlgorithm", "authentication"},
                           {kAttribute, "InterfaceDescription", "interface"},
                           {kAttribute, "Reason", "reason"}};
constexpr F kNetwork[] = {{kObject, "Name"},
                          {kAttribute, "Description", "profile"},
                          {kAttribute, "Guid", "network"},
                          {kAttribute, "Category", "category"}};
constexpr F kTransfer[] = {{kObject, "url"},
                           {kObject, "jobTitle"},
                           {kObject, "string"},
                           {kWho, "jobOwner"},
                           {kWho, "string2"},
                           {kProgram, "processPath"},
                           {kObjectSize, "fileLength"},
                           {kAttribute, "name", "job"},
                           {kAttribute, "jobTitle", "job"},
                           {kAttribute, "Id", "job_id"},
                           {kAttribute, "jobId", "job_id"},
                           {kAttribute, "transferId", "transfer"},
                           {kAttribute, "bytesTransferred", "bytes_transferred"},
                           {kAttribute, "bytesTotal", "bytes_total"},
                           {kAttribute, "hr", "status"}};
constexpr F kServer[] = {{kRemote, "ServerName"},         {kRemote, "RemoteName"}, {kObject, "ShareName"},
                         {kObject, "ObjectName"},         {kWho, "UserName"},      {kAttribute, "Status", "status"},
                         {kAttribute, "Reason", "reason"}};
constexpr F kShareClient[] = {
    {kRemote, "ClientName"}, {kWho, "UserName"}, {kObject, "ShareName"}, {kAttribute, "TranslatedStatus", "status"}};
constexpr F kManagement[] = {{kRemote, "connection"}, {kObject, "connection"}, {kObject, "resourceUri"}};

constexpr R smb(std::uint32_t id, std::string_view how) {
  return {kSmbClient, id, action::kLogRecorded, "share", how, "share", kServer};
}

constexpr std::array kRules = {
    R{kWlan, 8000, action::kLogRecorded, "network", "wireless connection started", {}, kWireless},
    R{kWlan, 8001, action::kNetworkConnected, "network", "wireless network connected", {}, kWireless},
    R{kWlan, 8002, action::kLogRecorded, "network", "wireless connection failed", {}, kWireless},
    R{kWlan, 8003, action::kLogRecorded, "network", "wireless network disconnected", {}, kWireless},
    R{kWlan, 11001, action::kNetworkConnected, "network", "associated with a wireless network", {}, kWireless},
    R{kProfile, 10000, action::kNetworkConnected, "network", "network connected", {}, kNetwork},
    R{kProfile, 10001, action::kLogRecorded, "network", "network disconnected", {}, kNetwork},
    R{kBits, 3, action::kLogRecorded, "transfer", "transfer job created", {}, kTransfer},
    R{kBits, 4, action::kLogRecorded, "transfer", "transfer job completed", {}, kTransfer},
    R{kBits, 5, action::kLogRecorded, "transfer", "transfer job cancelled", {}, kTransfer},
    R{kBits, 59, action::kNetworkConnected, "url", "transfer started", {}, kTransfer},
    R{kBits, 60, action::kLogRecorded, "url", "transfer stopped", {}, kTransfer},
    R{kBits, 61, action::kLogRecorded, "url", "transfer stopped by an error", {}, kTransfer},
    smb(30803, "connection to a server failed"),
    smb(30804, "connection to a server lost"),
    smb(30805, "session with a server lost"),
    R{kSmbClient, 30806, action::kNetworkConnected, "share", "session with a server made again", "share", kServer},
    smb(30807, "connection to a share lost"),
    R{kSmbClient, 30808, action::kNetworkConnected, "share", "connection to a share made again", "share", kServer},
    R{kSmbClient, 30810, action::kNetworkConnected, "share", "interface added for a server", "share", kServer},
    R{kSmbClient, 31001, action::kLogonFailed, "share", "logon to a server failed", "share", kServer},
    R{kSmbClient, 31010, action::kLogRecorded, "share", "connection to a share refused", "share", kServer},
    R{kSmbServer, 551, action::kLogonFailed, "share", "logon of a client failed", "share", kShareClient},
    R{kSmbServer, 1009, action::kLogRecorded, "share", "anonymous access refused", "share", kShareClient},
    R{kSmbServer, 1006, action::kLogRecorded, "share", "access to a share refused", "share", kShareClient},
    R{kWinRm, 6, action::kNetworkConnected, "remote management", "remote session asked for", "remote", kManagement},
    R{kWinRm, 91, action::kNetworkConnected, "remote management", "session made on this host", "remote", kManagement},
    R{kWinRm, 169, action::kLogonSucceeded, "remote management", "user authenticated", "remote", kManagement},
};

}  // namespace

std::span<const EvtxEventRule> evtx_network_events() { return kRules; }

}  // namespace triage
