// SPDX-License-Identifier: Apache-2.0
// Print jobs of CUPS (/var/spool/cups/c00001): who printed what on which printer, when. Big-endian, IPP messages.
//   message := u8 major, u8 minor, u16 operation, u32 request, group…, 0x03      group := u8 tag < 0x10, attribute…
//   attribute := u8 tag, u16 name bytes, name, u16 value bytes, value      an empty name: one more value of the last
// Times are seconds since 1970 UTC (time-at-…), integers of four bytes. Spec: RFC 8010 §3; RFC 8011 §5.3.
#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxAttributes = 4096;
constexpr std::uint8_t kEnd = 0x03;
constexpr std::uint8_t kFirstValue = 0x10;

struct Job {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  bool ended = false;

  [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
    const auto found = texts.find(name);
    return found == texts.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::optional<std::uint32_t> number(std::string_view name) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
  }
};

Job read_job(ByteCursor& c) {
  Job job;
  c.skip(8, "version, operation, request");
  for (std::size_t i = 0; i < kMaxAttributes && c.ok(); ++i) {
    const auto tag = c.le<std::uint8_t>("tag");
    job.ended = c.ok() && tag == kEnd;
    if (job.ended) break;
    if (tag < kFirstValue) continue;  // a group begins
    const std::string name = to_valid_utf8(as_chars(c.take(c.be<std::uint16_t>("name bytes"), "name")));
    const Bytes value = c.take(c.be<std::uint16_t>("value bytes"), "value");
    if (!c.ok() || name.empty()) continue;
    if (value.size() == 4 && (tag == 0x21 || tag == 0x23)) {
      ByteCursor number(value);
      job.numbers.try_emplace(name, number.be<std::uint32_t>("value"));
    } else if (tag >= 0x40) {
      job.texts.try_emplace(name, decode_name(as_chars(value)));
    }
  }
  return job;
}

void give_time(const Job& job, Event event, std::string_view name, Meaning meaning, std::string_view how,
               EventSink& out) {
  const auto seconds = job.number(name);
  if (!seconds || *seconds == 0) return;
  event.when = from_unix(*seconds);
  event.when_meaning = meaning;
  event.how = std::string(how);
  out.event(std::move(event));
}

Outcome parse_job(const Artifact& in, EventSink& out) {
  ByteCursor c(in.data);
  const Job job = read_job(c);
  if (!job.text("printer-uri") && !job.text("job-printer-uri")) return Outcome::kNotMine;
  Event event;
  event.what = action::kDocumentPrinted;
  event.channel = "print";
  event.object_kind = "document";
  event.object = job.text("job-name");
  event.who = job.text("job-originating-user-name");
  event.host = job.text("job-originating-host-name");
  event.program = job.text("com.apple.print.JobInfo.PMApplicationName");
  const auto printer = job.text("job-printer-uri") ? job.text("job-printer-uri") : job.text("printer-uri");
  event.attribute("printer", *printer);
  if (const auto format = job.text("document-format")) event.attribute("document_format", *format);
  if (const auto copies = job.number("copies")) event.attribute("copies", std::uint64_t{*copies});
  if (const auto pages = job.number("job-media-sheets-completed")) event.attribute("sheets", std::uint64_t{*pages});
  if (const auto state = job.number("job-state")) event.attribute("state", std::uint64_t{*state});
  if (const auto id = job.number("job-id")) event.record = *id;
  event.locator = in.at(0, c.position());
  const bool timed = job.number("time-at-creation").value_or(0) != 0;
  event.partial = !job.ended;
  if (!timed) {
    event.how = "print job";
    out.event(event);
  }
  give_time(job, event, "time-at-creation", Meaning::kCreated, "print job made", out);
  give_time(job, event, "time-at-processing", Meaning::kStarted, "print job started", out);
  give_time(job, event, "time-at-completed", Meaning::kPrinted, "print job done", out);
  out.fault(c);
  if (c.ok() && !job.ended)
    out.damage(DamageKind::kLimit, c.position(), "attribute", fmt::format("more than {} attributes", kMaxAttributes));
  return job.ended ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/spool/cups/c?????*"sv, "**/cups_ipp"sv};
constexpr std::array kFields = {
    FieldSpec{"printer", "", "address of the printer"}, FieldSpec{"document_format", "", "kind of the document"},
    FieldSpec{"copies", "count", "copies asked for"}, FieldSpec{"sheets", "count", "sheets printed"},
    FieldSpec{"state", "count", "9 done, 8 aborted, 7 cancelled (RFC 8011)"}};
constexpr std::array kReferences = {"https://www.rfc-editor.org/rfc/rfc8010"sv,
                                    "https://www.rfc-editor.org/rfc/rfc8011"sv};

}  // namespace

extern const ArtifactParser print_job;
constinit const ArtifactParser print_job{
    .id = "linux.print_job",
    .version = 1,
    .title_en = "Print jobs of CUPS",
    .title_ja = "CUPS の印刷ジョブ",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_job,
};

}  // namespace triage
