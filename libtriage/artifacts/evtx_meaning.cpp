// SPDX-License-Identifier: Apache-2.0
#include "artifacts/evtx_meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "bytes/text.h"

namespace triage {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a == b || ascii_lower(a) == ascii_lower(b));
}

/// All rows, by identifier.
std::vector<const EvtxEventRule*> sorted_rules() {
  std::vector<const EvtxEventRule*> out;
  for (const auto family : {evtx_logon_events(), evtx_security_events(), evtx_system_events(), evtx_device_events(),
                            evtx_network_events(), evtx_program_events(), evtx_sysmon_events()})
    for (const EvtxEventRule& rule : family) out.push_back(&rule);
  std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  return out;
}

/// What Windows writes where there is nothing to say.
bool says_nothing(std::string_view text) { return text.empty() || text == "-" || text == "S-1-0-0" || text == "N/A"; }

std::string_view line_part(std::string_view text, std::string_view prefix) {
  const std::size_t at = text.find(prefix);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + prefix.size());
  return text.substr(0, text.find_first_of("\r\n,"));
}

std::string text_from(const EvtxEvent& event, std::string_view source) {
  const std::size_t bar = source.find('|');
  const BinXmlValue* value = event.find(source.substr(0, bar));
  if (value == nullptr) return {};
  std::string text = text_of(*value);
  if (bar != std::string_view::npos) text = std::string(line_part(text, source.substr(bar + 1)));
  if (says_nothing(text)) text.clear();
  return to_valid_utf8(text);  // a value cut by the source's line or by damage may end inside a character
}

void set_once(std::optional<std::string>& field, const std::string& text) {
  if (!field) field = text;
}

void fill(const EvtxFieldRule& rule, std::string text, Event& out) {
  switch (rule.slot) {
    case EvtxSlot::kWho: set_once(out.who, text); break;
    case EvtxSlot::kSid: set_once(out.sid, text); break;
    case EvtxSlot::kSession: set_once(out.session, text); break;
    case EvtxSlot::kRemote: set_once(out.remote, text); break;
    case EvtxSlot::kVolume: set_once(out.volume, text); break;
    case EvtxSlot::kObject: set_once(out.object, text); break;
    case EvtxSlot::kPath: set_once(out.path, text); break;
    case EvtxSlot::kProgram: set_once(out.program, text); break;
    case EvtxSlot::kObjectProgram: set_once(out.program, text); [[fallthrough]];
    case EvtxSlot::kObjectPath:
      set_once(out.object, text);
      set_once(out.path, text);
      break;
    case EvtxSlot::kObjectSize:
      if (const auto number = unsigned_of({static_cast<std::uint8_t>(BinXmlType::kText), 0, as_byte_span(text)}))
        out.object_size = number;
      break;
    case EvtxSlot::kSha256:
      if (text.size() == 64 && from_hex(text)) out.object_sha256 = ascii_lower(text);
      break;
    case EvtxSlot::kAttribute: out.attributes.push_back({std::string(rule.attribute), std::move(text), false}); break;
  }
}

/// Names of logon types (Windows documentation of event 4624).
std::string_view logon_type_name(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kNames = {
      {{"0", "system start"},
       {"2", "interactive"},
       {"3", "network"},
       {"4", "batch"},
       {"5", "service"},
       {"7", "unlock"},
       {"8", "network, clear text"},
       {"9", "new credentials"},
       {"10", "remote interactive"},
       {"11", "cached interactive"},
       {"12", "cached remote interactive"}}};
  for (const auto& [code, name] : kNames)
    if (code == type) return name;
  return {};
}

void describe_logon(Event& out) {
  for (const Attribute& attribute : out.attributes) {
    if (attribute.name != "logon_type") continue;
    const std::string_view name = logon_type_name(attribute.value);
    out.how = name.empty() ? fmt::format("logon type {}", attribute.value)
                           : fmt::format("logon type {}, {}", attribute.value, name);
    if (attribute.value == "10" || attribute.value == "12") out.channel = "remote";
    return;
  }
}

bool fits(const EvtxVariant& variant, const EvtxEvent& event) {
  if (variant.source.empty()) return false;
  const std::string text = text_from(event, variant.source);
  if (variant.text.starts_with('*')) return text.ends_with(variant.text.substr(1));
  return text == variant.text;
}

}  // namespace

const EvtxEventRule* evtx_rule(std::string_view provider, std::uint64_t id) {
  static const std::vector<const EvtxEventRule*> kRules = sorted_rules();
  auto row = std::lower_bound(kRules.begin(), kRules.end(), id,
                              [](const auto* rule, auto wanted) { return rule->id < wanted; });
  for (; row != kRules.end() && (*row)->id == id; ++row)
    if (same_name((*row)->provider, provider)) return *row;
  return nullptr;
}

void give_meaning(const EvtxEvent& event, Event& out) {
  const EvtxEventRule* rule = event.event_id ? evtx_rule(event.provider, *event.event_id) : nullptr;
  if (rule == nullptr) {
    out.what = action::kLogRecorded;
    return;
  }
  const bool is_variant = fits(rule->variant, event);
  out.what = is_variant ? rule->variant.what : rule->what;
  const std::string_view how = is_variant && !rule->variant.how.empty() ? rule->variant.how : rule->how;
  if (!how.empty()) out.how = how;
  if (!rule->channel.empty()) out.channel = rule->channel;
  for (const EvtxFieldRule& field : rule->fields)
    if (std::string text = text_from(event, field.source); !text.empty()) fill(field, std::move(text), out);
  if (!rule->object_kind.empty()) out.object_kind = rule->object_kind;
  if (rule->object_kind == "object")
    if (const std::string type = ascii_lower(text_from(event, "ObjectType")); !type.empty()) out.object_kind = type;
  if (rule->object_kind == "session") describe_logon(out);
  if (rule->object_kind == "device" && out.object && ascii_lower(*out.object).find("usb") != std::string::npos)
    out.channel = "usb";
}

}  // namespace triage
