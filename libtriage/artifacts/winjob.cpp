// SPDX-License-Identifier: Apache-2.0
// Scheduled tasks of Windows XP and 2003 (.job): program, account, last run (SYSTEMTIME, local time) and triggers.
//   u16 product, u16 1, GUID, u16 place of the program, u16 place of the triggers, …, 40 u32 exit code, u32 status,
//   u32 flags, SYSTEMTIME last run; 68 u16 running instances; texts: u16 characters, UTF-16LE (program, arguments,
//   folder, author, comment); u16 bytes, data; u16 bytes, data; u16 triggers, trigger…
//   trigger := u16 48, u16, u16 year, month, day, end year, month, day, hour, minute, u32 duration, u32 interval, …
// Spec: MS-TSCH §2.4.
#include <fmt/format.h>

#include <array>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "formats/windows_time.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kFixed = 68;
constexpr std::size_t kTriggerBytes = 48;
constexpr std::array kKinds = {
    "once"sv,      "daily"sv,    "weekly"sv,  "monthly by date"sv, "monthly by day of week"sv,
    "when idle"sv, "at start"sv, "at logon"sv};

struct Job {
  std::uint32_t exit_code = 0, status = 0;
  Timestamp last_run;
  std::string program, arguments, folder, author, comment;
};

std::string counted_text(ByteCursor& c, std::string_view field) {
  const std::size_t units = c.le<std::uint16_t>(field);
  return utf16le_zstring(c.take(units * 2, field));
}

Event describe(const Job& job, const Artifact& in) {
  Event event;
  event.object_kind = "task";
  const std::string name = in.stream.path.substr(std::min(in.stream.path.size(), in.stream.path.rfind('/') + 1));
  if (!name.empty()) event.object = name;
  if (!job.program.empty()) {
    event.program = job.program;
    event.path = job.program;
  }
  for (const auto& [field, text] : {std::pair{"arguments"sv, &job.arguments}, std::pair{"folder"sv, &job.folder},
                                    std::pair{"author"sv, &job.author}, std::pair{"comment"sv, &job.comment}})
    if (!text->empty()) event.attribute(field, *text);
  event.attribute("exit_code", fmt::format("{:#010x}", job.exit_code));
  event.attribute("status", fmt::format("{:#010x}", job.status));
  return event;
}

/// A trigger's start, local time to the minute.
void give_trigger(Bytes data, std::size_t at, const Job& job, const Artifact& in, EventSink& out) {
  ByteCursor c(data);
  c.skip(4, "size");
  std::array<std::uint16_t, 8> part{};
  for (auto& one : part) one = c.le<std::uint16_t>("date");
  c.skip(12, "duration, interval, flags");
  const auto kind = c.le<std::uint32_t>("kind");
  Event event = describe(job, in);
  event.what = action::kConfigChanged;
  event.how = fmt::format("trigger: {}", kind < kKinds.size() ? kKinds[kind] : "unknown"sv);
  event.when.raw = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", part[0], part[1], part[2], part[6], part[7]);
  event.when.utc_nanos = nanos_from_civil(part[0], part[1], part[2], part[6], part[7], 0);
  event.when.precision = Precision::kMinute;
  event.when.status = event.when.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  event.when_meaning = Meaning::kStarted;
  event.locator = in.at(at, kTriggerBytes);
  out.event(std::move(event));
}

Outcome parse_winjob(const Artifact& in, EventSink& out) {
  ByteCursor c(in.data);
  c.skip(2, "product");
  if (c.le<std::uint16_t>("version") != 1) return Outcome::kNotMine;
  c.skip(16, "id");
  const auto program_at = c.le<std::uint16_t>("program offset");
  const auto triggers_at = c.le<std::uint16_t>("trigger offset");
  if (c.ok() && (program_at != kFixed + 2 || triggers_at < program_at)) return Outcome::kNotMine;
  Job job;
  c.skip(16, "retries, idle, priority, longest run");
  job.exit_code = c.le<std::uint32_t>("exit code");
  job.status = c.le<std::uint32_t>("status");
  c.skip(4, "flags");
  job.last_run = from_systemtime(c.take(16, "last run"));
  c.skip(2, "running instances");
  job.program = counted_text(c, "program");
  job.arguments = counted_text(c, "arguments");
  job.folder = counted_text(c, "folder");
  job.author = counted_text(c, "author");
  job.comment = counted_text(c, "comment");
  Event event = describe(job, in);
  event.partial = !c.ok();
  event.what = action::kTaskRun;
  event.how = "task last run";
  event.when = job.last_run;
  event.when_meaning = Meaning::kRun;
  event.locator = in.at(0, std::min<std::size_t>(kFixed, in.data.size()));
  if (in.data.size() >= kFixed) out.event(std::move(event));
  c.seek(triggers_at, "triggers");
  const std::size_t promised = c.le<std::uint16_t>("triggers");
  const std::size_t count = std::min(promised, c.remaining() / kTriggerBytes);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = c.position();
    give_trigger(c.take(kTriggerBytes, "trigger"), at, job, in, out);
  }
  out.fault(c);
  if (c.ok() && count < promised) out.damage(DamageKind::kTruncated, c.position(), "triggers", "triggers are missing");
  return c.ok() && count == promised ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**.job"sv};
constexpr std::array kFields = {FieldSpec{"arguments", "", "arguments of the program"},
                                FieldSpec{"folder", "", "working directory"},
                                FieldSpec{"author", "", "author"},
                                FieldSpec{"comment", "", "comment"},
                                FieldSpec{"exit_code", "hex", "exit code of the last run"},
                                FieldSpec{"status", "hex", "status of the task"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-tsch/96446df7-7683-40e0-a713-b01933b93b18"sv};

}  // namespace

extern const ArtifactParser winjob;
constinit const ArtifactParser winjob{
    .id = "windows.job",
    .version = 1,
    .title_en = "Scheduled tasks of Windows XP (.job)",
    .title_ja = "Windows XPのタスク(.job)",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1 << 20},
    .parse = parse_winjob,
};

}  // namespace triage
