// SPDX-License-Identifier: Apache-2.0
#include "golden/golden_run.h"

#include <algorithm>

#include "artifacts/registry_plugin.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage::golden {
namespace {

constexpr std::string_view kEvidence = "e0000000000000000";
constexpr std::string_view kStreamKey = "v0.i64.a128-1";

template <typename T>
void add_known(JsonLine& line, std::string_view key, const std::optional<T>& value) {
  if (value) line.add(key, *value);
}
void add_known(JsonLine& line, std::string_view key, const std::string& value) {
  if (!value.empty()) line.add(key, value);
}

bool has_field(std::span<const FieldSpec> fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(), [name](const FieldSpec& f) { return f.name == name; });
}

const RegistryPlugin* plugin_of(const ArtifactParser& parser, std::string_view id) {
  if (parser.plugins == nullptr || id == parser.id) return nullptr;
  for (const RegistryPlugin* plugin : parser.plugins())
    if (plugin->id == id) return plugin;
  return nullptr;
}

/// A plugin may use the fields of its parser too.
bool declared(const ArtifactParser& parser, const Event& event, std::string_view name) {
  if (has_field(parser.fields, name)) return true;
  const RegistryPlugin* plugin = plugin_of(parser, event.artifact);
  return plugin != nullptr && has_field(plugin->fields, name);
}

std::string locator_fault(const Locator& locator, std::size_t size) {
  const std::string text = locator.text();
  if (Locator::parse(text) != locator) return "locator does not read back: " + text;
  if (locator.evidence != kEvidence || locator.stream.empty()) return "locator is not made by Artifact::at(): " + text;
  if (!locator.steps.empty() || !locator.begin) return {};
  const std::uint64_t length = locator.length.value_or(0);
  if (*locator.begin > size || length > size - *locator.begin) return "locator is out of range: " + text;
  return {};
}

void check_texts(const Event& event, std::vector<std::string>& out) {
  const auto check = [&out](std::string_view field, const std::string& text) {
    if (!is_utf8(text)) out.push_back(std::string(field) + " is not well-formed UTF-8");
  };
  const std::pair<std::string_view, const std::optional<std::string>*> kTexts[] = {
      {"who", &event.who},       {"sid", &event.sid},        {"session", &event.session}, {"host", &event.host},
      {"volume", &event.volume}, {"path", &event.path},      {"remote", &event.remote},   {"object", &event.object},
      {"how", &event.how},       {"program", &event.program}};
  for (const auto& [field, text] : kTexts) {
    if (!*text) continue;
    check(field, **text);
    if ((*text)->empty()) out.push_back(std::string(field) + " is empty: unknown is null");
  }
  for (const Attribute& attribute : event.attributes) check(attribute.name, attribute.value);
}

}  // namespace

void CollectingSink::event(Event event) {
  if (event.artifact.empty()) event.artifact = parser_.id;
  if (event.artifact_version == 0) event.artifact_version = parser_.version;
  event.source = stream_.path;
  if (keep_lines_) lines_.push_back(event_line(event));
  events_.push_back(std::move(event));
}

void CollectingSink::keep_artifact(std::string_view id) {
  std::size_t line = 0;  // lines of events and damage stand in the order they came; damage lines begin otherwise
  std::vector<std::string> lines;
  std::vector<Event> events;
  for (Event& event : events_) {
    for (; line < lines_.size() && lines_[line].starts_with("{\"damage\""); ++line)
      lines.push_back(std::move(lines_[line]));
    const bool wanted = event.artifact == id;
    if (wanted && line < lines_.size()) lines.push_back(std::move(lines_[line]));
    if (wanted) events.push_back(std::move(event));
    ++line;
  }
  for (; line < lines_.size(); ++line) lines.push_back(std::move(lines_[line]));
  lines_ = std::move(lines);
  events_ = std::move(events);
}

void CollectingSink::damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) {
  Damage damage;
  damage.kind = kind;
  damage.at = at;
  damage.field = field;
  damage.detail = std::move(detail);
  damage.consumer = parser_.id;
  if (keep_lines_) lines_.push_back(damage_line(damage));
  damages_.push_back(std::move(damage));
}

