// SPDX-License-Identifier: Apache-2.0
// Event: something that happened, in 5W1H (DESIGN.md §5). Field names are the public ones of case.db and JSON Lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/locator.h"
#include "model/timestamp.h"

namespace triage {

/// The closed vocabulary of `what`. Parsers use these constants; a test refuses any other word.
namespace action {
inline constexpr std::string_view kFileCreated = "file.created";
inline constexpr std::string_view kFileModified = "file.modified";
inline constexpr std::string_view kFileAccessed = "file.accessed";
inline constexpr std::string_view kFileChanged = "file.changed";  ///< metadata changed
inline constexpr std::string_view kFileRenamed = "file.renamed";
inline constexpr std::string_view kFileDeleted = "file.deleted";
inline constexpr std::string_view kFileRecycled = "file.recycled";
inline constexpr std::string_view kFileOpened = "file.opened";
inline constexpr std::string_view kFileDownloaded = "file.downloaded";
inline constexpr std::string_view kFileSeen = "file.seen";
inline constexpr std::string_view kProgramRun = "program.run";
inline constexpr std::string_view kProgramInstalled = "program.installed";
inline constexpr std::string_view kUrlVisited = "url.visited";
inline constexpr std::string_view kSearchPerformed = "search.performed";
inline constexpr std::string_view kLogonSucceeded = "logon.succeeded";
inline constexpr std::string_view kLogonFailed = "logon.failed";
inline constexpr std::string_view kLogonEnded = "logon.ended";
inline constexpr std::string_view kSystemStarted = "system.started";
inline constexpr std::string_view kSystemStopped = "system.stopped";
inline constexpr std::string_view kClockChanged = "clock.changed";
inline constexpr std::string_view kLogCleared = "log.cleared";
inline constexpr std::string_view kLogRecorded = "log.recorded";
inline constexpr std::string_view kDeviceConnected = "device.connected";
inline constexpr std::string_view kDeviceDisconnected = "device.disconnected";
inline constexpr std::string_view kConfigChanged = "config.changed";
inline constexpr std::string_view kAccountChanged = "account.changed";
inline constexpr std::string_view kNetworkConnected = "network.connected";
inline constexpr std::string_view kMessageSent = "message.sent";
inline constexpr std::string_view kMessageReceived = "message.received";
inline constexpr std::string_view kDocumentPrinted = "document.printed";
inline constexpr std::string_view kServiceStarted = "service.started";
inline constexpr std::string_view kTaskRun = "task.run";
inline constexpr std::string_view kOther = "other";
}  // namespace action
/// True when `word` is one of the constants above.
bool is_action(std::string_view word);

/// An extra field of one parser, declared by its FieldSpec. `is_number` values are decimal text.
struct Attribute {
  std::string name;
  std::string value;
  bool is_number = false;
  bool operator==(const Attribute&) const = default;
};

struct Event {
  // when
  Timestamp when;
  MeaningSet when_meaning;
  // who: as found, never a person
  std::optional<std::string> who;  ///< account name
  std::optional<std::string> sid;
  std::optional<std::uint32_t> uid;
  std::optional<std::string> session;
  // where
  std::optional<std::string> host;
  std::optional<std::string> volume;  ///< volume label or serial the record names (not where the record lies)
  std::optional<std::string> path;    ///< path the event is about, as the record gives it
  std::optional<std::string> remote;  ///< address, URL host, share server
  // what
  std::string what;                        ///< one of action::
  std::optional<std::string> object_kind;  ///< file, directory, url, program, device, account, volume …
  std::optional<std::string> object;       ///< its name: path, URL, program …
  std::optional<std::uint64_t> object_size;
  std::optional<std::string> object_sha256;
  // how
  std::optional<std::string> how;      ///< mechanism in words of the artifact: "prefetch", "link transition" …
  std::optional<std::string> channel;  ///< usb, web, mail, cloud, share, remote, print, p2p
  std::optional<std::string> program;
  // why stays empty in parsers; only rules fill it
  std::optional<std::string> why;
  // provenance
  std::string artifact;  ///< parser id
  std::uint16_t artifact_version = 0;
  Locator locator;
  std::string source;                   ///< path of the parsed file inside its evidence
  std::optional<std::uint64_t> record;  ///< record number in the artifact
  bool recovered = false;               ///< comes from slack, a deleted file or carved data
  bool partial = false;                 ///< some fields could not be read
  std::vector<Attribute> attributes;

  Event& attribute(std::string_view name, std::string_view value) {
    attributes.push_back({std::string(name), std::string(value), false});
    return *this;
  }
  Event& attribute(std::string_view name, std::uint64_t value) {
    attributes.push_back({std::string(name), std::to_string(value), true});
    return *this;
  }
  bool operator==(const Event&) const = default;
};

/// 32 hex digits: hash of artifact, locator and `ordinal` (which tells events of one locator apart).
std::string event_id(const Event& event, std::uint32_t ordinal);
/// The event's attributes as a JSON object in declared order.
std::string attributes_json(const Event& event);

}  // namespace triage
