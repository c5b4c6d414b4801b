// SPDX-License-Identifier: Apache-2.0
// One event of a Windows event log: its System element by name, and its data in order. Values, no meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/binxml.h"

namespace triage {

/// A named value of EventData or UserData. A Data element without a name is named by its number: "1", "2" …
struct EvtxDatum {
  std::string_view name;
  BinXmlValue value;
};

/// Views live until the reader reads its next record.
struct EvtxEvent {
  std::string provider;  ///< Provider/@Name; empty where it is not there
  std::optional<std::uint64_t> event_id, version, level, task, opcode, record_id, process_id, thread_id, qualifiers;
  std::optional<std::uint64_t> keywords;
  std::optional<std::uint64_t> created;  ///< TimeCreated, FILETIME
  std::string provider_guid, channel, computer, user_sid, activity_id, related_activity_id;
  std::vector<EvtxDatum> data;

  /// The first datum of that name; nullptr where there is none.
  [[nodiscard]] const BinXmlValue* find(std::string_view name) const;
};

/// Sorts the fields of one record; `out` is emptied first and may be used again and again.
void assemble_event(const std::vector<BinXmlField>& fields, EvtxEvent& out);

}  // namespace triage
