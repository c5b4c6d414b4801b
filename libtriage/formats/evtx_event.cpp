// SPDX-License-Identifier: Apache-2.0
#include "formats/evtx_event.h"

#include <algorithm>
#include <array>

#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr std::size_t kNumbers = 64;

/// "1" … "64", with a life of its own; data beyond are "64+".
std::string_view number_name(std::size_t number) {
  static const std::array<std::string, kNumbers> kNames = [] {
    std::array<std::string, kNumbers> out;
    for (std::size_t i = 0; i < kNumbers; ++i) out[i] = std::to_string(i + 1);
    return out;
  }();
  return number < kNumbers ? std::string_view(kNames[number]) : std::string_view("64+");
}

std::optional<std::uint64_t> filetime_of(const BinXmlValue& value) {
  if (value.is(BinXmlType::kFiletime) && value.data.size() == 8) return unsigned_of(value);
  const auto nanos = parse_time_text(text_of(value));  // an event that was forwarded has it as text
  if (!nanos) return std::nullopt;
  return static_cast<std::uint64_t>(*nanos / 100 + 116444736000000000);
}

void set_text(std::string& out, const BinXmlValue& value) {
  if (out.empty()) append_text(out, value);
}

void add_data(const BinXmlField& field, std::vector<BinXmlValue>& scratch, std::size_t& unnamed, EvtxEvent& out) {
  if (!field.name.empty()) {
    out.data.push_back({field.name, field.value});
    return;
  }
  scratch.clear();
  append_elements(scratch, field.value);
  for (const BinXmlValue& value : scratch) out.data.push_back({number_name(unnamed++), value});
}

void place(const BinXmlField& field, EvtxEvent& out) {
  switch (field.place) {
    case EventPlace::kProvider: set_text(out.provider, field.value); break;
    case EventPlace::kProviderGuid: set_text(out.provider_guid, field.value); break;
    case EventPlace::kEventId: out.event_id = unsigned_of(field.value); break;
    case EventPlace::kQualifiers: out.qualifiers = unsigned_of(field.value); break;
    case EventPlace::kVersion: out.version = unsigned_of(field.value); break;
    case EventPlace::kLevel: out.level = unsigned_of(field.value); break;
    case EventPlace::kTask: out.task = unsigned_of(field.value); break;
    case EventPlace::kOpcode: out.opcode = unsigned_of(field.value); break;
    case EventPlace::kKeywords: out.keywords = unsigned_of(field.value); break;
    case EventPlace::kTimeCreated: out.created = filetime_of(field.value); break;
    case EventPlace::kRecordId: out.record_id = unsigned_of(field.value); break;
    case EventPlace::kActivityId: set_text(out.activity_id, field.value); break;
    case EventPlace::kRelatedActivityId: set_text(out.related_activity_id, field.value); break;
    case EventPlace::kProcessId: out.process_id = unsigned_of(field.value); break;
    case EventPlace::kThreadId: out.thread_id = unsigned_of(field.value); break;
    case EventPlace::kChannel: set_text(out.channel, field.value); break;
    case EventPlace::kComputer: set_text(out.computer, field.value); break;
    case EventPlace::kUserId: set_text(out.user_sid, field.value); break;
    case EventPlace::kData:
    case EventPlace::kEventSource:
    case EventPlace::kOtherSystem: break;
  }
}

}  // namespace

const BinXmlValue* EvtxEvent::find(std::string_view name) const {
  const auto found = std::find_if(data.begin(), data.end(), [name](const EvtxDatum& d) { return d.name == name; });
  return found == data.end() ? nullptr : &found->value;
}

void assemble_event(const std::vector<BinXmlField>& fields, EvtxEvent& out) {
  for (std::string* text : {&out.provider, &out.provider_guid, &out.channel, &out.computer, &out.user_sid,
                            &out.activity_id, &out.related_activity_id})
    text->clear();
  for (std::optional<std::uint64_t>* number :
       {&out.event_id, &out.version, &out.level, &out.task, &out.opcode, &out.record_id, &out.process_id,
        &out.thread_id, &out.qualifiers, &out.keywords, &out.created})
    number->reset();
  out.data.clear();
  std::vector<BinXmlValue> scratch;
  std::size_t unnamed = 0;
  for (const BinXmlField& field : fields) {
    if (field.place == EventPlace::kData) {
      add_data(field, scratch, unnamed, out);
    } else {
      place(field, out);
    }
  }
}

}  // namespace triage