Stream stream_of(const GoldenCase& golden, std::size_t size) {
  Stream out;
  out.key = golden.value("stream").empty() ? std::string(kStreamKey) : golden.value("stream");
  out.path = golden.value("path");
  out.size = ByteCount{size};
  if (out.path.find(':') != std::string::npos) out.kind = StreamKind::kNamedStream;
  if (const auto modified = parse_time_text(golden.value("modified"))) {
    out.meta.emplace();
    out.meta->times.modified = from_unix(*modified / 1000000000);
  }
  return out;
}

Outcome run_parser(const ArtifactParser& parser, const GoldenCase& golden, Bytes data, const Stream& stream,
                   CollectingSink& sink) {
  std::vector<Companion> companions;
  for (const auto& [suffix, raw] : golden.companions) companions.push_back({suffix, as_byte_span(raw)});
  Locator base;
  base.evidence = kEvidence;
  base.stream = stream.key;
  const Artifact artifact{stream, data, golden.value("whole") != "no", companions, base};
  return parser.parse(artifact, sink);
}

std::string event_line(const Event& event) {
  JsonLine line;
  add_known(line, "when", event.when.text());
  add_known(line, "when_ns", event.when.utc_nanos);
  add_known(line, "when_meaning", event.when_meaning.text());
  line.add("when_basis", basis_name(event.when.basis));
  line.add("when_precision", precision_name(event.when.precision));
  add_known(line, "when_raw", event.when.raw);
  add_known(line, "who", event.who);
  add_known(line, "sid", event.sid);
  add_known(line, "uid", event.uid);
  add_known(line, "session", event.session);
  add_known(line, "host", event.host);
  add_known(line, "volume", event.volume);
  add_known(line, "path", event.path);
  add_known(line, "remote", event.remote);
  line.add("what", event.what);
  add_known(line, "object_kind", event.object_kind);
  add_known(line, "object", event.object);
  add_known(line, "object_size", event.object_size);
  add_known(line, "object_sha256", event.object_sha256);
  add_known(line, "how", event.how);
  add_known(line, "channel", event.channel);
  add_known(line, "program", event.program);
  add_known(line, "why", event.why);
  line.add("artifact", event.artifact);
  line.add("artifact_version", std::uint32_t{event.artifact_version});
  line.add("locator", event.locator.text());
  line.add("source", event.source);
  add_known(line, "record", event.record);
  line.add("recovered", event.recovered ? 1 : 0);
  line.add("partial", event.partial ? 1 : 0);
  if (!event.attributes.empty()) line.add_raw("attributes", attributes_json(event));
  return line.finish();
}

std::string damage_line(const Damage& damage) {
  JsonLine line;
  line.add("damage", damage_kind_name(damage.kind));
  add_known(line, "at", damage.at);
  add_known(line, "field", damage.field);
  line.add("detail", damage.detail);
  return line.finish();
}

std::string carve_line(const CarveResult& result) {
  static constexpr std::string_view kGrades[] = {"none", "complete", "truncated"};
  JsonLine line;
  line.add("grade", kGrades[static_cast<std::size_t>(result.grade)]);
  line.add("length", result.length.value);
  if (result.more_needed) line.add("more_needed", true);
  line.add("extension", result.extension);
  return line.finish();
}

std::vector<std::string> check_output(const ArtifactParser& parser, const CollectingSink& sink, std::size_t size) {
  std::vector<std::string> out;
  for (const Event& event : sink.events()) {
    if (!is_action(event.what)) out.push_back("not an action: " + event.what);
    if (event.why) out.emplace_back("a parser never fills why");
    for (const Attribute& attribute : event.attributes)
      if (!declared(parser, event, attribute.name)) out.push_back("attribute is not declared: " + attribute.name);
    if (std::string fault = locator_fault(event.locator, size); !fault.empty()) out.push_back(std::move(fault));
    check_texts(event, out);
  }
  for (const Damage& damage : sink.damages())
    if (!is_utf8(damage.detail)) out.emplace_back("a damage's detail is not well-formed UTF-8");
  return out;
}

}  // namespace triage::golden
