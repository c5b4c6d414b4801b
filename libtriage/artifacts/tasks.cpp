// SPDX-License-Identifier: Apache-2.0
// Scheduled tasks of Vista and later: XML files below Windows/System32/Tasks. What it runs, as whom, when it was
// registered, by what it is triggered. Dates without a zone are local time of the machine.
// Spec: MS-TSCH §2.5 (task schema). Only tags are looked at, no XML is interpreted: entities beyond the five named
// ones, CDATA and document types stay as they are.
#include <fmt/format.h>

#include <array>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "formats/xml_scan.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxActions = 64;
constexpr std::size_t kMaxText = 4096;

std::string unescape(std::string_view text) { return xml_unescape(text, kMaxText); }

/// What stands between <name …> and </name>; empty when there is none. `open_ended`: a missing end is the text's end.
std::string_view element(std::string_view xml, std::string_view name, bool open_ended = false) {
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const std::string_view rest = xml.substr(at + 1);
    if (!rest.starts_with(name) || rest.size() <= name.size()) continue;
    const char next = rest[name.size()];
    if (next != '>' && next != ' ' && next != '\r' && next != '\n' && next != '\t') continue;
    const std::size_t open = rest.find('>');
    if (open == std::string_view::npos || rest[open - 1] == '/') return {};
    const std::size_t close = rest.find("</" + std::string(name) + ">", open);
    if (close == std::string_view::npos) return open_ended ? rest.substr(open + 1) : std::string_view{};
    return rest.substr(open + 1, close - open - 1);
  }
  return {};
}

Timestamp date_of(const std::string& text) {
  Timestamp out;
  if (text.empty()) return out;
  out.raw = text;
  out.utc_nanos = parse_time_text(text);
  const bool zoned = text.ends_with("Z") || (text.size() > 19 && text.find_first_of("+-", 19) != std::string::npos);
  out.basis = zoned ? TimeBasis::kUtc : TimeBasis::kUnknown;
  out.precision = text.find('.') == std::string::npos ? Precision::kSecond : Precision::kHundredNanoseconds;
  out.status = out.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

/// "LogonTrigger, CalendarTrigger".
std::string triggers_of(std::string_view xml) {
  std::string out;
  for (const std::string_view name :
       {"BootTrigger"sv, "RegistrationTrigger"sv, "IdleTrigger"sv, "TimeTrigger"sv, "EventTrigger"sv, "LogonTrigger"sv,
        "SessionStateChangeTrigger"sv, "CalendarTrigger"sv, "WnfStateChangeTrigger"sv})
    if (xml.find("<" + std::string(name)) != std::string_view::npos)
      out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

Event describe(std::string_view xml, const Artifact& in) {
  Event event;
  event.object_kind = "task";
  std::string name = unescape(element(xml, "URI"));
  if (name.empty()) name = in.stream.path.substr(std::min(in.stream.path.size(), in.stream.path.rfind('/') + 1));
  if (!name.empty()) event.object = std::move(name);
  event.locator = in.at(0, in.data.size());
  if (std::string user = unescape(element(element(xml, "Principals"), "UserId")); !user.empty()) {
    if (user.starts_with("S-1-"))
      event.sid = user;
    else
      event.who = user;
  }
  const auto put = [&event](std::string_view field, const std::string& text) {
    if (!text.empty()) event.attribute(field, text);
  };
  put("author", unescape(element(xml, "Author")));
  put("description", unescape(element(xml, "Description")));
  const std::string_view triggers = element(xml, "Triggers");
  put("triggers", triggers_of(triggers));
  put("starts", unescape(element(triggers, "StartBoundary")));
  const std::string_view settings = element(xml, "Settings");
  put("enabled", unescape(element(settings, "Enabled")));
  put("hidden", unescape(element(settings, "Hidden")));
  return event;
}

Outcome parse_tasks(const Artifact& in, EventSink& out) {
  const bool wide = has_at(in.data, 0, "\xff\xfe");
  const std::string xml = wide ? utf16le_to_utf8(in.data.subspan(2)) : to_valid_utf8(as_chars(in.data));
  if (xml.find("schemas.microsoft.com/windows/2004/02/mit/task") == std::string::npos) return Outcome::kNotMine;
  const Event plain = describe(xml, in);
  const Timestamp registered = date_of(unescape(element(element(xml, "RegistrationInfo"), "Date")));
  std::string_view actions = element(xml, "Actions", true);
  std::size_t given = 0;
  while (given < kMaxActions) {
    const std::string_view exec = element(actions, "Exec");
    const std::string_view com = exec.empty() ? element(actions, "ComHandler") : std::string_view{};
    if (exec.empty() && com.empty() && given > 0) break;
    Event event = plain;
    event.what = action::kConfigChanged;
    event.when = registered;
    event.when_meaning = registered.status == TimeStatus::kNotSet ? Meaning::kOther : Meaning::kCreated;
    event.how = "scheduled task";
    if (std::string command = unescape(element(exec, "Command")); !command.empty()) {
      event.program = command;
      event.path = command;
    }
    if (std::string text = unescape(element(exec, "Arguments")); !text.empty()) event.attribute("arguments", text);
    if (std::string text = unescape(element(exec, "WorkingDirectory")); !text.empty()) event.attribute("folder", text);
    if (std::string text = unescape(element(com, "ClassId")); !text.empty()) event.attribute("class_id", text);
    out.event(std::move(event));
    ++given;
    const std::string_view used = exec.empty() ? com : exec;
    if (used.empty()) break;
    actions.remove_prefix(static_cast<std::size_t>(used.data() - actions.data()) + used.size());
  }
  if (xml.find("</Task>") != std::string::npos) return Outcome::kComplete;
  out.damage(DamageKind::kTruncated, in.data.size(), "Task", "the task does not end");
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**/system32/tasks/**"sv, "**/syswow64/tasks/**"sv};
constexpr std::array kFields = {FieldSpec{"author", "", "author as the task gives it"},
                                FieldSpec{"description", "", "description"},
                                FieldSpec{"triggers", "", "kinds of triggers"},
                                FieldSpec{"starts", "", "first start of the first trigger, as written"},
                                FieldSpec{"enabled", "", "whether the task is enabled"},
                                FieldSpec{"hidden", "", "whether the task is hidden"},
                                FieldSpec{"arguments", "", "arguments of the program"},
                                FieldSpec{"folder", "", "working directory"},
                                FieldSpec{"class_id", "", "class of a COM handler"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-tsch/0d6383e4-de92-43e7-b0bb-a60cfa36379f"sv};

}  // namespace

extern const ArtifactParser tasks;
constinit const ArtifactParser tasks{
    .id = "windows.tasks",
    .version = 1,
    .title_en = "Scheduled tasks (XML)",
    .title_ja = "タスクスケジューラのタスク(XML)",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4 << 20},
    .parse = parse_tasks,
};

}  // namespace triage
