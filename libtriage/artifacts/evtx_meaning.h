// SPDX-License-Identifier: Apache-2.0
// What events of Windows event logs say: rows of provider, identifier, action, and which datum is who, where and what.
// The rows are data (evtx_events_*.cpp); an event without a row is log.recorded with its data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "artifacts/parser.h"
#include "formats/evtx_event.h"

namespace triage {

/// The part of Event that a datum fills.
enum class EvtxSlot : std::uint8_t {
  kWho,
  kSid,
  kSession,
  kRemote,
  kVolume,
  kObject,
  kObjectPath,     ///< object and path
  kObjectProgram,  ///< object, path and program
  kObjectSize,
  kSha256,  ///< 64 hex digits
  kPath,
  kProgram,
  kAttribute,
};

/// One datum. `source` is its name, or "name|prefix": what follows the prefix in its text, up to a line's end or comma.
struct EvtxFieldRule {
  EvtxSlot slot = EvtxSlot::kAttribute;
  std::string_view source;
  std::string_view attribute = {};  ///< of kAttribute: one of kEvtxFields
};

/// Where the datum `source` is (or begins with) `text`, the event is another one.
struct EvtxVariant {
  std::string_view source = {};
  std::string_view text = {};
  std::string_view what = {};
  std::string_view how = {};
};

struct EvtxEventRule {
  std::string_view provider;
  std::uint32_t id = 0;
  std::string_view what;
  std::string_view object_kind = {};  ///< "" = null
  std::string_view how = {};
  std::string_view channel = {};  ///< of Event, not the log
  std::span<const EvtxFieldRule> fields = {};
  EvtxVariant variant = {};
};

/// Rows of one family; sorted or not.
std::span<const EvtxEventRule> evtx_logon_events();
std::span<const EvtxEventRule> evtx_security_events();
std::span<const EvtxEventRule> evtx_system_events();
std::span<const EvtxEventRule> evtx_device_events();
std::span<const EvtxEventRule> evtx_network_events();
std::span<const EvtxEventRule> evtx_program_events();
std::span<const EvtxEventRule> evtx_sysmon_events();

/// The row of an event; nullptr where there is none. Provider names are compared without case.
const EvtxEventRule* evtx_rule(std::string_view provider, std::uint64_t id);

/// Fills who, where, what and how of `out` from the row of `event`, or as log.recorded.
void give_meaning(const EvtxEvent& event, Event& out);

}  // namespace triage
